package evaluation

import (
	"errors"
	"fmt"
	"math"
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
	seen, any := newStamps(len(d.documents)), false
	for q, list := range d.judged {
		for _, j := range list {
			any = true
			if !seen.mark(j.Document, q) {
				return fmt.Errorf("evaluation: query %q judges document %q twice", d.queries[q].ID, d.documents[j.Document].ID)
			}
		}
	}
	if !any {
		return errors.New("evaluation: the dataset has no judgements")
	}
	return nil
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

func checkHits(lists [][]Hit, documents int) error {
	seen := newStamps(documents)
	for q, hits := range lists {
		for _, h := range hits {
			switch {
			case h.Document < 0 || int(h.Document) >= documents:
				return fmt.Errorf("list %d: no document %d", q, h.Document)
			case !finite(h.Score):
				return fmt.Errorf("list %d: document %d has score %v", q, h.Document, h.Score)
			case !seen.mark(h.Document, q):
				return fmt.Errorf("list %d: document %d occurs twice", q, h.Document)
			}
		}
	}
	return nil
}

func (l *Levels) check(d *Dataset) error {
	seen := newStamps(len(d.documents))
	for q, list := range l.Predictions {
		for _, p := range list {
			switch {
			case p.Document < 0 || int(p.Document) >= len(d.documents):
				return fmt.Errorf("levels of query %q: no document %d", d.queries[q].ID, p.Document)
			case !seen.mark(p.Document, q):
				return fmt.Errorf("levels of query %q: document %q occurs twice", d.queries[q].ID, d.documents[p.Document].ID)
			case !d.scale.Holds(int(p.Level)) || !p.distribution(d.scale):
				return fmt.Errorf("levels of query %q, document %q: level %d with probabilities %v is not of the scale %d–%d",
					d.queries[q].ID, d.documents[p.Document].ID, p.Level, p.P, d.scale.Min, d.scale.Max)
			}
		}
	}
	return nil
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

// stamps is a set of documents that is emptied by moving on to the next query.
type stamps []int32

func newStamps(n int) stamps { return make(stamps, n) }

// mark puts document into the set of query, and tells whether it was not there.
func (s stamps) mark(document int32, query int) bool {
	if s[document] == int32(query)+1 {
		return false
	}
	s[document] = int32(query) + 1
	return true
}

func (s stamps) has(document int32, query int32) bool { return s[document] == query+1 }
