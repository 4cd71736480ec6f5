package retrieve

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// search is the work on one request.
type search struct {
	engine     *Engine
	query      *match.Record
	target     match.Kind
	side       Side
	conditions []match.Condition

	asked match.Request
	named bool // the query is one side of a named pair
	order match.Order

	lineup
	chosen   Route         // what the router said
	vectors  rank.Vectors  // of the query; zero where the embedder is down
	prepared rank.Prepared // the query, by the ranker
	placed   rank.Prepared // and by the fusion; nil without a reference sample
	catalog  *match.Calibration
	patents  int // of the catalog
	degraded []string

	moving     moving            // what the request's shape orders by
	broadening *match.Broadening // what it let in besides; nil where it was not asked to
	nominated  nominations
	byWords    []lexical.Hit // what the words nominated
	firsts     []known       // all that were nominated, in the order of the first pass
}

// nominations maps keys to their rank in each leg's list.
type nominations map[string]map[match.LegName]int

// embedQuery makes the query's vectors. When the embedder does not answer, the
// words alone nominate, and the answer says so.
func (s *search) embedQuery(ctx context.Context) error {
	vectors, err := s.engine.embedRecord(ctx, s.query)
	switch {
	case err == nil:
		s.vectors = vectors
	case match.KindOf(err) == match.Unavailable, isPartial(err):
		s.degraded = append(s.degraded, "embedder: "+err.Error())
	default:
		return fmt.Errorf("embedding the query: %w", err)
	}
	var missing []string
	s.lineup, missing = s.engine.lineup(ctx, err == nil)
	s.degraded = append(s.degraded, missing...)
	if err := s.route(ctx); err != nil {
		return err
	}
	s.prepareQuery(err == nil)
	return nil
}

func isPartial(err error) bool {
	var partial *embed.PartialError
	return errors.As(err, &partial)
}

// embedRecord embeds one record; a text that is refused is an error of its own kind.
// An embedder that takes too long is as good as one that is down: the words can
// answer, and a request must not hang on it.
func (e *Engine) embedRecord(ctx context.Context, r *match.Record) (rank.Vectors, error) {
	patience := e.patience()
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	got, failed, err := EmbedRecords(within, e.Embedder, r.Kind, []*match.Record{r})
	switch {
	case err != nil && ctx.Err() == nil && within.Err() != nil:
		return rank.Vectors{}, &match.Error{Kind: match.Unavailable, Reason: fmt.Sprintf("no answer within %v", patience)}
	case err != nil:
		return rank.Vectors{}, err
	case failed[0] != nil:
		return rank.Vectors{}, &embed.PartialError{Errs: failed}
	}
	return got[0], nil
}

// nominate runs the leaf searches at the same time.
func (s *search) nominate(ctx context.Context) (nominations, error) {
	legs := []match.LegName{match.LexicalLeg}
	if s.vectors.Text != nil {
		legs = append(legs, match.TitleLeg, match.TextLeg)
	}
	lists, errs := make([][]string, len(legs)), make([]error, len(legs))
	var wg sync.WaitGroup
	for i, leg := range legs {
		wg.Go(func() { lists[i], errs[i] = s.leaf(ctx, leg) })
	}
	wg.Wait()
	out, failed := nominations{}, 0
	for i, leg := range legs {
		if errs[i] != nil {
			if match.KindOf(errs[i]) != match.Unavailable {
				return nil, fmt.Errorf("searching by %s: %w", leg, errs[i])
			}
			failed++
			s.degraded = append(s.degraded, fmt.Sprintf("%s: %v", leg, errs[i]))
		}
		for place, key := range lists[i] {
			if out[key] == nil {
				out[key] = map[match.LegName]int{}
			}
			out[key][leg] = place + 1
		}
	}
	if failed == len(legs) {
		return nil, errs[0]
	}
	return out, nil
}

// leaf returns the keys that one leg nominates, best first.
func (s *search) leaf(ctx context.Context, leg match.LegName) ([]string, error) {
	if leg == match.LexicalLeg {
		var err error
		s.byWords, err = s.side.Words.Search(ctx, lexical.Query{Text: s.query.Texts().Full(), Conditions: s.conditions, Limit: Depth})
		return keysOf(s.byWords, func(h lexical.Hit) string { return h.Key }), err
	}
	q := index.Query{Name: TextVector, Vector: s.vectors.Text, Conditions: s.conditions, Limit: Depth}
	if leg == match.TitleLeg {
		q.Name, q.Vector = TitleVector, s.vectors.Title
	}
	hits, err := s.side.Vectors.Search(ctx, q)
	return keysOf(hits, func(h index.Hit) string { return h.Key }), err
}

func keysOf[H any](hits []H, key func(H) string) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = key(h)
	}
	return out
}
