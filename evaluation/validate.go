package evaluation

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/duijie/duijie/evaluation/ident"
)

// validate checks everything that the measures rely on, so that none of them
// has to.
func validate(d *Dataset, models []Model) error {
	if len(models) == 0 {
		return errors.New("evaluation: no model to evaluate")
	}
	if err := d.checkJudgements(); err != nil {
		return err
	}
	names := map[string]bool{}
	for _, m := range models {
		if err := m.check(d); err != nil {
			return err
		}
		if names[m.Name] {
			return fmt.Errorf("evaluation: two models are named %s", m.Name)
		}
		names[m.Name] = true
		if err := m.checkContent(d); err != nil {
			return fmt.Errorf("evaluation: model %s: %w", m.Name, err)
		}
	}
	return nil
}

func (d *Dataset) checkJudgements() error {
	if !slices.ContainsFunc(d.judged, func(list []Judgement) bool { return len(list) > 0 }) {
		return errors.New("evaluation: the dataset has no judgements")
	}
	return checkLists(d.judged, d.Documents(), func(q int, list []Judgement, seen ident.Bits) error {
		for _, j := range list {
			if !seen.Add(j.Document) {
				return fmt.Errorf("evaluation: query %q judges document %q twice", d.queries[q].ID, d.documentID(j.Document))
			}
		}
		return nil
	}, func(j Judgement) int32 { return j.Document })
}

func (m Model) checkContent(d *Dataset) error {
	if err := checkHits(m.Run.Hits, d.Documents()); err != nil {
		return err
	}
	if m.Reverse != nil {
		if err := checkHits(m.Reverse.Hits, len(d.queries)); err != nil {
			return fmt.Errorf("reverse run: %w", err)
		}
	}
	if m.Levels != nil {
		return m.Levels.check(d)
	}
	return nil
}

// checkLists calls check with every list, and a set of documents below bound, which is
// empty. Check adds the documents of the list to it, all of them unless it has an error.
// The error is that of the first list that has one.
func checkLists[T any](lists [][]T, bound int, check func(i int, list []T, seen ident.Bits) error, document func(T) int32) error {
	errs := make([]error, len(lists))
	parallel(context.Background(), runtime.GOMAXPROCS(0), len(lists), func(next func() (int, bool)) {
		seen := ident.NewBits(bound)
		for i, ok := next(); ok; i, ok = next() {
			if errs[i] = check(i, lists[i], seen); errs[i] != nil {
				return // the lists before it are taken already
			}
			for _, item := range lists[i] {
				seen.Drop(document(item))
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkHits(lists [][]Hit, documents int) error {
	return checkLists(lists, documents, func(q int, hits []Hit, seen ident.Bits) error {
		for _, h := range hits {
			switch {
			case h.Document < 0 || int(h.Document) >= documents:
				return fmt.Errorf("list %d: no document %d", q, h.Document)
			case !finite(h.Score):
				return fmt.Errorf("list %d: document %d has score %v", q, h.Document, h.Score)
			case !seen.Add(h.Document):
				return fmt.Errorf("list %d: document %d occurs twice", q, h.Document)
			}
		}
		return nil
	}, func(h Hit) int32 { return h.Document })
}

func (l *Levels) check(d *Dataset) error {
	return checkLists(l.Predictions, d.Documents(), func(q int, list []Prediction, seen ident.Bits) error {
		for _, p := range list {
			if p.Document < 0 || int(p.Document) >= d.Documents() {
				return fmt.Errorf("levels of query %q: no document %d", d.queries[q].ID, p.Document)
			}
			if !d.scale.Holds(int(p.Level)) || !p.distribution(d.scale) {
				return fmt.Errorf("levels of query %q, document %q: level %d with probabilities %v is not of the scale %d–%d",
					d.queries[q].ID, d.documentID(p.Document), p.Level, p.P, d.scale.Min, d.scale.Max)
			}
			if !seen.Add(p.Document) {
				return fmt.Errorf("levels of query %q: document %q occurs twice", d.queries[q].ID, d.documentID(p.Document))
			}
		}
		return nil
	}, func(p Prediction) int32 { return p.Document })
}

// distribution tells whether P is absent, or one probability a level that add up
// to 1 within what rounding to four decimals costs.
func (p Prediction) distribution(scale Scale) bool {
	if p.P == nil {
		return true
	}
	sum := 0.0
	for _, x := range p.P {
		if !(x >= 0 && x <= 1) {
			return false
		}
		sum += x
	}
	return len(p.P) == scale.Levels() && math.Abs(sum-1) < 1e-3
}
