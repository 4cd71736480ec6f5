package evaluation

import (
	"context"
	"fmt"
	"sync/atomic"
)

// sheet is what one model scored: a row of cells for each query, in which each
// measure that the model can have owns some columns.
type sheet struct {
	model    Model
	measures []measure
	reasons  []string // of each measure, why it is null
	at       []int    // of each measure, its first column
	width    int
	cells    []float64 // queries × width
	queries  int

	shown map[int][]int32 // by k: how often each document was in the first k ranks
}

func newSheet(d *Dataset, o Options, m Model, measures []measure) *sheet {
	s := &sheet{model: m, measures: measures, queries: d.Queries(), shown: map[int][]int32{}}
	for _, me := range measures {
		reason := ""
		if me.lacks != nil {
			reason = me.lacks(m)
		}
		s.reasons = append(s.reasons, reason)
		s.at = append(s.at, s.width)
		if reason == "" {
			s.width += me.size
		}
	}
	s.cells = make([]float64, s.queries*s.width)
	for _, k := range o.Cutoffs.Shown {
		s.shown[k] = make([]int32, d.Documents())
	}
	return s
}

// row is the cells that measure i has of query.
func (s *sheet) row(query int32, i int) []float64 {
	from := int(query)*s.width + s.at[i]
	return s.cells[from : from+s.measures[i].size]
}

// fill scores all judged queries, unless ctx ends.
func (s *sheet) fill(ctx context.Context, d, reverse *Dataset, o Options, pool *pairPool) {
	var without atomic.Int64
	parallel(ctx, o.Workers, d.Queries(), func(next func() (int, bool)) {
		v := newView(d, reverse, o, s.model)
		for q, ok := next(); ok; q, ok = next() {
			if len(d.judged[q]) == 0 {
				continue
			}
			v.turn(int32(q))
			pool.put(v)
			without.Add(int64(len(v.pairs) - len(v.predicted)))
			s.countShown(v)
			for i, m := range s.measures {
				if s.reasons[i] == "" {
					m.fill(v, s.row(int32(q), i))
				}
			}
		}
	})
	s.dropIncomplete(without.Load(), pool.size())
}

// dropIncomplete makes the measures of levels null when judged pairs lack a
// prediction.
func (s *sheet) dropIncomplete(without int64, pairs int) {
	if s.model.Levels == nil || without == 0 {
		return
	}
	for i, m := range s.measures {
		if m.Population == allPairs && s.reasons[i] == "" {
			s.reasons[i] = fmt.Sprintf("%d of %d judged pairs have no predicted level", without, pairs)
		}
	}
}

func (s *sheet) countShown(v *view) {
	for k, counts := range s.shown {
		for _, h := range v.hits[:min(k, len(v.hits))] {
			atomic.AddInt32(&counts[h.Document], 1)
		}
	}
}

// sums adds up the cells of all queries.
func (s *sheet) sums() []float64 {
	sums := make([]float64, s.width)
	for row := 0; row < len(s.cells); row += s.width {
		for i, c := range s.cells[row:][:s.width] {
			sums[i] += c
		}
	}
	return sums
}

// value is measure i of sums.
func (s *sheet) value(i int, sums []float64) float64 {
	return s.measures[i].finish(sums[s.at[i] : s.at[i]+s.measures[i].size])
}

// population counts the queries that measure i rests on.
func (s *sheet) population(i int) int {
	n := 0
	for q := range s.queries {
		if s.measures[i].inPopulation(s.row(int32(q), i)) {
			n++
		}
	}
	return n
}
