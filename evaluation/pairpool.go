package evaluation

// pairPool is all judged pairs of a model, for the AUC over all of them.
type pairPool struct {
	pairs []poolPair
	from  []int // of each query, its first pair
	level int   // from which a document is relevant
	hits  []int // of each query, its relevant pairs
}

type poolPair struct {
	score float64 // -Inf where the run left the document out
	query int32
	hit   bool // judged at level or above
}

func newPairPool(d *Dataset, level int) *pairPool {
	p := &pairPool{from: make([]int, len(d.judged)+1), hits: make([]int, len(d.judged)), level: level}
	for q, list := range d.judged {
		p.from[q+1] = p.from[q] + len(list)
	}
	p.pairs = make([]poolPair, p.from[len(d.judged)])
	return p
}

func (p *pairPool) size() int { return len(p.pairs) }

// put takes the pairs of the query that v shows.
func (p *pairPool) put(v *view) {
	p.hits[v.query] = v.ranking.Relevant(p.level)
	own := p.pairs[p.from[v.query]:]
	for i, s := range v.pairs {
		own[i] = poolPair{s.Score, v.query, int(s.Level) >= p.level}
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
	n0 := len(p.pairs) - n1
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

// place sorts the pairs, and counts twice how many documents of the other class are on
// the right side of each document: won[2q] of the relevant documents of query q,
// won[2q+1] of its others, and wins of all relevant ones. The counts are whole numbers,
// which add up to the same in any order.
func (p *pairPool) place(n0, workers int) (won []int64, wins int64) {
	bounds := p.sort(workers)
	above := make([]int, workers+1) // relevant pairs above each part
	eachPart(workers, workers, func(part, _, _ int) {
		for _, pair := range p.pairs[bounds[part]:bounds[part+1]] {
			if pair.hit {
				above[part+1]++
			}
		}
	})
	for part := range workers {
		above[part+1] += above[part]
	}
	parts, of := make([]int64, workers), make([][]int64, workers)
	eachPart(workers, workers, func(part, _, _ int) {
		of[part] = make([]int64, 2*len(p.hits))
		parts[part] = p.placePart(bounds[part], bounds[part+1], above[part], n0, of[part])
	})
	won = of[0]
	for part := range workers {
		wins += parts[part]
		if part == 0 {
			continue
		}
		for i, n := range of[part] {
			won[i] += n
		}
	}
	return won, wins
}

// placePart is place for the pairs from one place to another, above which there
// are above1 relevant ones.
func (p *pairPool) placePart(from, to, above1, n0 int, won []int64) (wins int64) {
	for from < to {
		end, tied1 := from, 0
		for ; end < to && p.pairs[end].score == p.pairs[from].score; end++ {
			if p.pairs[end].hit {
				tied1++
			}
		}
		tied0 := end - from - tied1
		below0, over1 := int64(2*(n0-(from-above1))-tied0), int64(2*above1+tied1)
		for _, pair := range p.pairs[from:end] {
			if pair.hit {
				won[2*pair.query] += below0
			} else {
				won[2*pair.query+1] += over1
			}
		}
		wins += int64(tied1) * below0
		above1, from = above1+tied1, end
	}
	return wins
}
