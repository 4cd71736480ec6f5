package rank

import (
	"slices"
	"sync"
	"sync/atomic"
)

// crowd is several demands laid out so that a patent is measured against all of them at
// once: what they share is compared once. It is safe for concurrent use.
type crowd struct {
	lexicon Lexicon
	demands []*pieces
	// words and titles are those of all demands and of their titles; wordsOf and titlesOf
	// tell by demand where its own ones are.
	words, titles     Rows
	wordsOf, titlesOf [][]int32
	holding           map[uint32][]int32 // which demands have a term
	// met remembers words of patents' titles; a slot holds the last one that fell on it.
	met     [1 << metBits]atomic.Pointer[metWord]
	cosines sync.Pool // of *[]float32, one for each of words
}

// metBits is how many words of titles are remembered, as a power of two: as many as a
// lexicon has.
const metBits = 15

// metWord is how near a word comes to the words of each demand, −1 where that has none.
type metWord struct {
	entry   int32
	nearest []float32
}

func newCrowd(lexicon Lexicon, demands []*pieces) *crowd {
	c := &crowd{lexicon: lexicon, demands: demands, holding: map[uint32][]int32{}}
	c.words, c.wordsOf = union(lexicon, demands, func(d *pieces) []Word { return d.words })
	c.titles, c.titlesOf = union(lexicon, demands, func(d *pieces) []Word { return d.titleWords })
	c.cosines.New = func() any {
		room := make([]float32, len(c.words.Words))
		return &room
	}
	for i, d := range demands {
		for _, t := range d.Terms {
			c.holding[t.Hash] = append(c.holding[t.Hash], int32(i))
		}
	}
	return c
}

// union gathers the words of demands, and where those of each are among them.
func union(lexicon Lexicon, demands []*pieces, of func(*pieces) []Word) (Rows, [][]int32) {
	var all []Word
	for _, d := range demands {
		all = append(all, of(d)...)
	}
	slices.SortFunc(all, ByEntry)
	all = slices.CompactFunc(all, func(a, b Word) bool { return a.Entry == b.Entry })
	places := make([][]int32, len(demands))
	for i, d := range demands {
		for _, w := range of(d) {
			at, _ := slices.BinarySearchFunc(all, w, ByEntry)
			places[i] = append(places[i], int32(at))
		}
	}
	return lexicon.Rows(all), places
}

// measure is measure of each demand and a patent.
func (c *crowd) measure(p *pieces) [][fusionLegs]float64 {
	out := make([][fusionLegs]float64, len(c.demands))
	for _, t := range p.Terms {
		for _, i := range c.holding[t.Hash] {
			out[i][coverageLeg]++
		}
	}
	met, asked := c.titleWordsMet(p), c.askedWordsMet(p)
	for i, d := range c.demands {
		x := &out[i]
		x[titleLeg], x[textLeg] = Cosines(d.Title, p.Title, d.Text, p.Text)
		if n := len(d.Terms); n > 0 {
			x[coverageLeg] /= float64(n)
		}
		x[titleWordsLeg], x[askedWordsLeg], x[passagesLeg] = met[i], asked[i], passagesMet(d, p)
	}
	return out
}

// titleWordsMet is titleWordsMet by demand.
func (c *crowd) titleWordsMet(p *pieces) []float64 {
	out, words := make([]float64, len(c.demands)), make([]*metWord, len(p.titleWords))
	for k, w := range p.titleWords {
		words[k] = c.nearest(w)
	}
	near := make([]float32, len(words))
	for i, d := range c.demands {
		if len(d.words) == 0 {
			continue
		}
		for k, w := range words {
			near[k] = w.nearest[i]
		}
		out[i] = met(p.titleWords, near)
	}
	return out
}

// nearest tells how near a word comes to the words of each demand.
func (c *crowd) nearest(w Word) *metWord {
	slot := &c.met[slotOf(w.Entry, metBits)]
	if m := slot.Load(); m != nil && m.entry == w.Entry {
		return m
	}
	room := c.cosines.Get().(*[]float32)
	defer c.cosines.Put(room)
	cosines := *room
	c.lexicon.Cosines(w, c.words, cosines)
	m := &metWord{w.Entry, make([]float32, len(c.demands))}
	for i, places := range c.wordsOf {
		m.nearest[i] = largest(cosines, places)
	}
	slot.Store(m)
	return m
}

// askedWordsMet is askedWordsMet by demand.
func (c *crowd) askedWordsMet(p *pieces) []float64 {
	out := make([]float64, len(c.demands))
	if len(p.titleWords) == 0 {
		return out
	}
	nearest, cosines := make([]float32, len(c.titles.Words)), make([]float32, len(c.titles.Words))
	for i := range nearest {
		nearest[i] = -1
	}
	for _, w := range p.titleWords {
		c.lexicon.CosinesBack(c.titles, w, cosines)
		for i, x := range cosines {
			nearest[i] = max(nearest[i], x)
		}
	}
	var near [maxTitleWords]float32
	for i, places := range c.titlesOf {
		for k, at := range places {
			near[k] = nearest[at]
		}
		out[i] = met(c.demands[i].titleWords, near[:])
	}
	return out
}

// largest is the largest of the numbers at places, −1 of none.
func largest(of []float32, places []int32) float32 {
	out := float32(-1)
	for _, at := range places {
		out = max(out, of[at])
	}
	return out
}
