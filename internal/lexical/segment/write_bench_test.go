//go:build unix

package segment_test

import (
	"context"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
)

// BenchmarkWrite stores documents as an import does, on disk with flushes and merges,
// and in memory, and reports the processor time of a document.
func BenchmarkWrite(b *testing.B) {
	docs, g := make([]lexical.Doc, *benchDocs), newGenerator(b, 1)
	for i := range docs {
		docs[i] = g.patent(i)
		docs[i].Payload.Tokens[match.FieldSector] = []string{"s"}
	}
	for _, c := range []struct {
		name string
		open func() lexical.Index
	}{
		{"memory", func() lexical.Index { return bigram.New() }},
		{"files", func() lexical.Index { return open(b, b.TempDir()) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				x, before := c.open(), processor()
				at := 0
				for part := range slices.Chunk(docs, 512) {
					if err := x.Upsert(context.Background(), part); err != nil {
						b.Fatal(err)
					}
					if at += len(part); at%(40*512) == 0 || at == len(docs) {
						if err := x.Flush(context.Background(), int64(at)); err != nil {
							b.Fatal(err)
						}
					}
				}
				if settling, ok := x.(interface{ Settle() error }); ok {
					if err := settling.Settle(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((processor()-before).Microseconds())/float64(len(docs)), "µs-CPU/doc")
				if err := x.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
