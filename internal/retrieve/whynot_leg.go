package retrieve

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// whyNotLook is how far down a leg's list the record is looked for.
const whyNotLook = 5000

// listed is an entry of a leg's list.
type listed struct {
	key   string
	score float64
}

// nominations notes where the record stands in each leg's list, by exact searches.
func (w *whyNot) nominations(ctx context.Context) error {
	legs := []match.LegName{match.LexicalLeg}
	if w.vectors.Text != nil {
		legs = append(legs, match.TitleLeg, match.TextLeg)
	}
	for _, leg := range legs {
		list, err := w.exact(ctx, leg)
		if match.KindOf(err) == match.Unavailable {
			continue // named in Degraded by the search itself
		}
		if err != nil {
			return fmt.Errorf("searching by %s: %w", leg, err)
		}
		w.out.Nominations = append(w.out.Nominations, w.nomination(leg, list))
	}
	return nil
}

// exact is a leg's list without approximation, as far as the record is looked for.
func (w *whyNot) exact(ctx context.Context, leg match.LegName) ([]listed, error) {
	if leg == match.LexicalLeg {
		hits, err := w.side.Words.Search(ctx, lexical.Query{Text: w.query.Texts().Full(), Conditions: w.conditions, Limit: whyNotLook, Exact: true})
		out := make([]listed, len(hits))
		for i, h := range hits {
			out[i] = listed{h.Key, h.Score}
		}
		return out, err
	}
	q := index.Query{Name: TextVector, Vector: w.vectors.Text, Conditions: w.conditions, Limit: whyNotLook, Exact: true}
	if leg == match.TitleLeg {
		q.Name, q.Vector = TitleVector, w.vectors.Title
	}
	hits, err := w.side.Vectors.Search(ctx, q)
	out := make([]listed, len(hits))
	for i, h := range hits {
		out[i] = listed{h.Key, float64(h.Score)}
	}
	return out, err
}

func (w *whyNot) nomination(leg match.LegName, list []listed) match.Nomination {
	n := match.Nomination{Leg: leg, Looked: len(list), Depth: Depth}
	if len(list) > 0 {
		n.Cutoff = list[min(Depth, len(list))-1].score
	}
	_, n.Nominated = w.nominated[w.ref.Key()][leg]
	for i, entry := range list {
		if entry.key == w.ref.Key() {
			n.Rank, n.Score = i+1, entry.score
			return n
		}
	}
	if leg == match.LexicalLeg {
		n.Score = w.own.words
	} else {
		n.Score = w.cosine(leg)
	}
	return n
}
