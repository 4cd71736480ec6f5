package evaluation

import (
	"context"
	"fmt"
	"time"
)

// Scorer gives the score of a document for a query, the higher the better, both
// by index in the dataset. It is called from several goroutines.
type Scorer func(query, document int32) (float64, error)

// Rank makes a run from a scoring function: for each judged query its judged
// documents, or with CandidatesAll the whole corpus, ordered by score, then
// document id ascending, of which the first depth are kept (0 for all). latencies
// is the time that each query took. A score that is not finite is an error, and so
// is the first error of score.
func Rank(d *Dataset, candidates Candidates, depth, workers int, score Scorer) (run *Run, latencies []time.Duration, err error) {
	if candidates == CandidatesAuto {
		candidates = CandidatesAll
		if d.hasLowest() {
			candidates = CandidatesJudged
		}
	}
	run, latencies = NewRun(d), make([]time.Duration, d.Queries())
	errs := make([]error, d.Queries())
	parallel(context.Background(), max(workers, 1), d.Queries(), func(next func() (int, bool)) {
		for q, ok := next(); ok; q, ok = next() {
			if len(d.judged[q]) == 0 {
				continue
			}
			start := time.Now()
			run.Hits[q], errs[q] = d.rank(int32(q), candidates, depth, score)
			latencies[q] = max(time.Since(start), 1)
		}
	})
	for q, e := range errs {
		if e != nil {
			return nil, nil, fmt.Errorf("evaluation: rank query %q: %w", d.queries[q].ID, e)
		}
	}
	return run, latencies, nil
}

func (d *Dataset) rank(q int32, candidates Candidates, depth int, score Scorer) ([]Hit, error) {
	n := d.Documents()
	if candidates == CandidatesJudged {
		n = len(d.judged[q])
	}
	hits := make([]Hit, n)
	for i := range hits {
		document := int32(i)
		if candidates == CandidatesJudged {
			document = d.judged[q][i].Document
		}
		s, err := score(q, document)
		if err == nil && !finite(s) {
			err = fmt.Errorf("the score is %v", s)
		}
		if err != nil {
			return nil, fmt.Errorf("document %q: %w", d.documentID(document), err)
		}
		hits[i] = Hit{Document: document, Score: s}
	}
	d.Order(hits, TiesRank)
	if depth > 0 && depth < len(hits) {
		hits = hits[:depth:depth]
	}
	for i := range hits {
		hits[i].Rank = int32(i + 1)
	}
	return hits, nil
}

// Random scores pairs by chance: a hash of the seed and both ids, so that the run
// does not depend on the order of files. It is the floor of every comparison.
func Random(d *Dataset, seed uint64) Scorer {
	return func(query, document int32) (float64, error) {
		h := seed ^ 0x9e3779b97f4a7c15
		for _, id := range []string{d.queries[query].ID, "\x00", d.documentID(document)} {
			for i := range len(id) {
				h = (h ^ uint64(id[i])) * 0x100000001b3
				h ^= h >> 29
			}
		}
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		return float64((h^h>>31)>>11) / (1 << 53), nil
	}
}
