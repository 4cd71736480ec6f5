package rank

import (
	"slices"
	"unicode"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// Term is a distinct term of a text by its hash, with how often it occurs and, once
// its side was weighed, how telling it is.
type Term struct {
	Hash, Count uint32
	Weight      float32
}

// Side is a demand or a patent, taken apart once to be compared with many others.
type Side struct {
	// Title and Text are the vectors of the title and of the whole text, of length 1
	// or zero.
	Title, Text []float32
	// Terms are those of the whole text, TitleTerms those of the title, by hash.
	Terms, TitleTerms []Term

	title []rune // folded, without white space
}

// NewSide takes a record apart: its title, its body, and the two vectors.
func NewSide(title, body string, titleVector, textVector []float32) *Side {
	full := match.Texts{Title: title, Body: body}.Full()
	s := &Side{Title: titleVector, Text: textVector, Terms: termsOf(full), TitleTerms: termsOf(title)}
	if title == "" {
		s.TitleTerms = slices.Clone(s.Terms)
	}
	for _, r := range text.Folded(title) {
		if !unicode.IsSpace(r) {
			s.title = append(s.title, r)
		}
	}
	return s
}

// Bytes is about what the side takes in memory.
func (s *Side) Bytes() int {
	return 200 + 4*(len(s.Title)+len(s.Text)+len(s.title)) + 12*(len(s.Terms)+len(s.TitleTerms))
}

// Weigh sets the weights of the terms. It must not run while the side is compared.
func (s *Side) Weigh(w Weights) {
	for _, terms := range [][]Term{s.Terms, s.TitleTerms} {
		for i := range terms {
			terms[i].Weight = float32(w.Of(terms[i].Hash))
		}
	}
}

// SameTitle is the title, folded and without white space, by which repeated titles
// are found; empty where there is none.
func (s *Side) SameTitle() string { return string(s.title) }

// termsOf hashes the terms with FNV-1a over their code points.
func termsOf(s string) []Term {
	hashes := make([]uint32, 0, len(s)/2)
	text.Each(s, func(term []rune, _ int) {
		h := uint32(2166136261)
		for _, r := range term {
			for range 3 {
				h = (h ^ uint32(r&0xff)) * 16777619
				r >>= 8
			}
		}
		hashes = append(hashes, h)
	})
	slices.Sort(hashes)
	distinct := 0
	for i, h := range hashes {
		if i == 0 || h != hashes[i-1] {
			distinct++
		}
	}
	out := make([]Term, 0, distinct)
	for _, h := range hashes {
		if n := len(out); n > 0 && out[n-1].Hash == h {
			out[n-1].Count++
		} else {
			out = append(out, Term{Hash: h, Count: 1})
		}
	}
	return out
}

// Weights are how telling terms are: −log of the share of texts that hold them.
type Weights struct {
	Rare  float64 // of terms that are not listed
	terms []uint32
	of    []float32
}

// NewWeights makes weights of how many of n texts hold each term. Terms of a single
// text are not listed.
func NewWeights(n int, holding map[uint32]int) Weights {
	w := Weights{Rare: logRatio(n, 1)}
	for h, k := range holding {
		if k > 1 {
			w.terms = append(w.terms, h)
		}
	}
	slices.Sort(w.terms)
	for _, h := range w.terms {
		w.of = append(w.of, float32(logRatio(n, holding[h])))
	}
	return w
}

// LoadWeights makes weights of a list that List gave.
func LoadWeights(rare float64, terms []uint32, of []float32) Weights {
	return Weights{rare, terms, of}
}

// List gives the listed terms in ascending order, and their weights.
func (w Weights) List() ([]uint32, []float32) { return w.terms, w.of }

// Of is the weight of a term.
func (w Weights) Of(hash uint32) float64 {
	if at, ok := slices.BinarySearch(w.terms, hash); ok {
		return float64(w.of[at])
	}
	return w.Rare
}
