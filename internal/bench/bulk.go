package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/workload"
)

// Bulk says how many demands are to find their nearest patents, all by one job. All but
// the last three are required.
type Bulk struct {
	Source   *workload.Source
	Embedder embed.Embedder
	Seed     uint64
	Dir      string // see Search
	Patents  int
	Demands  int
	Limit    int  // 0 is 10
	Exact    bool // answers are to be exact
	Progress func(step string, done, total int)
}

// BulkReport is what was measured.
type BulkReport struct {
	Machine Machine `json:"machine"`
	Seed    uint64  `json:"seed"`
	Patents int     `json:"patents"`
	Demands int     `json:"demands"`
	Limit   int     `json:"limit"`
	Exact   bool    `json:"exact"`
	Filled  Filled  `json:"filled"`
	// Seconds are those of the searches alone, without making and embedding the demands.
	Seconds            float64 `json:"seconds"`
	PairsPerSecond     float64 `json:"pairs_per_second"`
	ProcessorSeconds   float64 `json:"processor_seconds,omitempty"`
	ProcessorNanos     float64 `json:"processor_ns_per_pair,omitempty"`
	Recall             float64 `json:"recall"`       // against exact answers, ties count as found
	RecallOf           int     `json:"recall_asked"` // demands that were compared
	PeakAnonymousBytes int64   `json:"peak_anonymous_bytes,omitempty"`
}

// blockOfDemands is how many demands are searched for at a time, as in package sweep, and
// compared how many of the first are compared with exact answers.
const blockOfDemands, compared = 8192, 512

// Run fills the built-in index, and searches for all demands by their whole texts.
func (b Bulk) Run(ctx context.Context, version string) (r *BulkReport, err error) {
	b.Limit = cmp.Or(b.Limit, 10)
	if b.Progress == nil {
		b.Progress = func(string, int, int) {}
	}
	if b.Patents < 1 || b.Demands < 1 || b.Limit < 1 {
		return nil, match.Invalidf("patents, demands, limit", "are less than 1")
	}
	r = &BulkReport{Machine: ThisMachine(version), Seed: b.Seed, Patents: b.Patents, Demands: b.Demands, Limit: b.Limit, Exact: b.Exact}
	c, err := newCatalog(ctx, workload.New(b.Source, b.Seed, b.Patents), b.Embedder, b.Patents, b.Dir, func(done int) { b.Progress("embedding", done, b.Patents) })
	if err != nil {
		return nil, err
	}
	spec := index.Spec{Collection: "patents", Model: b.Embedder.Identity(), Dim: b.Embedder.Dim(), Vectors: retrieve.VectorNames()}
	ix, filled, err := BuiltIn(b.Dir).fill(ctx, spec, c, func(done int) { b.Progress("built-in", done, b.Patents) })
	if err != nil {
		return nil, err
	}
	r.Filled = filled
	defer func() { err = errors.Join(err, ix.Close()) }()
	end := peak()
	err = b.search(ctx, ix, c.generator, r)
	r.PeakAnonymousBytes = end()
	pairs := float64(b.Patents) * float64(b.Demands)
	r.PairsPerSecond, r.ProcessorNanos = pairs/r.Seconds, r.ProcessorSeconds*1e9/pairs
	return r, err
}

func (b Bulk) search(ctx context.Context, ix index.Index, g *workload.Generator, r *BulkReport) error {
	for from := 0; from < b.Demands; from += blockOfDemands {
		n := min(blockOfDemands, b.Demands-from)
		_, vectors, err := demands(ctx, g, b.Embedder, from, n)
		if err != nil {
			return err
		}
		m := index.Many{Name: retrieve.TextVector, Limit: b.Limit, Exact: b.Exact}
		for _, v := range vectors {
			m.Vectors = append(m.Vectors, v.text)
		}
		start, before := time.Now(), processor()
		got, err := index.SearchMany(ctx, ix, m, 1)
		if err != nil {
			return fmt.Errorf("searching: %w", err)
		}
		r.Seconds, r.ProcessorSeconds = r.Seconds+time.Since(start).Seconds(), r.ProcessorSeconds+(processor()-before).Seconds()
		if from == 0 {
			if err := b.compare(ctx, ix, m, got, r); err != nil {
				return err
			}
		}
		b.Progress("searching", from+n, b.Demands)
	}
	return nil
}

// compare finds out the recall of the first answers.
func (b Bulk) compare(ctx context.Context, ix index.Index, m index.Many, got [][]index.Hit, r *BulkReport) error {
	m.Vectors, m.Exact = m.Vectors[:min(compared, len(m.Vectors))], true
	want, err := index.SearchMany(ctx, ix, m, 1)
	if err != nil {
		return err
	}
	found, all := 0, 0
	for i, hits := range want {
		all += len(hits)
		for _, hit := range got[i][:min(len(hits), len(got[i]))] {
			if hit.Score >= hits[len(hits)-1].Score-tie {
				found++
			}
		}
	}
	r.RecallOf, r.Recall = len(want), 1
	if all > 0 {
		r.Recall = float64(found) / float64(all)
	}
	return nil
}
