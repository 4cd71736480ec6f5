package static

import (
	"fmt"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// A span is a matched entry and its place, in characters of the folded text.
type span struct {
	entry      int32
	start, end int32
}

// A Vocabulary cuts texts into its entries. It is safe for concurrent use.
type Vocabulary struct {
	alphabet *alphabet
	trie     trie
	inner    uint64 // the trie's unit after "##", where inner pieces begin
}

// NewVocabulary makes a vocabulary of folded entries (see Fold), which have the
// numbers of their places. An entry that is empty or there twice is an error of kind
// Invalid, and so are more entries or characters than a model can have.
func NewVocabulary(entries []string) (*Vocabulary, error) {
	size := 0
	for _, e := range entries {
		size += utf8.RuneCountInString(e)
	}
	t := newTree(size)
	for i, e := range entries {
		if i == maxEntries || !t.holds(e) {
			return nil, match.Invalidf("entries", fmt.Sprintf("are too many from the %dth on", i+1))
		}
		if e == "" || !t.add(e, int32(i)) {
			return nil, match.Invalidf("entries", fmt.Sprintf("entry %d, %q, is empty or there twice", i, e))
		}
	}
	v := &Vocabulary{}
	if !v.grow(t) {
		return nil, match.Invalidf("entries", "have too many different characters")
	}
	return v, nil
}

// grow lays out a tree. It reports false where there are more characters than codes.
func (v *Vocabulary) grow(t *tree) bool {
	edges := t.edges()
	var ok bool
	if v.alphabet, ok = newAlphabet(edges); !ok {
		return false
	}
	v.trie = newTrie(edges, t.entry, v.alphabet.size)
	hash := v.alphabet.code('#') // none folds to it but the wide one
	if u := v.trie.first[hash]; !isLeaf(u) {
		v.inner = v.trie.next(u, hash)
	}
	return true
}

// Cut appends the numbers of a text's entries, in order, as a Model of this
// vocabulary cuts it.
func (v *Vocabulary) Cut(entries []int32, text string) []int32 {
	for _, s := range v.cut(nil, v.alphabet.encode(nil, text)) {
		entries = append(entries, s.entry)
	}
	return entries
}

// cut appends the tokens of a text's codes, behind which stands a 0: at each place the
// longest entry that splits no Latin word and no number, else pieces of the word, else
// digits.
func (v *Vocabulary) cut(spans []span, codes []uint16) []span {
	for at := 0; at < len(codes)-1; {
		entry, end := v.longestWhole(codes, at)
		switch {
		case entry >= 0:
			spans = append(spans, span{entry, int32(at), int32(end)})
			at = end
		case latinCode(codes[at]):
			spans, at = v.pieces(spans, codes, at)
		case digitCode(codes[at]):
			spans, at = v.digits(spans, codes, at)
		default:
			at++
		}
	}
	return spans
}

func (v *Vocabulary) longestWhole(codes []uint16, at int) (entry int32, end int) {
	entry, end = -1, at
	u := v.trie.first[codes[at]]
	for i := at; u != none; {
		i++
		if e := entryOf(u); e >= 0 && !splits(codes[i-1], codes[i]) {
			entry, end = e, i
		}
		if isLeaf(u) {
			break
		}
		u = v.trie.next(u, codes[i])
	}
	return entry, end
}

// pieces cuts an unknown Latin word: its longest known beginning, then inner
// pieces; a letter that begins none is passed over.
func (v *Vocabulary) pieces(spans []span, codes []uint16, at int) ([]span, int) {
	limit := at
	for latinCode(codes[limit]) {
		limit++
	}
	u := v.trie.first[codes[at]]
	for at < limit {
		entry, end := v.longestPiece(u, codes[:limit], at)
		if entry >= 0 {
			spans = append(spans, span{entry, int32(at), int32(end)})
		} else {
			end = at + 1
		}
		at = end
		if u = none; at < limit && !isLeaf(v.inner) {
			u = v.trie.next(v.inner, codes[at])
		}
	}
	return spans, limit
}

// longestPiece is the longest entry from a place on, whose character leads to u.
func (v *Vocabulary) longestPiece(u uint64, codes []uint16, at int) (entry int32, end int) {
	entry, end = -1, at
	for i := at; u != none; {
		i++
		if e := entryOf(u); e >= 0 {
			entry, end = e, i
		}
		if i == len(codes) || isLeaf(u) {
			break
		}
		u = v.trie.next(u, codes[i])
	}
	return entry, end
}

func (v *Vocabulary) digits(spans []span, codes []uint16, at int) ([]span, int) {
	for ; digitCode(codes[at]); at++ {
		if e := entryOf(v.trie.first[codes[at]]); e >= 0 {
			spans = append(spans, span{e, int32(at), int32(at + 1)})
		}
	}
	return spans, at
}
