package evaluation

import (
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
	document := func(j Judgement) int32 { return j.Document }
	return checkLists(d.judged, len(d.documents), document, func(q int, j Judgement, seen ident.Bits) error {
		if !seen.Add(j.Document) {
			return fmt.Errorf("evaluation: query %q judges document %q twice", d.queries[q].ID, d.documents[j.Document].ID)
		}
		return nil
	})
}

func (m Model) checkContent(d *Dataset) error {
	if err := checkHits(m.Run.Hits, len(d.documents)); err != nil {
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

// checkLists calls check with every item of every list, and a set of documents below
// bound, to which it adds that of the item; the set is empty at the beginning of each
// list. The error is that of the first list that has one.
func checkLists[T any](lists [][]T, bound int, document func(T) int32, check func(list int, item T, seen ident.Bits) error) error {
	errs := make([]error, len(lists))
	parallel(runtime.GOMAXPROCS(0), len(lists), func(next func() (int, bool)) {
		seen := ident.NewBits(bound)
		for i, ok := next(); ok; i, ok = next() {
			added := lists[i]
			for k, item := range lists[i] {
				if errs[i] = check(i, item, seen); errs[i] != nil {
					added = lists[i][:k]
					break
				}
			}
			for _, item := range added {
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
	document := func(h Hit) int32 { return h.Document }
	return checkLists(lists, documents, document, func(q int, h Hit, seen ident.Bits) error {
		switch {
		case h.Document < 0 || int(h.Document) >= documents:
			return fmt.Errorf("list %d: no document %d", q, h.Document)
		case !finite(h.Score):
			return fmt.Errorf("list %d: document %d has score %v", q, h.Document, h.Score)
		case !seen.Add(h.Document):
			return fmt.Errorf("list %d: document %d occurs twice", q, h.Document)
		}
		return nil
	})
}

func (l *Levels) check(d *Dataset) error {
	document := func(p Prediction) int32 { return p.Document }
	return checkLists(l.Predictions, len(d.documents), document, func(q int, p Prediction, seen ident.Bits) error {
		if p.Document < 0 || int(p.Document) >= len(d.documents) {
			return fmt.Errorf("levels of query %q: no document %d", d.queries[q].ID, p.Document)
		}
		if !d.scale.Holds(int(p.Level)) || !p.distribution(d.scale) {
			return fmt.Errorf("levels of query %q, document %q: level %d with probabilities %v is not of the scale %d–%d",
				d.queries[q].ID, d.documents[p.Document].ID, p.Level, p.P, d.scale.Min, d.scale.Max)
		}
		if !seen.Add(p.Document) {
			return fmt.Errorf("levels of query %q: document %q occurs twice", d.queries[q].ID, d.documents[p.Document].ID)
		}
		return nil
	})
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
