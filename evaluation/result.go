package evaluation

import (
	"math"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
)

// Result is what an evaluation found. It is not changed any more and may be read
// concurrently.
type Result struct {
	Summary     Summary
	Options     Options      // with defaults filled in
	Metrics     []Definition // in the order of ModelResult.Estimates
	Models      []ModelResult
	Comparisons []Comparison  // corrected together
	Slices      []SliceResult // in the order of Options.Slices, largest slice first
	Worth       []WorthJudging
	Folds       *FoldsResult // nil without Options.Folds

	// What the caller knows of the data besides: it is written to metrics.json and
	// shown in reports.
	Leakage   []Leakage
	Agreement *Agreement // nil where nobody knows who judged

	dataset *Dataset
}

// Summary describes the dataset.
type Summary struct {
	Name       string
	Queries    int   // with a judgement
	Clusters   int   // of those queries
	Rankable   int   // in the population of nDCG
	Documents  int   // of the corpus
	Judgements int   // pairs
	PerLevel   []int // pairs, from the lowest level up
}

// ModelResult is the figures of one model.
type ModelResult struct {
	Name      string
	Estimates []Estimate // of Result.Metrics
	// Confusion counts pairs by judged and predicted level; nil where levels are
	// null.
	Confusion metric.Confusion
	// Reliability is the bins behind the calibration error; nil where it is null.
	Reliability []metric.Bin
	// Shown is how often each document was in the first k ranks, by k.
	Shown map[int][]int32
	// Answered is the number of judged queries for which the run ranks something.
	Answered int
	// Warnings is what makes the figures doubtful: as the model came with it, and that most of
	// its ranking is not judged.
	Warnings []string

	sheet *sheet
}

// PerQuery is the value of a metric for each query of the dataset, NaN outside its
// population. It is nil for metrics that single queries do not have, and for those
// that are null.
func (r *Result) PerQuery(model int, name string) []float64 {
	s := r.Models[model].sheet
	i, err := resolve(len(r.Metrics), func(i int) string { return r.Metrics[i].Name }, name)
	if err != nil || i >= len(s.measures) { // a metric of the whole run
		return nil
	}
	return s.perQuery(i)
}

// Model finds a model by its name; -1 if there is none.
func (r *Result) Model(name string) int {
	for i, m := range r.Models {
		if m.Name == name {
			return i
		}
	}
	return -1
}

// Estimate is a metric of a model; a null estimate if there is no such metric.
func (r *Result) Estimate(model int, name string) Estimate {
	i, err := resolve(len(r.Metrics), func(i int) string { return r.Metrics[i].Name }, name)
	if err != nil {
		return Estimate{Value: Null(err.Error()), IntervalReason: err.Error()}
	}
	return r.Models[model].Estimates[i]
}

// Comparison is candidate minus baseline on one metric.
type Comparison struct {
	Metric, Baseline, Candidate string
	Lower                       bool      // of the metric: lower values are better
	Difference                  Value     // candidate minus baseline
	Interval                    *Interval // of the difference, 95 %, same resamples for both
	P                           Value     // two-sided paired randomisation test
	PHolm                       Value     // P corrected for all comparisons of the result
	Record                      statistic.Record
	Detectable                  Value // smallest true difference found with probability 0.8
	Queries, Clusters           int   // that it rests on
}

// SliceResult is the figures of the queries that share a value of an attribute.
// Its comparisons have intervals but no p-values: slices are looked at for harm,
// not searched for success.
type SliceResult struct {
	Attribute, Value  string
	Queries, Clusters int
	Metrics           []string     // those of Options.Compare
	Estimates         [][]Estimate // by model, by metric
	Comparisons       []Comparison
}

// WorthJudging is an unjudged pair whose judgement would tell most.
type WorthJudging struct {
	Query, Document string
	Worth           float64
	Ranks           []int // by model, 0 where it is not within the depth
}

func (s *sheet) perQuery(i int) []float64 {
	m := s.measures[i]
	if s.reasons[i] != "" || m.kind == pooled {
		return nil
	}
	values := make([]float64, s.queries)
	for q := range values {
		values[q] = math.NaN()
		if cells := s.row(int32(q), i); cells[1] != 0 {
			values[q] = m.finish(cells)
		}
	}
	return values
}
