package segment

import (
	"context"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/lexical"
)

// search is one search over views and buffers, which stay as they are until it ends.
//
//	look the terms up, filter ─► weigh ─► sum up by view ─► score the best in full
//
// The first and the two last steps run for several views at once.
type search struct {
	*query
	ctx      context.Context
	limit    int
	exact    bool
	views    []*searched
	buffered []*bufferedSearch

	reached atomic.Uint32 // bits of a score that as many candidates as are wanted reach
}

// searched is a view in a search.
type searched struct {
	*view
	local    *local
	selected facet.Bitmap
	n        int // of selected
	found    []candidate
	top      []float32
	results  []result
}

func newSearch(ctx context.Context, q lexical.Query, views []*view, buffers []*buffer) *search {
	s := &search{query: newQuery(q.Text, false), ctx: ctx, limit: q.Limit, exact: q.Exact}
	for _, v := range views {
		s.views = append(s.views, &searched{view: v})
	}
	for _, b := range buffers {
		s.buffered = append(s.buffered, newBufferedSearch(s.query, b, q.Conditions))
	}
	return s
}

// run returns the best documents.
func (s *search) run(q lexical.Query, n, length int) ([]result, error) {
	err := s.each(func(v *searched) (err error) {
		if v.local, err = s.localise(v.segment); err != nil {
			return err
		}
		v.selected, err = v.view.selected(q.Conditions)
		v.n = v.selected.Count()
		return err
	})
	if err != nil {
		return nil, err
	}
	s.count()
	s.weigh(n, length)
	places, all := s.telling(s.exact)
	wanted := s.limit
	if !all {
		wanted = lexical.Candidates(s.limit)
	}
	if err := s.each(func(v *searched) error { return s.gather(v, places, wanted, all) }); err != nil {
		return nil, err
	}
	least := s.least(wanted) * (1 - rounding(len(places)))
	if err := s.each(func(v *searched) error { return s.rescore(v, least) }); err != nil {
		return nil, err
	}
	var out []result
	for _, v := range s.views {
		out = append(out, v.results...)
	}
	for _, b := range s.buffered {
		out = append(out, b.results(s.query)...)
	}
	return best(out, s.limit), nil
}

// each calls do for all views, several at once.
func (s *search) each(do func(*searched) error) error {
	workers := min(runtime.GOMAXPROCS(0), len(s.views))
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, workers)
	for w := range workers {
		group.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(s.views) {
					return
				}
				if errs[w] = s.ctx.Err(); errs[w] == nil {
					errs[w] = do(s.views[i])
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return s.ctx.Err()
}

// count sets how many live documents have each term.
func (s *search) count() {
	for i := range s.terms {
		t := &s.terms[i]
		for _, v := range s.views {
			t.docs += v.docsOf(v.local, i)
		}
		for _, b := range s.buffered {
			t.docs += b.counts[i]
		}
	}
}

// docsOf is how many live documents have the term at a place.
func (v *view) docsOf(l *local, place int) int {
	if l.ids[place] == gone {
		return 0
	}
	n := int(l.counts[place])
	if v.deadOf != nil {
		n -= int(v.deadOf[l.ids[place]])
	}
	return n
}

// forwardCost is about how many postings are read in the time in which a document is
// scored in full.
const forwardCost = 256

// endless is the score of a candidate that is scored in full in any case.
var endless = float32(math.Inf(1))

// gather finds the candidates of a view. Where the filter leaves few, they are all
// candidates, and nothing is lost.
func (s *search) gather(v *searched, places []int, wanted int, all bool) error {
	postings := int(v.docs)
	for _, place := range places {
		postings += int(v.local.counts[place])
	}
	if v.n*forwardCost <= postings || !all && v.n <= wanted/len(s.views) {
		for i, word := range v.selected {
			for ; word != 0; word &= word - 1 {
				v.found = append(v.found, candidate{uint32(i<<6 + bits.TrailingZeros64(word)), endless})
			}
		}
		return nil
	}
	g := greatest{limit: wanted, floor: math.Float32frombits(s.reached.Load())}
	var err error
	if v.found, err = v.candidates(s.ctx, v.local, places, all, v.selected, &g); err != nil {
		return err
	}
	v.top = g.heap
	s.reach(g.least())
	return nil
}

// reach tells the views that come later which candidates will not count.
func (s *search) reach(score float32) {
	for {
		old := s.reached.Load()
		if math.Float32frombits(old) >= score || s.reached.CompareAndSwap(old, math.Float32bits(score)) {
			return
		}
	}
}

// least is the score of the wanted-th best candidate of all views.
func (s *search) least(wanted int) float32 {
	var all []float32
	for _, v := range s.views {
		all = append(all, v.top...)
	}
	if len(all) < wanted {
		return 0
	}
	slices.Sort(all)
	return all[len(all)-wanted]
}

// rescore scores the candidates of a view in full that reach least.
func (s *search) rescore(v *searched, least float32) error {
	for n, c := range v.found {
		if c.score < least {
			continue
		}
		if n%256 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		shared, err := v.local.frequencies(v.segment, c.doc)
		if err != nil {
			return err
		}
		if shared == 0 {
			continue
		}
		key, err := v.key(c.doc)
		if err != nil {
			return err
		}
		score := s.score(v.local.tf, v.lengths.at(c.doc))
		v.results = append(v.results, result{key, score, shared, int(v.distinct.at(c.doc))})
	}
	v.results = best(v.results, s.limit)
	return nil
}
