//go:build unix

package segment_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
)

var (
	benchDocs = flag.Int("docs", 100_000, "documents of BenchmarkScale")
	benchDir  = flag.String("dir", "", "folder for the index of BenchmarkScale, kept; empty is a temporary one")
)

// BenchmarkScale builds an index as an import does and searches it with demands of
// 300 characters:
//
//	go test ./internal/lexical/segment -run '^$' -bench Scale -benchtime 1x -docs 1350000
func BenchmarkScale(b *testing.B) {
	dir := *benchDir
	if dir == "" {
		dir = b.TempDir()
	}
	x := open(b, dir)
	built := func() {}
	if n, err := x.Count(context.Background()); err != nil || n != *benchDocs {
		built = build(b, x)
	}
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	x = open(b, dir)
	opening := time.Since(start)
	for b.Loop() {
		measure(b, x, "", nil)
		measure(b, x, "filtered-", []match.Condition{{Field: match.FieldTenant, AnyOf: []string{"default"}}, {Field: match.FieldIPC, AnyOf: []string{"A", "C", "E"}}})
	}
	built()
	b.ReportMetric(float64(opening.Milliseconds()), "ms-to-open")
	b.ReportMetric(float64(size(b, dir))/float64(*benchDocs), "B/doc-on-disk")
	b.ReportMetric(float64(x.DistinctTerms()), "distinct-terms")
	b.ReportMetric(float64(x.Segments()), "segments")
	b.ReportMetric(float64(anonymous(b))/(1<<20), "MiB-anonymous")
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
}

// build stores the documents, and returns what reports how that went.
func build(b *testing.B, x *segment.Index) (report func()) {
	ctx, g := context.Background(), newGenerator(b, 1)
	var cpu time.Duration
	start := time.Now()
	for n := 0; n < *benchDocs; {
		docs := make([]lexical.Doc, min(512, *benchDocs-n))
		for i := range docs {
			docs[i] = g.patent(n + i)
		}
		before := processor()
		if err := x.Upsert(ctx, docs); err != nil {
			b.Fatal(err)
		}
		n += len(docs)
		if n%(40*512) == 0 || n == *benchDocs {
			if err := x.Flush(ctx, int64(n)); err != nil {
				b.Fatal(err)
			}
			if err := x.Settle(); err != nil {
				b.Fatal(err)
			}
		}
		cpu += processor() - before
	}
	taken, memory := time.Since(start), anonymous(b)
	return func() {
		b.ReportMetric(float64(cpu.Microseconds())/float64(*benchDocs), "µs-CPU/doc")
		b.ReportMetric(taken.Seconds(), "s-to-build")
		b.ReportMetric(float64(memory)/(1<<20), "MiB-anonymous-after-building")
	}
}

// measure searches and compares with the full evaluation.
func measure(b *testing.B, x *segment.Index, name string, conditions []match.Condition) {
	ctx, g := context.Background(), newGenerator(b, 2)
	var times, exactTimes []time.Duration
	var cpu, exactCPU time.Duration
	overlap, queries := 0.0, 100
	for i := range queries + 20 {
		q := lexical.Query{Text: g.demand(i).Text, Limit: 50, Conditions: conditions}
		start, before := time.Now(), processor()
		hits, err := x.Search(ctx, q)
		taken, used := time.Since(start), processor()-before
		if err != nil {
			b.Fatal(err)
		}
		if i < 20 {
			continue // the first ones read the files
		}
		q.Exact = true
		start, before = time.Now(), processor()
		want, err := x.Search(ctx, q)
		exactTimes = append(exactTimes, time.Since(start))
		cpu, exactCPU = cpu+used, exactCPU+processor()-before
		if err != nil {
			b.Fatal(err)
		}
		times = append(times, taken)
		overlap += float64(common(hits, want)) / float64(len(want)) / float64(queries)
	}
	slices.Sort(times)
	slices.Sort(exactTimes)
	b.ReportMetric(float64(times[queries/2].Microseconds())/1000, name+"ms-p50")
	b.ReportMetric(float64(times[queries*99/100].Microseconds())/1000, name+"ms-p99")
	b.ReportMetric(float64(exactTimes[queries/2].Microseconds())/1000, name+"ms-p50-exact")
	b.ReportMetric(float64(cpu.Microseconds())/1000/float64(queries), name+"ms-CPU")
	b.ReportMetric(float64(exactCPU.Microseconds())/1000/float64(queries), name+"ms-CPU-exact")
	b.ReportMetric(overlap, name+"overlap@50")
}

func size(b *testing.B, dir string) (n int64) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			b.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// anonymous is the memory of this process that is not a file's, in bytes; 0 where the
// system does not tell.
func anonymous(b *testing.B) (n int64) {
	runtime.GC()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &n); err == nil {
			return n << 10
		}
	}
	return 0
}

func processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
