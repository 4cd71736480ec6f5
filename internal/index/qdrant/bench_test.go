package qdrant_test

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
)

var (
	benchDocs   = flag.Int("docs", 20_000, "documents and points of the benchmarks")
	benchShards = flag.Int("shards", 1, "shards of the benchmarks")
)

// clauses are those of the built-in sample's patents.
func clauses(b *testing.B) [][]string {
	c, err := sample.Load()
	if err != nil {
		b.Fatal(err)
	}
	var out [][]string
	for _, p := range c.Patents {
		out = append(out, strings.FieldsFunc(p.Title+"，"+p.Abstract, func(r rune) bool { return strings.ContainsRune("，。；：、！？\n", r) }))
	}
	return out
}

// recombined makes a text of n code points about three patents, with names that few
// other texts have.
func recombined(r *rand.Rand, all [][]string, n int) string {
	about := [][]string{all[r.IntN(len(all))], all[r.IntN(len(all))], all[r.IntN(len(all))]}
	var b strings.Builder
	for size := 0; size < n; {
		from := about[r.IntN(3)]
		if r.IntN(3) == 0 {
			from = all[r.IntN(len(all))]
		}
		clause := []rune(from[r.IntN(len(from))])
		if r.IntN(6) == 0 {
			u, v := r.Float64(), r.Float64()
			clause = append(clause, 0x4E00+rune(u*u*u*u*5000), 0x4E00+rune(v*v*v*v*5000))
		}
		b.WriteString(string(clause) + "，")
		size += len(clause) + 1
	}
	return b.String()
}

