package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// rowsFlag is the size of the benchmarks' file:
//
//	go test ./cmd/duijie -run '^$' -bench Import -benchtime 1x -rows 1000000
var rowsFlag = flag.Int("rows", 10_000, "rows of the import benchmarks")

// perSecond reports the speed, and the processor time for a record.
func perSecond(b *testing.B, records int, began time.Time, cpu time.Duration) {
	b.ReportMetric(float64(records)/time.Since(began).Seconds(), "records/s")
	b.ReportMetric(float64((processorTime()-cpu).Microseconds())/float64(records), "cpu-µs/record")
}

// batches reads a file and gives its records in batches.
func batches(b *testing.B, path string, workers int, use func([]ingest.Row)) (rows int) {
	r, err := ingest.Open(path, ingest.Options{Kind: match.PatentKind})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for batch, err := range r.Batches(context.Background(), importBatch, workers) {
		if err != nil {
			b.Fatal(err)
		}
		use(batch)
		rows += len(batch)
	}
	if s := r.Summary(); s.Rejected > 0 {
		b.Fatalf("%d rows are rejected", s.Rejected)
	}
	return rows
}

func BenchmarkImportParse(b *testing.B) {
	for _, format := range []string{"csv", "jsonl"} {
		for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
			b.Run(fmt.Sprintf("%s/%d", format, workers), func(b *testing.B) {
				path := generate(b, format, *rowsFlag)
				began, cpu, rows := time.Now(), processorTime(), 0
				for b.Loop() {
					rows += batches(b, path, workers, func([]ingest.Row) {})
				}
				perSecond(b, rows, began, cpu)
			})
		}
	}
}

// loaded holds the file's records in memory, for the stages behind parsing.
func loaded(b *testing.B) (out [][]ingest.Row) {
	batches(b, generate(b, "jsonl", *rowsFlag), 2, func(rows []ingest.Row) { out = append(out, rows) })
	return out
}

func BenchmarkImportStore(b *testing.B) {
	all := loaded(b)
	for b.Loop() {
		s, err := sqlite.Open(context.Background(), b.TempDir(), sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		began, cpu, rows := time.Now(), processorTime(), 0
		for _, batch := range all {
			items := make([]store.Item, len(batch))
			for i, row := range batch {
				items[i].Record = row.Record
			}
			if _, err := s.Put(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
				b.Fatal(err)
			}
			rows += len(batch)
		}
		perSecond(b, rows, began, cpu)
		s.Close()
	}
}

// BenchmarkImportRead reads records back as the catalog does to follow them.
func BenchmarkImportRead(b *testing.B) {
	ctx, dir := context.Background(), b.TempDir()
	s, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for _, batch := range loaded(b) {
		items := make([]store.Item, len(batch))
		for i, row := range batch {
			items[i].Record = row.Record
		}
		if _, err := s.Put(ctx, store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		began, cpu, rows := time.Now(), processorTime(), 0
		for at := int64(0); ; {
			page, err := s.Changes(ctx, match.PatentKind, at, 512)
			if err != nil {
				b.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			rows += len(page)
			at = page[len(page)-1].Seq
		}
		perSecond(b, rows, began, cpu)
	}
}

func BenchmarkImportEmbed(b *testing.B) {
	model, err := static.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	all := loaded(b)
	for b.Loop() {
		began, cpu, rows := time.Now(), processorTime(), 0
		for _, batch := range all {
			var texts []string
			for i := range batch {
				texts = append(texts, retrieve.EmbeddedTexts(batch[i].Record.Texts())...)
			}
			if _, err := model.Embed(context.Background(), retrieve.Role(match.PatentKind), texts); err != nil {
				b.Fatal(err)
			}
			rows += len(batch)
		}
		perSecond(b, rows, began, cpu)
	}
}

func BenchmarkImportIndex(b *testing.B) {
	all := loaded(b)
	vector := make([]float32, 256)
	for i := range vector {
		vector[i] = 1.0 / 16
	}
	b.Run("vectors", func(b *testing.B) {
		for b.Loop() {
			x, err := flat.Open(b.TempDir(), index.Spec{Collection: "patents", Model: "bench", Dim: len(vector), Vectors: retrieve.VectorNames()})
			if err != nil {
				b.Fatal(err)
			}
			indexAll(b, all, func(rows []ingest.Row) error {
				points := make([]index.Point, len(rows))
				for i := range rows {
					r := &rows[i].Record
					points[i] = index.Point{Key: r.Key(), Payload: r.Payload(), Vectors: map[string][]float32{retrieve.TitleVector: vector, retrieve.TextVector: vector}}
				}
				return x.Upsert(context.Background(), points)
			})
			x.Close()
		}
	})
	b.Run("words", func(b *testing.B) {
		for b.Loop() {
			x := bigram.New()
			indexAll(b, all, func(rows []ingest.Row) error {
				docs := make([]lexical.Doc, len(rows))
				for i := range rows {
					r := &rows[i].Record
					docs[i] = lexical.Doc{Key: r.Key(), Text: r.Texts().Full(), Payload: r.Payload()}
				}
				return x.Upsert(context.Background(), docs)
			})
			x.Close()
		}
	})
}

func indexAll(b *testing.B, all [][]ingest.Row, put func([]ingest.Row) error) {
	began, cpu, rows := time.Now(), processorTime(), 0
	for _, batch := range all {
		if err := put(batch); err != nil {
			b.Fatal(err)
		}
		rows += len(batch)
	}
	perSecond(b, rows, began, cpu)
}

// BenchmarkImportWhole is an import until everything can be searched.
func BenchmarkImportWhole(b *testing.B) {
	for _, format := range []string{"csv", "jsonl"} {
		b.Run(format, func(b *testing.B) {
			path := generate(b, format, *rowsFlag)
			for b.Loop() {
				ctx, dir := context.Background(), b.TempDir()
				in, err := instance.Open(ctx, instance.Config{Data: dir})
				if err != nil {
					b.Fatal(err)
				}
				began, cpu := time.Now(), processorTime()
				job := importJob{acks: &acks{}, catalog: in.Catalog, store: in.Store, journals: dir, summary: newImportSummary(), bar: progress()}
				if err := job.files(ctx, []string{path}, ingest.Options{Kind: match.PatentKind}); err != nil {
					b.Fatal(err)
				}
				stored := time.Since(began)
				if err := in.Catalog.Await(ctx); err != nil {
					b.Fatal(err)
				}
				perSecond(b, job.summary.Rows, began, cpu)
				b.ReportMetric(stored.Seconds(), "s-until-stored")
				b.ReportMetric(time.Since(began).Seconds(), "s-until-searchable")
				if err := in.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
