package bench

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/workload"
)

func sampled(t *testing.T) *workload.Source {
	t.Helper()
	s, err := workload.Sample()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// half is an index that finds every other hit of another one.
type half struct{ index.Index }

func (h half) Search(ctx context.Context, q index.Query) ([]index.Hit, error) {
	hits, err := h.Index.Search(ctx, q)
	var kept []index.Hit
	for i := 0; i < len(hits); i += 2 {
		kept = append(kept, hits[i])
	}
	return kept, err
}

// inMemory is a subject that loses nothing, and drops what it was told to.
func inMemory(name string, dropped *int, wrap func(index.Index) index.Index) Subject {
	var kept index.Index
	return Subject{
		Name: name,
		Open: func(_ context.Context, spec index.Spec) (index.Index, error) {
			if kept == nil {
				ix, err := flat.Open("", spec)
				if err != nil {
					return nil, err
				}
				kept = wrap(ix)
			}
			return stays{kept}, nil
		},
		Drop:   func(context.Context, index.Spec) error { *dropped++; kept = nil; return nil },
		Memory: func() int64 { return 42 },
	}
}

// stays is not closed.
type stays struct{ index.Index }

func (stays) Close() error { return nil }

func TestIndexesAreMeasuredAgainstTheSameTruth(t *testing.T) {
	model, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	dir, dropped, steps := t.TempDir(), 0, map[string]bool{}
	same := func(ix index.Index) index.Index { return ix }
	whole := inMemory("flat", &dropped, same)
	whole.Variants = []Variant{{Name: "half of flat", Open: func(ctx context.Context, spec index.Spec) (index.Index, error) {
		ix, err := whole.Open(ctx, spec)
		return half{ix}, err
	}}}
	report, err := Search{
		Source: sampled(t), Embedder: model, Seed: 3, Dir: dir, Sizes: []int{200, 800}, Words: true, Queries: 12, Lasting: time.Millisecond, Clients: 2,
		Others:   []Subject{whole, inMemory("half", &dropped, func(ix index.Index) index.Index { return half{ix} })},
		Progress: func(_ int, step string, _, _ int) { steps[step] = true },
	}.Run(t.Context(), "v1")
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Runs) != 2 || dropped != 4 || !steps["embedding"] || !steps["words"] || !steps["flat"] {
		t.Fatalf("%d runs, %d collections dropped, steps %v", len(report.Runs), dropped, steps)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	for _, run := range report.Runs {
		if run.Data.DistinctTerms < 1000 || run.Data.MeanCharacters < 200 || run.Embedding.RecordsPerSecond <= 0 || run.Exact.P50 <= 0 {
			t.Errorf("%d patents: %+v, %+v, %+v", run.Size, run.Data, run.Embedding, run.Exact)
		}
		for i, name := range []string{"built-in", "flat", "half of flat", "half"} {
			x := run.Indexes[i]
			filled := name != "half of flat" // by the one before it
			if x.Name != name || len(x.Searches) != len(searches) || (x.Filled.IngestSeconds > 0) != filled {
				t.Fatalf("%+v, want %s", x, name)
			}
			if name != "built-in" && filled && x.AnonymousBytes != 42 {
				t.Errorf("%s: %d bytes", name, x.AnonymousBytes)
			}
			for j, s := range x.Searches {
				want := []float64{1, 0.1, 0.01, 1}[j]
				if math.Abs(s.Kept-want) > want {
					t.Errorf("filter %s keeps %v", s.Filter, s.Kept)
				}
				halved := strings.HasPrefix(name, "half")
				lost := halved && s.Filter != "1 %" // few hits, so half of them is another share
				if lost && math.Abs(s.RecallAt10-0.5) > 1e-9 || !halved && (s.RecallAt10 != 1 || s.RecallAt50 != 1) {
					t.Errorf("%d patents, %s, %s, %s: recall %v, %v", run.Size, name, s.Vector, s.Filter, s.RecallAt10, s.RecallAt50)
				}
				if s.Latency.P50 <= 0 || s.Latency.P50 > s.Latency.P99 || s.PerSecond <= 0 || s.Clients != 2 {
					t.Errorf("%s: %+v", name, s)
				}
			}
		}
		if w := run.Words; w == nil || len(w.Searches) != 2 || w.Searches[0].Overlap != 1 || w.Filled.DiskBytes == 0 {
			t.Errorf("words: %+v", w)
		}
	}
	var svg bytes.Buffer
	if err := report.Plot(&svg, func(t match.LocalText) string { return t.EN }); err != nil {
		t.Fatal(err)
	}
	for _, named := range []string{"flat, title", "built-in, everything read", "words", "disk (MB)"} {
		if !strings.Contains(svg.String(), ">"+named+"<") {
			t.Errorf("the plot does not name %q", named)
		}
	}
	for in := xml.NewDecoder(&svg); ; {
		if _, err := in.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatCannotBeMeasuredIsTold(t *testing.T) {
	model, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	down := Subject{
		Name: "far", Drop: func(context.Context, index.Spec) error { return nil },
		Open: func(context.Context, index.Spec) (index.Index, error) {
			return nil, &match.Error{Kind: match.Unavailable, Record: "far:6334"}
		},
	}
	report, err := Search{Source: sampled(t), Embedder: model, Dir: t.TempDir(), Sizes: []int{50}, Queries: 2, Lasting: time.Millisecond, Others: []Subject{down}}.Run(t.Context(), "")
	if match.KindOf(err) != match.Unavailable || !strings.Contains(err.Error(), "far") || report == nil {
		t.Errorf("got %v, want an unavailable far", err)
	}
	if _, err := (Search{Source: sampled(t), Embedder: model, Dir: t.TempDir(), Sizes: []int{0}}).Run(t.Context(), ""); match.KindOf(err) != match.Invalid {
		t.Errorf("got %v, want an error of kind invalid", err)
	}
}

func TestABulkJobFindsWhatIsNearest(t *testing.T) {
	model, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, exact := range []bool{false, true} {
		r, err := Bulk{Source: sampled(t), Embedder: model, Dir: t.TempDir(), Patents: 400, Demands: 90, Exact: exact}.Run(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if r.Recall != 1 || r.RecallOf != 90 || r.PairsPerSecond <= 0 || r.Limit != 10 || r.Filled.DiskBytes == 0 {
			t.Errorf("%+v", r)
		}
	}
	if _, err := (Bulk{Source: sampled(t), Embedder: model, Dir: t.TempDir(), Patents: 1}).Run(t.Context(), ""); match.KindOf(err) != match.Invalid {
		t.Errorf("no demands: %v", err)
	}
}

func TestACatalogIsMeasuredByItsAnswers(t *testing.T) {
	in, err := instance.Open(t.Context(), instance.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := (Match{Instance: in, Limit: 10}).Run(t.Context(), ""); match.KindOf(err) != match.Invalid {
		t.Errorf("no demands: %v", err)
	}
	g := workload.New(sampled(t), 1, 40)
	var items []store.Item
	for i := range 40 {
		items = append(items, store.Item{Record: match.NewPatent(match.DefaultTenant, g.Patent(i))})
	}
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	var demands []match.Record
	for i := range 20 {
		demands = append(demands, match.NewDemand(match.DefaultTenant, g.Demand(i)))
	}
	told := 0
	r, err := Match{Instance: in, Demands: demands, Limit: 5, Explain: true, Progress: func(done, _ int) { told = done }}.Run(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if r.Patents != 40 || r.Demands != 18 || r.Hits != 5 || r.Degraded != 0 || told != 20 || !(r.P50 > 0 && r.P50 <= r.P90 && r.P90 <= r.P99) {
		t.Errorf("%+v, %d told", r, told)
	}
}

func TestASoakReadsAndWritesWithoutAnError(t *testing.T) {
	in, err := instance.Open(t.Context(), instance.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	report, err := Soak{Instance: in, Source: sampled(t), For: time.Second, Patents: 150, Writes: 200, Every: 200 * time.Millisecond}.Run(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if report.Errors > 0 || report.Matches == 0 || report.Writes == 0 || len(report.Samples) == 0 {
		t.Errorf("%+v", report)
	}
	if report.Patents != 150 || report.Demands != 50 {
		t.Errorf("%d patents, %d demands", report.Patents, report.Demands)
	}
}

func TestGrowthIsTheSlopeOfTheLeastMemory(t *testing.T) {
	var steady, growing []Sample
	for i := range 300 {
		at := Sample{Seconds: 12 * float64(i), AnonymousBytes: 1000 + int64(i%7)*500}
		steady = append(steady, at)
		at.AnonymousBytes += int64(i) * 10 // 3000 an hour
		growing = append(growing, at)
	}
	if g := growth(steady); math.Abs(g) > 50 {
		t.Errorf("steady memory grows by %v", g)
	}
	if g := growth(growing); math.Abs(g-3000) > 150 {
		t.Errorf("memory grows by %v, want 3000", g)
	}
	if g := growth(nil); g != 0 {
		t.Errorf("nothing grows by %v", g)
	}
}