// BenchmarkWords stores documents of 260 characters and searches them with texts of 300,
// pruned and in full:
//
//	go test ./internal/index/qdrant -run '^$' -bench Words -benchtime 1x -timeout 0 -docs 1350000
func BenchmarkWords(b *testing.B) {
	cfg, all := fresh(b, qdranttest.Addr(b)), clauses(b)
	cfg.Settings.Shards = *benchShards
	ctx, r := context.Background(), rand.New(rand.NewPCG(1, 250))
	w, local := openWords(b, cfg), bigram.New()
	began := time.Now()
	for n := 0; n < *benchDocs; {
		docs := make([]lexical.Doc, min(512, *benchDocs-n))
		for i := range docs {
			docs[i] = lexical.Doc{Key: fmt.Sprintf("default/CN%d", n+i), Text: recombined(r, all, 260), Payload: match.Payload{
				Tokens: map[string][]string{match.FieldTenant: {"default"}, match.FieldIPC: {fmt.Sprintf("A%02d", r.IntN(100))}},
			}}
		}
		n += len(docs)
		for _, x := range []lexical.Index{w, local} {
			if err := x.Upsert(ctx, docs); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Flush(ctx, int64(n)); err != nil {
			b.Fatal(err)
		}
	}
	stored := time.Since(began)
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	began = time.Now()
	w = closing(b, openWords(b, cfg))
	opening := time.Since(began)
	settling := settled(b, cfg, "words")
	for b.Loop() {
		measureWords(b, w, local, all, "", nil)
		measureWords(b, w, local, all, "of1%-", []match.Condition{{Field: match.FieldIPC, AnyOf: []string{"A07"}}})
	}
	b.ReportMetric(stored.Seconds(), "s-to-store")
	b.ReportMetric(settling.Seconds(), "s-to-settle")
	b.ReportMetric(float64(opening.Milliseconds()), "ms-to-open")
}

func measureWords(b *testing.B, w *qdrant.Words, local lexical.Index, all [][]string, name string, conditions []match.Condition) {
	ctx, r := context.Background(), rand.New(rand.NewPCG(2, 250))
	var pruned, full, scored []time.Duration
	overlap, queries := 0.0, 60
	for range queries {
		q := lexical.Query{Text: recombined(r, all, 300), Limit: 50, Conditions: conditions}
		want, err := local.Search(ctx, q)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		hits, err := w.Search(ctx, q)
		if err != nil {
			b.Fatal(err)
		}
		pruned = append(pruned, time.Since(began))
		keys := make([]string, 0, len(want))
		for _, h := range want {
			keys = append(keys, h.Key)
		}
		found := 0
		for _, h := range hits {
			if slices.Contains(keys, h.Key) {
				found++
			}
		}
		overlap += float64(found) / float64(max(1, len(want))) / float64(queries)
		began = time.Now()
		if _, err := w.Score(ctx, q.Text, keys); err != nil {
			b.Fatal(err)
		}
		scored = append(scored, time.Since(began))
		q.Exact = true
		began = time.Now()
		if hits, err = w.Search(ctx, q); err != nil {
			b.Fatal(err)
		}
		full = append(full, time.Since(began))
		if !slices.Equal(hits, want) {
			b.Errorf("an exact search differs from the built-in index")
		}
	}
	b.ReportMetric(quantile(pruned, 0.5), name+"ms-p50")
	b.ReportMetric(quantile(pruned, 0.99), name+"ms-p99")
	b.ReportMetric(quantile(full, 0.5), name+"ms-exact-p50")
	b.ReportMetric(quantile(scored, 0.5), name+"ms-score50-p50")
	b.ReportMetric(overlap, name+"overlap@50")
}

func quantile(times []time.Duration, at float64) float64 {
	slices.Sort(times)
	return float64(times[int(at*float64(len(times)-1))].Microseconds()) / 1000
}

// settled waits until the server has optimised what it has.
func settled(b *testing.B, cfg qdrant.Config, part string) time.Duration {
	c := connect(b, cfg.Addrs[0])
	names, err := c.ListCollections(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	for _, name := range names {
		for strings.HasPrefix(name, cfg.Prefix) && strings.Contains(name, part) {
			info, err := c.GetCollectionInfo(context.Background(), name)
			if err != nil {
				b.Fatal(err)
			}
			if info.GetStatus().String() == "Green" {
				break
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
	return time.Since(began)
}

// BenchmarkVectors stores points of 256 dimensions in topics and searches them,
// approximately and exactly.
func BenchmarkVectors(b *testing.B) {
	cfg := fresh(b, qdranttest.Addr(b))
	cfg.Settings.Shards = *benchShards
	ctx, r := context.Background(), rand.New(rand.NewPCG(3, 250))
	wide := index.Spec{Collection: "patents", Model: "bench", Dim: 256, Vectors: []string{"text"}}
	ix, err := qdrant.Open(ctx, cfg, wide)
	if err != nil {
		b.Fatal(err)
	}
	defer ix.Close()
	topics := make([][]float32, 500)
	for i := range topics {
		topics[i] = unit(r, wide.Dim)
	}
	began := time.Now()
	for n := 0; n < *benchDocs; {
		points := make([]index.Point, min(512, *benchDocs-n))
		for i := range points {
			points[i] = point(fmt.Sprintf("default/CN%d", n+i), near(r, topics[r.IntN(len(topics))]))
			points[i].Payload = match.Payload{Tokens: map[string][]string{match.FieldIPC: {fmt.Sprintf("A%02d", r.IntN(100))}}}
		}
		n += len(points)
		if err := ix.Upsert(ctx, points); err != nil {
			b.Fatal(err)
		}
	}
	stored, settling := time.Since(began), settled(b, cfg, "patents")
	for b.Loop() {
		for _, f := range []struct {
			name       string
			conditions []match.Condition
		}{{"", nil}, {"of1%-", []match.Condition{{Field: match.FieldIPC, AnyOf: []string{"A07"}}}}} {
			var quick, exact []time.Duration
			overlap, queries := 0.0, 60
			for range queries {
				q := index.Query{Name: "text", Vector: near(r, topics[r.IntN(len(topics))]), Limit: 50, Conditions: f.conditions}
				began := time.Now()
				got, err := ix.Search(ctx, q)
				if err != nil {
					b.Fatal(err)
				}
				quick = append(quick, time.Since(began))
				q.Exact = true
				began = time.Now()
				want, err := ix.Search(ctx, q)
				if err != nil {
					b.Fatal(err)
				}
				exact = append(exact, time.Since(began))
				found := 0
				for _, h := range got {
					if slices.Contains(want, h) {
						found++
					}
				}
				overlap += float64(found) / float64(max(1, len(want))) / float64(queries)
			}
			b.ReportMetric(quantile(quick, 0.5), f.name+"ms-p50")
			b.ReportMetric(quantile(quick, 0.99), f.name+"ms-p99")
			b.ReportMetric(quantile(exact, 0.5), f.name+"ms-exact-p50")
			b.ReportMetric(overlap, f.name+"overlap@50")
		}
	}
	b.ReportMetric(stored.Seconds(), "s-to-store")
	b.ReportMetric(settling.Seconds(), "s-to-settle")
}

// near is a vector some 45° from another one.
func near(r *rand.Rand, to []float32) []float32 {
	out, square := unit(r, len(to)), float32(0)
	for i := range out {
		out[i] += to[i]
		square += out[i] * out[i]
	}
	return scaled(out, square)
}

func scaled(v []float32, square float32) []float32 {
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(float64(square)))
	}
	return v
}
