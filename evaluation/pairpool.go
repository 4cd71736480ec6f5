package evaluation

import (
	"cmp"
	"math"
	"slices"
)

// pairPool is all judged pairs of a model, for the AUC over all of them.
type pairPool struct {
	pairs []poolPair
	from  []int // of each query, its first pair
	level int   // from which a document is relevant
}

type poolPair struct {
	key   uint64 // orders as the score does, highest first
	query int32
	hit   bool // judged at level or above
}

func newPairPool(d *Dataset, level int) *pairPool {
	p := &pairPool{from: make([]int, len(d.judged)+1), level: level}
	for q, list := range d.judged {
		p.from[q+1] = p.from[q] + len(list)
	}
	p.pairs = make([]poolPair, p.from[len(d.judged)])
	return p
}

func (p *pairPool) size() int { return len(p.pairs) }

// put takes the pairs of the query that v shows.
func (p *pairPool) put(v *view) {
	for i, s := range v.pairs {
		p.pairs[p.from[v.query]+i] = poolPair{descending(s.Score), v.query, int(s.Level) >= p.level}
	}
}

// descending maps a score to a key that is the smaller the higher the score.
// -0 and 0 have one key.
func descending(score float64) uint64 {
	bits := math.Float64bits(score + 0)
	if bits>>63 == 1 {
		return bits
	}
	return ^(bits | 1<<63)
}

// project writes the pooled AUC into the cells of s so that they can be
// resampled: AUC is a statistic of pairs of pairs, and its first-order (Hájek)
// projection gives each query the sum of what its relevant documents win against
// all irrelevant ones, and what its irrelevant ones lose. With the sums a of
// placements of n1 relevant and b of n0 irrelevant documents, each less half the
// AUC, a/n1 + b/n0 is the exact AUC of the whole, and that of a sample but for a
// term of second order. Source: DeLong, DeLong and Clarke-Pearson 1988; Obuchowski
// 1997 for clusters.
func (p *pairPool) project(s *sheet, i int) {
	if s.reasons[i] != "" {
		return
	}
	p.sort()
	n1 := 0.0
	for _, pair := range p.pairs {
		if pair.hit {
			n1++
		}
	}
	n0 := float64(len(p.pairs)) - n1
	if n1 == 0 || n0 == 0 {
		s.reasons[i] = "no judged pairs on one side of the level"
		return
	}
	auc := p.place(s, i, n1, n0)
	for q := range s.queries {
		cells := s.row(int32(q), i)
		cells[0] -= cells[1] * auc / 2
		cells[2] -= cells[3] * auc / 2
	}
}

// place adds each document's share of documents of the other class that are on
// the right side of it, and returns the AUC.
func (p *pairPool) place(s *sheet, i int, n1, n0 float64) float64 {
	above1, above0, wins := 0.0, 0.0, 0.0
	for from := 0; from < len(p.pairs); {
		to, tied1 := from, 0.0
		for ; to < len(p.pairs) && p.pairs[to].key == p.pairs[from].key; to++ {
			if p.pairs[to].hit {
				tied1++
			}
		}
		tied0 := float64(to-from) - tied1
		below0 := n0 - above0 - tied0/2
		for _, pair := range p.pairs[from:to] {
			cells := s.row(pair.query, i)
			if pair.hit {
				cells[0] += below0 / n0
				cells[1]++
			} else {
				cells[2] += (above1 + tied1/2) / n1
				cells[3]++
			}
		}
		wins += tied1 * below0
		above1, above0, from = above1+tied1, above0+tied0, to
	}
	return wins / n1 / n0
}

// sort orders the pairs by key: many by radix, ten million in half a second. The
// order among equal keys plays no part.
func (p *pairPool) sort() {
	if len(p.pairs) < 1<<15 {
		slices.SortFunc(p.pairs, func(a, b poolPair) int { return cmp.Compare(a.key, b.key) })
		return
	}
	p.radixSort()
}

func (p *pairPool) radixSort() {
	const bits, buckets = 16, 1 << 16
	spare := make([]poolPair, len(p.pairs))
	for shift := 0; shift < 64; shift += bits {
		var counts [buckets]int
		for _, pair := range p.pairs {
			counts[pair.key>>shift&(buckets-1)]++
		}
		at := 0
		for b, c := range counts {
			counts[b] = at
			at += c
		}
		for _, pair := range p.pairs {
			b := pair.key >> shift & (buckets - 1)
			spare[counts[b]] = pair
			counts[b]++
		}
		p.pairs, spare = spare, p.pairs
	}
}
