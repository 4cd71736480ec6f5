package evaluation

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Hit is one document of a ranking.
type Hit struct {
	Document int32
	Rank     int32 // from 1, as the model or its file gave it
	Score    float64
}

// Run is the rankings of a model: Hits[q] of query q of the dataset, in any
// order. Scores are finite and a document occurs at most once per query.
type Run struct{ Hits [][]Hit }

// NewRun is an empty run for d.
func NewRun(d *Dataset) *Run { return &Run{Hits: make([][]Hit, d.Queries())} }

// Prediction is the level that a model gives a document for the query that holds
// it. P, where the model has probabilities, has one for each level of the scale,
// lowest first, and adds up to 1.
type Prediction struct {
	Document int32
	Level    int8
	P        []float64
}

// Levels is the predicted levels of a model: Predictions[q] of query q.
type Levels struct{ Predictions [][]Prediction }

// Model is one competitor: a name, its run, and what else is known of it.
type Model struct {
	Name      string          // unique, not empty
	Run       *Run            // required
	Levels    *Levels         // nil for a model that predicts none
	Reverse   *Run            // rankings of queries for each document, over Dataset.Reverse; or nil
	Latencies []time.Duration // of each query, 0 where not measured; or nil
	Warnings  []string        // what makes its figures doubtful, in English sentences; or nil
}

// Ties says in which order hits are ranked.
type Ties int

const (
	// TiesTrec ranks as trec_eval does: score descending, compared in single
	// precision, then document id descending byte by byte. Ranks of the file are
	// ignored. It is the default, for comparison with other tools.
	TiesTrec Ties = iota
	// TiesRank ranks by the model's own ranks, then score descending, then
	// document id ascending: what users of the model see.
	TiesRank
)

// Order sorts the hits of one query by ties.
func (d *Dataset) Order(hits []Hit, ties Ties) {
	if !d.inOrder(hits, ties) {
		slices.SortFunc(hits, d.compare(ties))
	}
}

func (d *Dataset) compare(ties Ties) func(a, b Hit) int {
	if ties == TiesRank {
		return d.compareRank
	}
	return d.compareTrec
}

// inOrder tells whether hits are sorted by ties. Scores that fall from hit to hit,
// as in most files, are told without comparing ids.
func (d *Dataset) inOrder(hits []Hit, ties Ties) bool {
	if ties == TiesTrec {
		falling := 1
		for falling < len(hits) && float32(hits[falling-1].Score) > float32(hits[falling].Score) {
			falling++
		}
		hits = hits[min(falling-1, len(hits)):]
	}
	return slices.IsSortedFunc(hits, d.compare(ties))
}

func (d *Dataset) compareTrec(a, b Hit) int {
	x, y := float32(a.Score), float32(b.Score)
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return strings.Compare(d.documentID(b.Document), d.documentID(a.Document))
}

func (d *Dataset) compareRank(a, b Hit) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(b.Score, a.Score),
		strings.Compare(d.documentID(a.Document), d.documentID(b.Document)))
}

// check reports a model that does not fit the dataset; what lies inside each
// query's list is checked when it is scored.
func (m Model) check(d *Dataset) error {
	switch {
	case m.Name == "":
		return fmt.Errorf("evaluation: a model has no name")
	case m.Run == nil || len(m.Run.Hits) != d.Queries():
		return fmt.Errorf("evaluation: model %s: the run is not of this dataset's %d queries", m.Name, d.Queries())
	case m.Levels != nil && len(m.Levels.Predictions) != d.Queries():
		return fmt.Errorf("evaluation: model %s: levels are not of this dataset's %d queries", m.Name, d.Queries())
	case m.Reverse != nil && len(m.Reverse.Hits) != d.Documents():
		return fmt.Errorf("evaluation: model %s: the reverse run is not of this dataset's %d documents", m.Name, d.Documents())
	case m.Latencies != nil && len(m.Latencies) != d.Queries():
		return fmt.Errorf("evaluation: model %s: latencies are not of this dataset's %d queries", m.Name, d.Queries())
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
