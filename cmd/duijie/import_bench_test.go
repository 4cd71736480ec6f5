package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
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
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
	"github.com/duijie/duijie/internal/text"
)

// rowsFlag is the size of the benchmarks' file:
//
//	go test ./cmd/duijie -run '^$' -bench Import -benchtime 1x -rows 1000000
var rowsFlag = flag.Int("rows", 10_000, "rows of the import benchmarks")

// writer makes patents by recombining the sentences of the sample: titles of the
// sample with a number, abstracts of about 200 characters.
type writer struct {
	random    *rand.Rand
	titles    []string
	sentences []string
	patents   []match.Patent
}

func newWriter(tb testing.TB) *writer {
	s, err := sample.Load()
	if err != nil {
		tb.Fatal(err)
	}
	w := &writer{random: rand.New(rand.NewPCG(1, 2)), patents: s.Patents}
	for _, p := range s.Patents {
		w.titles = append(w.titles, p.Title)
		runes := []rune(p.Abstract)
		for _, sentence := range text.Sentences(p.Abstract) {
			w.sentences = append(w.sentences, string(runes[sentence.Start:sentence.End]))
		}
	}
	return w
}

func (w *writer) patent(n int) match.Patent {
	p := w.patents[w.random.IntN(len(w.patents))]
	p.Number = fmt.Sprintf("CN%09dA", n)
	p.Title = fmt.Sprintf("%s（%d）", w.titles[w.random.IntN(len(w.titles))], n)
	var b strings.Builder
	for b.Len() < 600 { // 200 Chinese characters
		b.WriteString(w.sentences[w.random.IntN(len(w.sentences))])
	}
	p.Abstract = string([]rune(b.String())[:min(200, len([]rune(b.String())))])
	p.Claims, p.Attributes = "", nil
	return p
}

// generate writes a file of n rows, once a run.
func generate(tb testing.TB, format string, n int) string {
	tb.Helper()
	path := filepath.Join(os.TempDir(), fmt.Sprintf("duijie-bench-%d.%s", n, format))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		tb.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	w, table := newWriter(tb), csv.NewWriter(out)
	if format == "csv" {
		err = table.Write(strings.Split("公开号,专利名称,摘要,申请人,地区,IPC分类号,申请日,法律状态", ","))
	}
	for i := 0; i < n && err == nil; i++ {
		p := w.patent(i)
		if format == "jsonl" {
			err = ingest.WriteJSONL(out, match.NewPatent(match.DefaultTenant, p))
			continue
		}
		var holders []string
		for _, a := range p.Applicants {
			holders = append(holders, a.Name)
		}
		err = table.Write([]string{p.Number, p.Title, p.Abstract, strings.Join(holders, ";"), p.Region, strings.Join(p.IPC, ";"), string(p.FilingDate), string(p.LegalStatus)})
	}
	table.Flush()
	if err = errors.Join(err, table.Error(), out.Flush(), f.Close(), os.Rename(path+".part", path)); err != nil {
		tb.Fatal(err)
	}
	return path
}

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
