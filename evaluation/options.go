package evaluation

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
)

// Candidates says which hits of a run are ranked.
type Candidates int

const (
	// CandidatesAuto is CandidatesJudged where the dataset has pairs of the lowest
	// level, else CandidatesAll.
	CandidatesAuto Candidates = iota
	// CandidatesJudged drops the hits that nobody judged for the query: the order
	// of the judged candidates is measured.
	CandidatesJudged
	// CandidatesAll keeps every hit; one that nobody judged gains nothing.
	CandidatesAll
)

// Population says over which queries a mean is taken.
type Population int

const (
	// PopulationDefined is the queries on which the metric can tell models apart,
	// as its definition says.
	PopulationDefined Population = iota
	// PopulationTrec is every query with a judgement, 0 where the metric is not
	// defined: what trec_eval -c and ir_measures average.
	PopulationTrec
)

// Cutoffs are the values of k of each family of metrics.
type Cutoffs struct{ NDCG, Precision, Recall, Shown []int }

// Slice splits the queries by an attribute. Of gives the value of a query; the
// queries with the empty value are in no slice.
type Slice struct {
	Name string
	Of   func(query int32) string
}

// Options of Evaluate. The zero value is the default of every field.
type Options struct {
	Relevant   int        // the level from which a document is relevant; 3, and at most the scale's highest
	Candidates Candidates // which hits are ranked
	Ties       Ties       // in which order
	Population Population // over which queries
	MinJudged  int        // judged documents that nDCG, Spearman and Kendall ask of a query; 5
	Cutoffs    Cutoffs    // NDCG 5 10 20, Precision 1 5 10, Recall 5 10 20 50 100, Shown 10

	Samples      int    // of the bootstrap; 1,000; negative for no intervals
	Permutations int    // of the randomisation test; 10,000
	Seed         uint64 // of both
	Clusters     []int  // the near-duplicate group of each query; nil: each on its own
	Workers      int    // goroutines; GOMAXPROCS. The result does not depend on it

	Compare  []string // metrics that are compared, sliced and corrected for; ndcg@10 mrr map
	AllPairs bool     // compare every pair of models, not only each with the first
	Margin   float64  // differences of a query up to this are ties; 1e-9
	Slices   []Slice  // none
	Pool     Pool     // what to judge next
	Folds    *Folding // measured each by itself, and together; nil for none
}

// Pool bounds the list of pairs that are most worth judging.
type Pool struct {
	Depth int // ranks of each model that are looked at; 20
	Size  int // pairs at most; 100; negative for none
}

func (o Options) withDefaults(d *Dataset) (Options, error) {
	o.Relevant = cmp.Or(o.Relevant, min(3, d.scale.Max))
	o.MinJudged = cmp.Or(o.MinJudged, 5)
	o.Samples = cmp.Or(o.Samples, 1000)
	o.Permutations = cmp.Or(o.Permutations, 10000)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	o.Margin = cmp.Or(o.Margin, 1e-9)
	o.Pool.Depth = cmp.Or(o.Pool.Depth, 20)
	o.Pool.Size = cmp.Or(o.Pool.Size, 100)
	o.Cutoffs = o.Cutoffs.withDefaults()
	if o.Compare == nil {
		o.Compare = []string{o.Cutoffs.headline(), "mrr", "map"}
	}
	if o.Candidates == CandidatesAuto {
		o.Candidates = CandidatesAll
		if d.hasLowest() {
			o.Candidates = CandidatesJudged
		}
	}
	return o, o.check(d)
}

func (c Cutoffs) withDefaults() Cutoffs {
	or := func(own []int, standard ...int) []int {
		if own == nil {
			return standard
		}
		sorted := slices.Clone(own)
		slices.Sort(sorted)
		return slices.Compact(sorted)
	}
	return Cutoffs{
		NDCG: or(c.NDCG, 5, 10, 20), Precision: or(c.Precision, 1, 5, 10),
		Recall: or(c.Recall, 5, 10, 20, 50, 100), Shown: or(c.Shown, 10),
	}
}

// headline is nDCG@10, or nDCG at the first cutoff there is.
func (c Cutoffs) headline() string {
	if len(c.NDCG) == 0 || slices.Contains(c.NDCG, 10) {
		return "ndcg@10"
	}
	return fmt.Sprintf("ndcg@%d", c.NDCG[0])
}

func (o Options) check(d *Dataset) error {
	switch {
	case o.Relevant <= d.scale.Min || o.Relevant > d.scale.Max:
		return fmt.Errorf("evaluation: relevant level %d is not in %d–%d", o.Relevant, d.scale.Min+1, d.scale.Max)
	case o.Clusters != nil && len(o.Clusters) != d.Queries():
		return fmt.Errorf("evaluation: %d clusters for %d queries", len(o.Clusters), d.Queries())
	case o.Folds != nil && o.Folds.check(d) != nil:
		return o.Folds.check(d)
	case o.Permutations < 1 || o.Workers < 1 || o.MinJudged < 1:
		return fmt.Errorf("evaluation: permutations, workers and judged documents must be positive")
	}
	for _, ks := range [][]int{o.Cutoffs.NDCG, o.Cutoffs.Precision, o.Cutoffs.Recall, o.Cutoffs.Shown} {
		if slices.ContainsFunc(ks, func(k int) bool { return k < 1 }) {
			return fmt.Errorf("evaluation: a cutoff is below 1")
		}
	}
	return nil
}
