package rank

import (
	"slices"
	"sync"
	"unicode"

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
	room := hashing.Get().(*hashRoom)
	defer hashing.Put(room)
	room.hashes = room.hashes[:0]
	s := &Side{Title: titleVector, Text: textVector}
	room.add(title)
	s.TitleTerms = room.terms()
	room.add(body)
	s.Terms = room.terms()
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

// hashRoom is room for the hashes of the terms of a text, repeats included.
type hashRoom struct{ hashes, sorted []uint32 }

// hashing holds *hashRoom.
var hashing = sync.Pool{New: func() any { return new(hashRoom) }}

// add hashes the terms of a text with FNV-1a over their code points.
func (h *hashRoom) add(s string) {
	text.Each(s, func(term []rune, _ int) {
		hash := uint32(2166136261)
		for _, r := range term {
			for range 3 {
				hash = (hash ^ uint32(r&0xff)) * 16777619
				r >>= 8
			}
		}
		h.hashes = append(h.hashes, hash)
	})
}

// terms counts the hashes.
func (h *hashRoom) terms() []Term {
	h.sort()
	distinct := 0
	for i, x := range h.hashes {
		if i == 0 || x != h.hashes[i-1] {
			distinct++
		}
	}
	out := make([]Term, 0, distinct)
	for _, x := range h.hashes {
		if n := len(out); n > 0 && out[n-1].Hash == x {
			out[n-1].Count++
		} else {
			out = append(out, Term{Hash: x, Count: 1})
		}
	}
	return out
}

// sort puts the hashes in order. They are evenly spread: those of an abstract are nearly in
// order once they are in that of their highest bytes.
func (h *hashRoom) sort() {
	const several = 4096 // of which insertion takes longer
	if len(h.hashes) > several {
		slices.Sort(h.hashes)
		return
	}
	var ends [1 << 8]int
	for _, x := range h.hashes {
		ends[x>>24]++
	}
	at := 0
	for i, n := range ends {
		ends[i], at = at, at+n
	}
	h.sorted = slices.Grow(h.sorted[:0], len(h.hashes))[:len(h.hashes)]
	for _, x := range h.hashes {
		h.sorted[ends[x>>24]] = x
		ends[x>>24]++
	}
	for i, x := range h.sorted {
		for ; i > 0 && h.sorted[i-1] > x; i-- {
			h.sorted[i] = h.sorted[i-1]
		}
		h.sorted[i] = x
	}
	h.hashes, h.sorted = h.sorted, h.hashes
}

// Weights are how telling terms are: −log of the share of texts that hold them. They come
// from NewWeights or LoadWeights.
type Weights struct {
	Rare  float64 // of terms that are not listed
	terms []uint32
	of    []float32
	// starts tells for the first 16 bits of a hash where its terms begin; hashes are
	// spread evenly, so that few are left to search through.
	starts []int32
}

// NewWeights makes weights of how many of n texts hold each term. Terms of a single
// text are not listed.
func NewWeights(n int, holding map[uint32]int) Weights {
	var terms []uint32
	for h, k := range holding {
		if k > 1 {
			terms = append(terms, h)
		}
	}
	slices.Sort(terms)
	of := make([]float32, len(terms))
	for i, h := range terms {
		of[i] = float32(logRatio(n, holding[h]))
	}
	return LoadWeights(logRatio(n, 1), terms, of)
}

// LoadWeights makes weights of a list that List gave.
func LoadWeights(rare float64, terms []uint32, of []float32) Weights {
	w := Weights{Rare: rare, terms: terms, of: of, starts: make([]int32, 1<<16+1)}
	for _, h := range terms {
		w.starts[h>>16+1]++
	}
	for i := range w.starts[1:] {
		w.starts[i+1] += w.starts[i]
	}
	return w
}

// List gives the listed terms in ascending order, and their weights.
func (w Weights) List() ([]uint32, []float32) { return w.terms, w.of }

// Of is the weight of a term.
func (w Weights) Of(hash uint32) float64 {
	from, to := w.starts[hash>>16], w.starts[hash>>16+1]
	if at, ok := slices.BinarySearch(w.terms[from:to], hash); ok {
		return float64(w.of[int(from)+at])
	}
	return w.Rare
}
