package evaluation

import "fmt"

// Folding puts each judged pair into a fold: Of[q][i] is the fold, from 0, of the
// i-th judgement of query q. Package split makes them.
type Folding struct {
	Name  string // how they were made, for reports
	Count int
	Of    [][]int
}

func (f *Folding) check(d *Dataset) error {
	if len(f.Of) != d.Queries() || f.Count < 2 {
		return fmt.Errorf("evaluation: %d folds of %d queries, want at least 2 of %d", f.Count, len(f.Of), d.Queries())
	}
	for q, list := range f.Of {
		if len(list) != len(d.judged[q]) {
			return fmt.Errorf("evaluation: the folds have %d pairs of query %q, the dataset has %d", len(list), d.queries[q].ID, len(d.judged[q]))
		}
		for _, fold := range list {
			if fold < 0 || fold >= f.Count {
				return fmt.Errorf("evaluation: a pair of query %q is in fold %d of %d", d.queries[q].ID, fold, f.Count)
			}
		}
	}
	return nil
}

// Select is the dataset with the judgements for which keep is true, given the
// query and the place of the judgement in [Dataset.Judgements]. Indices stay the
// same, so that runs fit both. It serves to train and to measure per fold.
func (d *Dataset) Select(keep func(query int32, judgement int) bool) *Dataset {
	r := *d
	r.judged = make([][]Judgement, len(d.judged))
	for q, list := range d.judged {
		for i, j := range list {
			if keep(int32(q), i) {
				r.judged[q] = append(r.judged[q], j)
			}
		}
	}
	return &r
}

// Unite puts the runs of the folds of one model together: each query's hits come
// from the run of every fold that judges it, in the order of folds. Scores of
// different folds come from different trainings and are compared within a query
// only, never pooled: with a split that cuts queries apart, measure each fold by
// itself.
func Unite(d *Dataset, folds []*Run) *Run {
	run := NewRun(d)
	for q := range run.Hits {
		for _, fold := range folds {
			run.Hits[q] = append(run.Hits[q], fold.Hits[q]...)
		}
	}
	return run
}
