package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	vectors "github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
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
	for name, open := range map[string]func() (lexical.Index, error){
		"words/memory": func() (lexical.Index, error) { return bigram.New(), nil },
		"words/files":  func() (lexical.Index, error) { return segment.Open(b.TempDir()) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x, err := open()
				if err != nil {
					b.Fatal(err)
				}
				at := int64(0)
				indexAll(b, all, func(rows []ingest.Row) error {
					docs := make([]lexical.Doc, len(rows))
					for i := range rows {
						r := &rows[i].Record
						docs[i] = lexical.Doc{Key: r.Key(), Text: r.Texts().Full(), Payload: r.Payload()}
					}
					if err := x.Upsert(context.Background(), docs); err != nil {
						return err
					}
					before := at / flushed
					if at += int64(len(rows)); at/flushed == before {
						return nil
					}
					return x.Flush(context.Background(), at)
				})
				x.Close()
			}
		})
	}
}

// flushed is the number of records after which the catalog flushes during an import.
const flushed = 20_000

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

// BenchmarkImportWhole is an import until everything can be searched, and then, apart
// from it, matches in what it left, the merging that comes when no writes do, and matches
// in that.
func BenchmarkImportWhole(b *testing.B) {
	for _, format := range []string{"csv", "jsonl"} {
		b.Run(format, func(b *testing.B) {
			path := generate(b, format, *rowsFlag)
			for b.Loop() {
				importWhole(b, path)
			}
		})
	}
}

func importWhole(b *testing.B, path string) {
	ctx, dir := context.Background(), b.TempDir()
	in, err := instance.Open(ctx, instance.Config{Data: dir})
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	peak := watchMemory()
	began, cpu := time.Now(), processorTime()
	job := importJob{acks: &acks{}, records: folderRecords{in.Catalog, in.Store}, newest: folderRecords{in.Catalog, in.Store}.newest, journals: dir, summary: newImportSummary(), bar: progress()}
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
	b.ReportMetric(float64(peak())/(1<<20), "MiB-anonymous")
	matchSome(b, in, "at-once")
	began, cpu = time.Now(), processorTime()
	side := in.Engine.Sides[match.PatentKind]
	if err := errors.Join(side.Vectors.(*vectors.Index).Settle(ctx), side.Words.(*segment.Index).Settle()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(began).Seconds(), "s-merging")
	b.ReportMetric(float64((processorTime()-cpu).Microseconds())/float64(job.summary.Rows), "cpu-µs/record-merging")
	matchSome(b, in, "merged")
}

// matchSome reports the median of the times that matches of the sample's demands take.
func matchSome(b *testing.B, in *instance.Instance, when string) {
	s, err := sample.Load()
	if err != nil {
		b.Fatal(err)
	}
	var times []time.Duration
	for _, d := range s.Demands[:min(40, len(s.Demands))] {
		began := time.Now()
		answer, err := in.Engine.Match(context.Background(), match.Request{ID: d.ID, Tenant: match.DefaultTenant, Limit: 10,
			From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: d.Texts()})
		if err != nil || len(answer.Hits) == 0 {
			b.Fatalf("demand %s: no hits, %v", d.ID, err)
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms/match-"+when)
}
