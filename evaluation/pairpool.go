package evaluation

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
	"sort"
)

// pairPool is all judged pairs of a model, for the AUC over all of them: query by query,
// highest score first.
type pairPool struct {
	scores   []float64 // -Inf where the run left the document out
	relevant []bool    // judged at level or above
	level    int
	from     []int // of each query, its first pair
	hits     []int // of each query, its relevant pairs
}

func newPairPool(d *Dataset, level int) *pairPool {
	p := &pairPool{level: level, from: make([]int, len(d.judged)+1), hits: make([]int, len(d.judged))}
	for q, list := range d.judged {
		p.from[q+1] = p.from[q] + len(list)
	}
	p.scores, p.relevant = make([]float64, p.size()), make([]bool, p.size())
	return p
}

func (p *pairPool) size() int { return p.from[len(p.hits)] }

// put takes the pairs of the query that v shows.
func (p *pairPool) put(v *view) {
	p.hits[v.query] = v.ranking.Relevant(p.level)
	from, to := p.from[v.query], p.from[v.query+1]
	scores, relevant := p.scores[from:to], p.relevant[from:to]
	for i, s := range v.scored() {
		scores[i], relevant[i] = s.Score, int(s.Level) >= p.level
	}
}

// project writes the pooled AUC into the cells of s so that they can be
// resampled: AUC is a statistic of pairs of pairs, and its first-order (Hájek)
// projection gives each query the sum of what its relevant documents win against
// all irrelevant ones, and what its irrelevant ones lose. With the sums a of
// placements of n1 relevant and b of n0 irrelevant documents, each less half the
// AUC, a/n1 + b/n0 is the exact AUC of the whole, and that of a sample but for a
// term of second order, which [finishAUC] keeps within 0–1. Source: DeLong, DeLong
// and Clarke-Pearson 1988; Obuchowski 1997 for clusters.
func (p *pairPool) project(s *sheet, i, workers int) {
	if s.reasons[i] != "" {
		return
	}
	n1 := 0
	for _, n := range p.hits {
		n1 += n
	}
	n0 := p.size() - n1
	if n1 == 0 || n0 == 0 {
		s.reasons[i] = "no judged pairs on one side of the level"
		return
	}
	won, wins := p.place(n0, workers)
	auc := float64(wins) / 2 / float64(n1) / float64(n0)
	for q := range s.queries {
		cells, hits := s.row(int32(q), i), float64(p.hits[q])
		misses := float64(p.from[q+1]-p.from[q]) - hits
		cells[0], cells[1] = float64(won[2*q])/2/float64(n0)-hits*auc/2, hits
		cells[2], cells[3] = float64(won[2*q+1])/2/float64(n1)-misses*auc/2, misses
	}
}

// place counts twice how many documents of the other class are on the right side of each
// document: won[2q] of the relevant documents of query q, won[2q+1] of its others, and
// wins of all relevant ones. The counts are whole numbers, which add up to the same in
// any order. Parts of the scores, from the highest down, are sorted one after the other,
// each small enough for a processor's cache.
func (p *pairPool) place(n0, workers int) (won []int64, wins int64) {
	cuts := p.cuts(max(p.size()/partPairs, workers))
	of := make([][]int64, workers)
	parallel(context.Background(), workers, workers, func(next func() (int, bool)) {
		for part, ok := next(); ok; part, ok = next() {
			of[part] = make([]int64, 2*len(p.hits))
			if from, end := len(cuts)*part/workers, len(cuts)*(part+1)/workers; from < end {
				p.placeParts(cuts, from, end, n0, of[part])
			}
		}
	})
	won = of[0]
	for _, more := range of[1:] {
		for i, n := range more {
			won[i] += n
		}
	}
	for q := range p.hits {
		wins += won[2*q]
	}
	return won, wins
}

// partPairs is about how many pairs are sorted together.
const partPairs = 1 << 15

// cuts are the lowest scores of at most so many parts of about as many pairs, as some of
// them let expect; the lowest is -Inf. Equal scores are in one part.
func (p *pairPool) cuts(parts int) []float64 {
	const each, stride = 64, 0x9e3779b97f4a7c15
	some := make([]float64, min(each*parts, p.size()))
	for i := range some {
		at, _ := bits.Mul64(uint64(i)*stride, uint64(p.size()))
		some[i] = p.scores[at]
	}
	slices.SortFunc(some, func(a, b float64) int { return cmp.Compare(b, a) })
	cuts := make([]float64, parts)
	for i := range parts - 1 {
		cuts[i] = some[len(some)*(i+1)/parts]
	}
	cuts[parts-1] = math.Inf(-1)
	return slices.Compact(cuts)
}

// placeParts is place for some of the parts.
func (p *pairPool) placeParts(cuts []float64, from, end, n0 int, won []int64) {
	next := slices.Clone(p.from[:len(p.hits)]) // of each query, its first pair that is not placed
	above, above1 := 0, 0                      // pairs, relevant ones, above the part
	if from > 0 {
		for q, first := range p.from[:len(p.hits)] {
			own := p.scores[first:p.from[q+1]]
			n := sort.Search(len(own), func(i int) bool { return own[i] < cuts[from-1] })
			next[q] += n
			above += n
			for _, relevant := range p.relevant[first:next[q]] {
				if relevant {
					above1++
				}
			}
		}
	}
	var pairs []poolPair
	var memory sorter
	for _, cut := range cuts[from:end] {
		pairs = pairs[:0]
		for q, i := range next {
			to := p.from[q+1]
			for ; i < to && p.scores[i] >= cut; i++ {
				pairs = append(pairs, poolPair{p.scores[i], int32(q), p.relevant[i]})
			}
			next[q] = i
		}
		above1 = placeSorted(memory.sort(pairs), above, above1, n0, won)
		above += len(pairs)
	}
}

// poolPair is a pair with its query.
type poolPair struct {
	score float64
	query int32
	hit   bool // judged at the level or above
}

// placeSorted is place for sorted pairs above which there are so many others, above1 of
// them relevant; it returns how many relevant ones are above what follows the pairs.
func placeSorted(pairs []poolPair, above, above1, n0 int, won []int64) int {
	for len(pairs) > 0 {
		end, tied1 := 0, 0
		for ; end < len(pairs) && pairs[end].score == pairs[0].score; end++ {
			if pairs[end].hit {
				tied1++
			}
		}
		tied0 := end - tied1
		below0, over1 := int64(2*(n0-(above-above1))-tied0), int64(2*above1+tied1)
		for _, pair := range pairs[:end] {
			if pair.hit {
				won[2*pair.query] += below0
			} else {
				won[2*pair.query+1] += over1
			}
		}
		above, above1, pairs = above+end, above1+tied1, pairs[end:]
	}
	return above1
}
