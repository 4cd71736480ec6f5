package retrieve

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// By is a view of the engine in which one ranker makes all answers, whatever the router
// says.
func (e *Engine) By(r rank.Ranker) *Engine {
	e = e.Live().root()
	return &Engine{
		Records: e.Records, Embedder: e.Embedder, Sides: e.Sides, Ranker: r, Lexicon: e.Lexicon, Explainer: e.Explainer,
		Now: e.Now, Version: e.Version, EmbedTimeout: e.EmbedTimeout, viewed: e,
	}
}

// root is the engine that keeps what e and others have in common.
func (e *Engine) root() *Engine {
	if e.viewed != nil {
		return e.viewed
	}
	return e
}

// Compared is a candidate as several rankers see it.
type Compared struct {
	Record *match.Record
	// Ranks are its places from 1, and Logits its scores, by ranker.
	Ranks  []int
	Logits []float64
	// Text is the vector of its whole text, and Query that of the query's; nil where it is
	// not known.
	Text, Query []float32
}

// Compare has several rankers order the candidates of a stored record, and returns those
// that any of them has among its first depth, in the order of the first ranker.
func (e *Engine) Compare(ctx context.Context, req match.Request, rankers []rank.Ranker, depth int) ([]Compared, error) {
	e = e.By(rankers[0])
	req.Order = match.ForwardOrder
	s, err := e.search(ctx, req)
	if err != nil {
		return nil, err
	}
	first, err := s.ranking(ctx)
	if err != nil {
		return nil, fmt.Errorf("comparing rankers for %v: %w", s.query.Ref, err)
	}
	at := make(map[match.Ref]int, len(first))
	all := make([]Compared, len(first))
	for i, c := range first {
		at[c.record.Ref] = i
		all[i] = Compared{Record: c.record, Ranks: make([]int, len(rankers)), Logits: make([]float64, len(rankers)), Text: c.vectors.Text, Query: s.vectors.Text}
	}
	for n, r := range rankers {
		list := first
		if n > 0 {
			_, list = s.by(r, first)
		}
		for i, c := range list {
			x := &all[at[c.record.Ref]]
			x.Ranks[n], x.Logits[n] = i+1, c.logit
		}
	}
	out := all[:0]
	for _, c := range all {
		for _, rank := range c.Ranks {
			if rank <= depth {
				out = append(out, c)
				break
			}
		}
	}
	return out, nil
}
