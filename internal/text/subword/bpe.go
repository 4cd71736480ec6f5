package subword

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// pairEncoding is BPE: a word begins as its characters, and of all neighbours
// that may merge, those of the earliest rule do, the leftmost first, until none
// may.
type pairEncoding struct {
	vocab  vocabulary
	merges map[[2]int32]merge

	unknown  int32 // none where characters that are not known are passed over
	fuse     bool  // neighbours that are not known are one
	whole    bool  // a word of the vocabulary is taken as it is
	prefix   string
	suffix   string
	fallback []int32 // of each byte; nil where bytes are no pieces
}

type merge struct{ rank, id int32 }

type pairForm struct {
	Type         string            `json:"type"`
	Dropout      *float64          `json:"dropout"`
	Unknown      *string           `json:"unk_token"`
	Prefix       *string           `json:"continuing_subword_prefix"`
	Suffix       *string           `json:"end_of_word_suffix"`
	FuseUnknown  bool              `json:"fuse_unk"`
	ByteFallback bool              `json:"byte_fallback"`
	IgnoreMerges bool              `json:"ignore_merges"`
	Vocab        vocabulary        `json:"vocab"`
	Merges       []json.RawMessage `json:"merges"`
}

func newPairEncoding(raw []byte) (*pairEncoding, vocabulary, error) {
	var form pairForm
	if err := strict(raw, &form); err != nil {
		return nil, nil, err
	}
	if form.Dropout != nil && *form.Dropout != 0 {
		return nil, nil, match.Invalidf("model.dropout", "is for training; it makes the pieces of a text random")
	}
	m := &pairEncoding{
		vocab: form.Vocab, merges: make(map[[2]int32]merge, len(form.Merges)), unknown: none,
		fuse: form.FuseUnknown, whole: form.IgnoreMerges, prefix: valueOf(form.Prefix), suffix: valueOf(form.Suffix),
	}
	if form.Unknown != nil {
		id, ok := form.Vocab[*form.Unknown]
		if !ok {
			return nil, nil, match.Invalidf("model.unk_token", fmt.Sprintf("%q is not in the vocabulary", *form.Unknown))
		}
		m.unknown = id
	}
	if form.ByteFallback {
		m.fallback = byteIDs(form.Vocab)
	}
	for i, raw := range form.Merges {
		if err := m.addMerge(i, raw); err != nil {
			return nil, nil, match.Invalidf(fmt.Sprintf("model.merges[%d]", i), err.Error())
		}
	}
	return m, form.Vocab, nil
}

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// byteIDs are the ids of <0x00> to <0xFF>, none for those that are missing.
func byteIDs(vocab vocabulary) []int32 {
	ids := make([]int32, 256)
	for b := range ids {
		id, ok := vocab[fmt.Sprintf("<0x%02X>", b)]
		if !ok {
			id = none
		}
		ids[b] = id
	}
	return ids
}

// addMerge reads a rule: "a b" or ["a", "b"]. Of two equal ones the last counts.
func (m *pairEncoding) addMerge(rank int, raw json.RawMessage) error {
	var parts []string
	var line string
	if json.Unmarshal(raw, &line) == nil {
		parts = strings.Split(line, " ")
	} else if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	if len(parts) != 2 {
		return fmt.Errorf("is not a pair: %s", raw)
	}
	if len(parts[1]) < len(m.prefix) {
		return fmt.Errorf("%q is shorter than the prefix %q", parts[1], m.prefix)
	}
	ids := [3]int32{}
	for i, s := range []string{parts[0], parts[1], parts[0] + parts[1][len(m.prefix):]} {
		id, ok := m.vocab[s]
		if !ok {
			return fmt.Errorf("%q is not in the vocabulary", s)
		}
		ids[i] = id
	}
	m.merges[[2]int32{ids[0], ids[1]}] = merge{rank: int32(rank), id: ids[2]}
	return nil
}

func (m *pairEncoding) appendWord(ids []int32, word string) []int32 {
	if m.whole {
		if id, ok := m.vocab[word]; ok {
			return append(ids, id)
		}
	}
	before := len(ids)
	ids = m.appendChars(ids, word)
	return ids[:before+m.merge(ids[before:])]
}

// appendChars gives the characters of a word, before any merge.
func (m *pairEncoding) appendChars(ids []int32, word string) []int32 {
	pending := false // an unknown character waits for more of its kind
	for i, n := 0, 0; i < len(word); i += n {
		_, n = utf8.DecodeRuneInString(word[i:])
		s := word[i : i+n]
		if i > 0 && m.prefix != "" {
			s = m.prefix + s
		}
		if i+n == len(word) && m.suffix != "" {
			s += m.suffix
		}
		if id, ok := m.vocab[s]; ok {
			if pending {
				ids, pending = append(ids, m.unknown), false
			}
			ids = append(ids, id)
			continue
		}
		if more, ok := appendBytes(ids, s, m.fallback); ok {
			ids = more
			continue
		}
		if m.unknown == none {
			continue
		}
		if pending && !m.fuse {
			ids = append(ids, m.unknown)
		}
		pending = true
	}
	if pending {
		ids = append(ids, m.unknown)
	}
	return ids
}

// appendBytes gives the pieces of each byte of s, if all have one.
func appendBytes(ids []int32, s string, of []int32) ([]int32, bool) {
	if of == nil {
		return ids, false
	}
	before := len(ids)
	for i := range len(s) {
		id := of[s[i]]
		if id == none {
			return ids[:before], false
		}
		ids = append(ids, id)
	}
	return ids, true
}
