//go:build unix

package segment

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

var (
	benchPoints = flag.Int("points", 100_000, "points of the benchmark's collection")
	benchDir    = flag.String("collection", "", "folder that keeps the benchmark's collection for the next run")
	benchLimit  = flag.Int("limit", 10, "hits of BenchmarkMany")
	benchAsked  = flag.Int("asked", 100, "queries of the benchmark")
)

// BenchmarkCollection loads -points generated patents, settles them, and searches them:
// recall against float32 brute force, latency, memory and disk. Nothing else is as slow,
// so run it with -benchtime=1x.
func BenchmarkCollection(b *testing.B) {
	gen, n := newTexts(benchSpec.Dim, *benchPoints), *benchPoints
	dir := *benchDir
	if dir == "" {
		dir = b.TempDir()
	}
	load(b, gen, dir, n)
	start := time.Now()
	ix := mustOpen(b, dir, benchSpec, Options{})
	fmt.Printf("# opened in %v, all verified: %t\n", time.Since(start), ix.state.segments[0].sound.Load())
	for _, m := range ix.state.segments {
		fmt.Printf("# segment of %d points: %d lists; rows to read: text %v, title %v\n", m.points(), m.columns[0].lists(), m.column("text").probes, m.column("title").probes)
	}
	asked := make([][]float32, *benchAsked)
	for i := range asked {
		asked[i] = gen.demand(i, n)
	}
	for _, name := range benchSpec.Vectors {
		for _, f := range benchFilters {
			b.Run(name+"/"+f.name, func(b *testing.B) { measureSearch(b, ix, name, asked, f.conditions) })
		}
	}
	runtime.GC()
	fmt.Printf("# memory %s; on disk %.2f GiB\n", memory(), float64(size(b, dir))/(1<<30))
	if err := ix.Close(); err != nil {
		b.Fatal(err)
	}
}

// load fills a folder that is empty.
func load(b *testing.B, gen *texts, dir string, n int) {
	if _, err := os.Stat(filepath.Join(dir, "patents"+Extension)); err == nil {
		return
	}
	ctx, start, made := context.Background(), time.Now(), time.Duration(0)
	ix := mustOpen(b, dir, benchSpec, Options{Workers: runtime.GOMAXPROCS(0)})
	const batch = 2048
	for from := 0; from < n; from += batch {
		begin := time.Now()
		points := make([]index.Point, min(batch, n-from))
		parallel(len(points), func(i int) { points[i] = gen.patent(from+i, n) })
		made += time.Since(begin)
		if err := ix.Upsert(ctx, points); err != nil {
			b.Fatal(err)
		}
	}
	fmt.Printf("# %d points: made in %v, loaded in %v, memory %s\n", n, made, time.Since(start)-made, memory())
	start = time.Now()
	if err := ix.Settle(ctx); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("# settled in %v, memory %s\n", time.Since(start), memory())
	if err := ix.Close(); err != nil {
		b.Fatal(err)
	}
}

// measureSearch compares searches with exact ones, which a test holds to be those of
// brute force.
func measureSearch(b *testing.B, ix *Index, name string, asked [][]float32, conditions []match.Condition) {
	search := func(v []float32, limit int, exact bool) (map[string]bool, time.Duration) {
		start := time.Now()
		hits, err := ix.Search(context.Background(), index.Query{Name: name, Vector: v, Conditions: conditions, Limit: limit, Exact: exact})
		took := time.Since(start)
		if err != nil {
			b.Fatal(err)
		}
		keys := map[string]bool{}
		for _, hit := range hits {
			keys[hit.Key] = true
		}
		return keys, took
	}
	times, recall := map[string][]time.Duration{}, map[int]float64{}
	for _, limit := range []int{10, 50} {
		for _, v := range asked {
			truth, slow := search(v, limit, true)
			found, quick := search(v, limit, false)
			share := 0.0
			for key := range truth {
				if found[key] {
					share += 1 / float64(len(truth))
				}
			}
			recall[limit] += share / float64(len(asked))
			times[fmt.Sprint("exact", limit)] = append(times[fmt.Sprint("exact", limit)], slow)
			times[fmt.Sprint(limit)] = append(times[fmt.Sprint(limit)], quick)
		}
	}
	fmt.Printf("# %-18s recall@10 %.4f @50 %.4f", b.Name()[len("BenchmarkCollection/"):], recall[10], recall[50])
	for _, kind := range []string{"10", "50", "exact10"} {
		slices.Sort(times[kind])
		fmt.Printf("  %s: p50 %.2f p99 %.2f ms", kind, ms(times[kind][len(asked)/2]), ms(times[kind][len(asked)*99/100]))
	}
	fmt.Println()
	before, n := cpu(), 0
	for b.Loop() {
		search(asked[n%len(asked)], 10, false)
		n++
	}
	b.ReportMetric(float64(cpu()-before)/float64(n)/1e6, "cpu-ms/op")
}

// cpu is the processor time that this process had so far: on a machine that others use
// it says more than the clock.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// memory is what this process has that is not a file's, where the system tells.
func memory() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "RssAnon") || strings.HasPrefix(line, "VmHWM") {
			out = append(out, strings.Join(strings.Fields(line), " "))
		}
	}
	return fmt.Sprint(strings.Join(out, ", "))
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

// BenchmarkMany answers -asked queries at once, and some of them one by one to compare.
func BenchmarkMany(b *testing.B) {
	gen, n := newTexts(benchSpec.Dim, *benchPoints), *benchPoints
	dir := *benchDir
	if dir == "" {
		dir = b.TempDir()
	}
	load(b, gen, dir, n)
	ix := mustOpen(b, dir, benchSpec, Options{})
	defer ix.Close()
	m := index.Many{Name: "text", Limit: *benchLimit}
	for i := range *benchAsked {
		m.Vectors = append(m.Vectors, gen.demand(i, n))
	}
	var want [][]index.Hit
	for _, exact := range []bool{true, false} {
		b.Run(map[bool]string{true: "exact", false: "usual"}[exact], func(b *testing.B) {
			m.Exact = exact
			before := cpu()
			var got [][]index.Hit
			for b.Loop() {
				var err error
				if got, err = ix.SearchMany(b.Context(), m); err != nil {
					b.Fatal(err)
				}
			}
			pairs := float64(b.N) * float64(n) * float64(len(m.Vectors))
			b.ReportMetric(float64((cpu()-before).Nanoseconds())/pairs, "cpu-ns/pair")
			b.ReportMetric(pairs/b.Elapsed().Seconds()/1e6, "Mpairs/s")
			if want == nil {
				want = got
			}
			same, all := 0, 0
			for i := range want {
				keys := map[string]bool{}
				for _, hit := range want[i] {
					keys[hit.Key] = true
				}
				for _, hit := range got[i] {
					if keys[hit.Key] {
						same++
					}
				}
				all += len(want[i])
			}
			b.ReportMetric(float64(same)/float64(all), "recall")
		})
	}
}
