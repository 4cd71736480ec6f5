package subword

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// wordPiece takes the longest piece of the vocabulary again and again; inside a
// word, pieces bear a prefix. A word with a remainder that no piece begins is
// unknown as a whole.
type wordPiece struct {
	begin, inner map[string]int32 // inner without its prefix
	longest      int              // bytes of the longest piece
	unknown      int32
	maxRunes     int
}

type wordPieceForm struct {
	Type     string           `json:"type"`
	Unknown  string           `json:"unk_token"`
	Prefix   string           `json:"continuing_subword_prefix"`
	MaxChars int              `json:"max_input_chars_per_word"`
	Vocab    map[string]int32 `json:"vocab"`
}

func newWordPiece(raw []byte) (*wordPiece, vocabulary, error) {
	form := wordPieceForm{Unknown: "[UNK]", Prefix: "##", MaxChars: 100}
	if err := strict(raw, &form); err != nil {
		return nil, nil, err
	}
	unknown, ok := form.Vocab[form.Unknown]
	if !ok {
		return nil, nil, match.Invalidf("model.unk_token", fmt.Sprintf("%q is not in the vocabulary", form.Unknown))
	}
	m := &wordPiece{begin: form.Vocab, inner: map[string]int32{}, unknown: unknown, maxRunes: form.MaxChars}
	for s, id := range form.Vocab {
		m.longest = max(m.longest, len(s))
		if rest, ok := strings.CutPrefix(s, form.Prefix); ok {
			m.inner[rest] = id
		}
	}
	return m, form.Vocab, nil
}

func (m *wordPiece) appendWord(ids []int32, word string) []int32 {
	before := len(ids)
	if utf8.RuneCountInString(word) > m.maxRunes {
		return append(ids, m.unknown)
	}
	known := m.begin
	for len(word) > 0 {
		n, id := longestIn(known, word, m.longest)
		if n == 0 {
			return append(ids[:before], m.unknown)
		}
		ids = append(ids, id)
		word, known = word[n:], m.inner
	}
	return ids
}

// longestIn finds the longest beginning of word in known; n 0 is none.
func longestIn(known map[string]int32, word string, longest int) (n int, id int32) {
	n = min(len(word), longest)
	for n < len(word) && n > 0 && !utf8.RuneStart(word[n]) {
		n--
	}
	for n > 0 {
		if id, ok := known[word[:n]]; ok {
			return n, id
		}
		_, last := utf8.DecodeLastRuneInString(word[:n])
		n -= last
	}
	return 0, 0
}
