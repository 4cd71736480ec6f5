package bench

import (
	"context"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/workload"
)

// EmbedReport is what was measured of an embedder.
type EmbedReport struct {
	Machine   Machine   `json:"machine"`
	Seed      uint64    `json:"seed"`
	Records   int       `json:"records"`
	Embedding Embedding `json:"embedding"`
}

// Embed measures how fast patents are embedded.
func Embed(ctx context.Context, s *workload.Source, seed uint64, e embed.Embedder, records int, version string, progress func(done int)) (*EmbedReport, error) {
	c := &catalog{generator: workload.New(s, seed, records), embedder: e, size: records}
	report := &EmbedReport{Machine: ThisMachine(version), Seed: seed, Records: records}
	var spent effort
	for from := 0; from < records; from += batch {
		made := c.records(from, min(batch, records-from))
		if _, err := spent.embed(ctx, e, made); err != nil {
			return nil, err
		}
		progress(from + len(made))
	}
	report.Embedding = spent.of(e, records)
	return report, nil
}

// effort is the time that embedding took, by the clock and of processors.
type effort struct{ took, used time.Duration }

func (f *effort) embed(ctx context.Context, e embed.Embedder, records []*match.Record) ([]embedded, error) {
	start, before := time.Now(), processor()
	vectors, err := embedAll(ctx, e, records)
	f.took, f.used = f.took+time.Since(start), f.used+processor()-before
	return vectors, err
}

func (f *effort) of(e embed.Embedder, records int) Embedding {
	return Embedding{
		Model: e.Identity(), Dim: e.Dim(), RecordsPerSecond: float64(records) / f.took.Seconds(),
		ProcessorMicros: float64(f.used.Microseconds()) / float64(records),
	}
}
