package subword

import (
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// unigram takes the pieces whose log probabilities add up to the most, found by
// dynamic programming from the left (Viterbi). A character that no piece begins
// costs as much as the rarest piece and ten more; neighbours of that kind are one.
type unigram struct {
	vocab    vocabulary
	scores   []float64
	trie     byteTrie
	unknown  int32
	penalty  float64
	fallback []int32 // of each byte; nil where bytes are no pieces
}

type unigramForm struct {
	Type         string  `json:"type"`
	Unknown      *int32  `json:"unk_id"`
	Vocab        []score `json:"vocab"`
	ByteFallback bool    `json:"byte_fallback"`
}

// score is a piece written as ["▁the", -3.2].
type score struct {
	piece string
	log   float64
}

func (s *score) UnmarshalJSON(raw []byte) error {
	pair := []any{&s.piece, &s.log}
	if err := json.Unmarshal(raw, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("%s is not a piece and its score", raw)
	}
	return nil
}

// unknownPenalty is sentencepiece's.
const unknownPenalty = 10

func newUnigram(raw []byte) (*unigram, vocabulary, error) {
	var form unigramForm
	if err := strict(raw, &form); err != nil {
		return nil, nil, err
	}
	if form.Unknown == nil || *form.Unknown < 0 || int(*form.Unknown) >= len(form.Vocab) {
		return nil, nil, match.Invalidf("model.unk_id", "names no piece of the vocabulary")
	}
	m := &unigram{vocab: make(vocabulary, len(form.Vocab)), unknown: *form.Unknown}
	least := math.Inf(1)
	for i, s := range form.Vocab {
		if math.IsNaN(s.log) || math.IsInf(s.log, 0) {
			return nil, nil, match.Invalidf(fmt.Sprintf("model.vocab[%d]", i), "has no finite score")
		}
		m.vocab[s.piece] = int32(i)
		m.scores = append(m.scores, s.log)
		least = min(least, s.log)
	}
	m.trie = newByteTrie(m.vocab)
	m.penalty = least - unknownPenalty
	if form.ByteFallback {
		m.fallback = byteIDs(m.vocab)
	}
	return m, m.vocab, nil
}

// step is the best way to a place in a word.
type step struct {
	score float64
	from  int32 // where its last piece begins; none while there is no way
	id    int32
}

func (m *unigram) appendWord(ids []int32, word string) []int32 {
	best := make([]step, len(word)+1)
	for i := range best {
		best[i].from = none
	}
	for at, n := 0, 0; at < len(word); at += n {
		_, n = utf8.DecodeRuneInString(word[at:])
		m.advance(best, word, at, n)
	}
	return m.collect(ids, best, word)
}

// advance tries all pieces that begin at a place, where a character of n bytes
// stands.
func (m *unigram) advance(best []step, word string, at, n int) {
	here, single := best[at].score, false
	try := func(to int, id int32, score float64) {
		if best[to].from == none || score > best[to].score {
			best[to] = step{score: score, from: int32(at), id: id}
		}
	}
	node := int32(0)
	for to := at; to < len(word); to++ {
		if node = m.trie.child(node, word[to]); node == none {
			break
		}
		if id := m.trie.ids[node]; id != none {
			try(to+1, id, m.scores[id]+here)
			single = single || to+1 == at+n
		}
	}
	if !single {
		try(at+n, m.unknown, m.penalty+here)
	}
}

// collect goes the best way back, and joins what is unknown.
func (m *unigram) collect(ids []int32, best []step, word string) []int32 {
	before := len(ids)
	for end := len(word); end > 0; {
		s := best[end]
		from := int(s.from)
		if s.id != m.unknown {
			ids = append(ids, s.id)
			end = from
			continue
		}
		for from > 0 && best[from].id == m.unknown {
			from = int(best[from].from)
		}
		ids = m.appendUnknown(ids, word[from:end])
		end = from
	}
	reverse(ids[before:])
	return ids
}

// appendUnknown gives the pieces of what is unknown, the last one first.
func (m *unigram) appendUnknown(ids []int32, s string) []int32 {
	if id, ok := m.vocab[s]; ok {
		return append(ids, id)
	}
	before := len(ids)
	if more, ok := appendBytes(ids, s, m.fallback); ok {
		reverse(more[before:])
		return more
	}
	return append(ids, m.unknown)
}

func reverse(ids []int32) {
	for i, j := 0, len(ids)-1; i < j; i, j = i+1, j-1 {
		ids[i], ids[j] = ids[j], ids[i]
	}
}
