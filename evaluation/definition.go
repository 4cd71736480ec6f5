package evaluation

import (
	"fmt"
	"strings"
)

// Definition says what a metric is. Name is its key in metrics.json and in gate
// requirements: lower case, the cutoff after @, the relevance level in brackets,
// as in "recall@100(rel>=3)". It never changes meaning.
type Definition struct {
	Name       string // "ndcg@10"
	Title      string // "nDCG@10"
	Unit       string // "0–1", "ms"…
	Lower      bool   // lower values are better
	Population string // what it is taken over
	Text       string // the exact definition
	Source     string // where it comes from
}

// measure computes a metric. Each query adds size cells to the sheet of its
// model; the metric of any multiset of queries is finish of the sums of their
// cells. A mean over queries has the cells (value, 1), or (0, 0) outside the
// population.
type measure struct {
	Definition
	kind   kind
	size   int
	fill   func(v *view, cells []float64)
	finish func(sums []float64) float64
	lacks  func(m Model) string // why the model cannot have it; "" if it can
	unfit  string               // for slices: why a part of the queries has no value; "" if it has
}

// kind says whether single queries have a value, which paired tests need.
type kind int

const (
	mean   kind = iota // mean over queries
	ratio              // sum of cell 0 over sum of cell 1, summed over pairs; queries have values
	pooled             // a statistic of all pairs together; queries have none
)

// lowerCells tells whether low values of cell 0 are good, for wins and losses.
func (m measure) lowerCells() bool { return m.Lower || m.kind == ratio }

// inPopulation tells whether the query with these cells counts.
func (m measure) inPopulation(cells []float64) bool {
	for _, c := range cells {
		if c != 0 {
			return true
		}
	}
	return false
}

func quotient(sums []float64) float64 { return sums[0] / sums[1] }

// meanOf is a measure that averages value over the queries for which in is true;
// over all judged queries, with 0 for the others, when trec is set.
func meanOf(d Definition, trec bool, in func(*view) bool, value func(*view) float64) measure {
	return measure{Definition: d, kind: mean, size: 2, finish: quotient, fill: func(v *view, cells []float64) {
		switch {
		case in(v):
			cells[0], cells[1] = value(v), 1
		case trec:
			cells[1] = 1
		}
	}}
}

func (o Options) rel(name string) string { return fmt.Sprintf("%s(rel>=%d)", name, o.Relevant) }

// Resolve finds the metric that name means: its exact name, or the part before
// the bracket where only one metric has it, in any case. "nDCG@10" is ndcg@10 and
// "MRR" is mrr(rel>=3).
func (r *Result) Resolve(name string) (Definition, error) {
	i, err := resolve(len(r.Metrics), func(i int) string { return r.Metrics[i].Name }, name)
	if err != nil {
		return Definition{}, err
	}
	return r.Metrics[i], nil
}

func resolve(n int, nameOf func(int) string, name string) (int, error) {
	wanted, found := strings.ToLower(strings.TrimSpace(name)), -1
	for i := range n {
		known := nameOf(i)
		if known == wanted {
			return i, nil
		}
		if base, _, ok := strings.Cut(known, "("); ok && base == wanted {
			if found >= 0 {
				return 0, fmt.Errorf("evaluation: metric %q is ambiguous: %s or %s", name, nameOf(found), known)
			}
			found = i
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("evaluation: no metric %q", name)
	}
	return found, nil
}
