package evaluation

import (
	"cmp"
	"context"
	"slices"

	"github.com/duijie/duijie/evaluation/ident"
	"github.com/duijie/duijie/evaluation/metric"
)

// Worth lists the pairs that are most worth judging next, as Result.Worth does,
// given runs that hold more than judged candidates. Models are those of Evaluate or
// of other runs; Ranks are in their order.
func Worth(d *Dataset, models []Model, options Options) ([]WorthJudging, error) {
	if err := validate(d, models); err != nil {
		return nil, err
	}
	o, err := options.withDefaults(d)
	if err != nil {
		return nil, err
	}
	e := evaluation{d: d, o: o, models: models, ctx: context.Background()}
	return e.worthJudging(), nil
}

// worthJudging pools the first ranks of all models and orders the pairs that
// nobody judged by what a judgement could change: the sum of the mean and the
// spread over models of the DCG discount 1/log2(rank+1), 0 where a model does not
// rank the document within the depth. A pair that all models rank first would
// change all figures; one that only some rank high would change their order.
// Pooling after Sparck Jones and van Rijsbergen 1975; the weights after Moffat,
// Webber and Zobel, SIGIR 2007.
func (e *evaluation) worthJudging() []WorthJudging {
	if e.o.Pool.Size < 0 {
		return nil
	}
	perQuery := make([][]WorthJudging, e.d.Queries())
	parallel(e.ctx, e.o.Workers, e.d.Queries(), func(next func() (int, bool)) {
		judged := ident.NewBits(e.d.Documents())
		for q, ok := next(); ok; q, ok = next() {
			if len(e.d.judged[q]) > 0 {
				perQuery[q] = e.worthOf(int32(q), judged)
			}
		}
	})
	all := slices.Concat(perQuery...)
	slices.SortFunc(all, compareWorth)
	return slices.Clone(all[:min(len(all), e.o.Pool.Size)])
}

func compareWorth(a, b WorthJudging) int {
	return cmp.Or(cmp.Compare(b.Worth, a.Worth), cmp.Compare(a.Query, b.Query), cmp.Compare(a.Document, b.Document))
}

// worthOf is the unjudged pairs of one query, at most as many as the list may
// have. judged is empty, and is so afterwards.
func (e *evaluation) worthOf(query int32, judged ident.Bits) []WorthJudging {
	for _, j := range e.d.judged[query] {
		judged.Add(j.Document)
	}
	defer func() {
		for _, j := range e.d.judged[query] {
			judged.Drop(j.Document)
		}
	}()
	ranks := map[int32][]int{}
	for i, m := range e.models {
		hits := m.Run.Hits[query]
		if !e.d.inOrder(hits, e.o.Ties) {
			hits = slices.Clone(hits)
			e.d.Order(hits, e.o.Ties)
		}
		for rank, h := range hits[:min(len(hits), e.o.Pool.Depth)] {
			if judged.Has(h.Document) {
				continue
			}
			if ranks[h.Document] == nil {
				ranks[h.Document] = make([]int, len(e.models))
			}
			ranks[h.Document][i] = rank + 1
		}
	}
	var out []WorthJudging
	for document, r := range ranks {
		out = append(out, WorthJudging{e.d.queries[query].ID, e.d.documentID(document), worth(r), r})
	}
	slices.SortFunc(out, compareWorth)
	return out[:min(len(out), e.o.Pool.Size)]
}

func worth(ranks []int) float64 {
	sum, low, high := 0.0, 1.0, 0.0
	for _, r := range ranks {
		weight := 0.0
		if r > 0 {
			weight = metric.Discount(r)
		}
		sum, low, high = sum+weight, min(low, weight), max(high, weight)
	}
	return sum/float64(len(ranks)) + high - low
}
