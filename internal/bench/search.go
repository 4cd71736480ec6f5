package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/workload"
)

// Search says what to measure. Source, Embedder, Dir and Sizes are required.
type Search struct {
	Source   *workload.Source
	Embedder embed.Embedder
	Seed     uint64
	// Dir is a folder for what is made; everything in it is removed again.
	Dir   string
	Sizes []int // numbers of patents
	// Others are measured beside the built-in index.
	Others []Subject
	// Words has the index of words measured as well.
	Words bool
	// Queries is how many demands are asked; 0 is 300.
	Queries int
	// Clients ask at the same time to measure throughput; 0 is one for each core.
	Clients int
	// Lasting is how long throughput is measured for each filter; 0 is 3 s.
	Lasting time.Duration
	// Progress is told what is being done, and how much of it is; nil is no one.
	Progress func(size int, step string, done, total int)
}

// SearchReport is what was measured.
type SearchReport struct {
	Machine Machine   `json:"machine"`
	Seed    uint64    `json:"seed"`
	Queries int       `json:"queries"`
	Runs    []SizeRun `json:"runs"`
}

// SizeRun is what was measured with one size.
type SizeRun struct {
	Size      int           `json:"size"`
	Data      Data          `json:"data"`
	Embedding Embedding     `json:"embedding"`
	Exact     Latency       `json:"exact"` // of the built-in index, without a filter
	Indexes   []IndexResult `json:"indexes"`
	Words     *WordResult   `json:"words,omitempty"`
}

// IndexResult is what was measured of one vector index.
type IndexResult struct {
	Name string `json:"name"`
	// Filled is zero for another way to search the index before it.
	Filled   Filled         `json:"filled,omitzero"`
	Searches []SearchResult `json:"searches"`
	// AnonymousBytes is the memory after the searches that is not that of files: of this
	// process for the built-in index, of the server for another one.
	AnonymousBytes int64 `json:"anonymous_bytes,omitempty"`
}

// SearchResult is what was measured of searches in one vector with one filter.
type SearchResult struct {
	Vector string `json:"vector"`
	Filter string `json:"filter"`
	// Kept is the share of the patents that meet the filter.
	Kept float64 `json:"kept"`
	// Recall is the share of the exact best ones that are found; ties count as found.
	RecallAt10 float64 `json:"recall_at_10"`
	RecallAt50 float64 `json:"recall_at_50"`
	// Latency is for ten hits and one client.
	Latency   Latency `json:"latency"`
	PerSecond float64 `json:"searches_per_second"`
	Clients   int     `json:"clients"`
}

// asked is a kind of search.
type asked struct {
	vector, filter string
	conditions     []match.Condition
}

var searches = []asked{
	{retrieve.TextVector, "none", nil},
	{retrieve.TextVector, "10 %", []match.Condition{{Field: match.FieldTier, AnyOf: []string{"T3"}}}},
	{retrieve.TextVector, "1 %", []match.Condition{{Field: match.FieldPool, AnyOf: []string{"P07"}}}},
	{retrieve.TitleVector, "none", nil},
}

// depths are the numbers of hits that recall is taken at.
var depths = [2]int{10, 50}

func (s Search) withDefaults() Search {
	s.Queries = cmp.Or(s.Queries, 300)
	s.Clients = cmp.Or(s.Clients, runtime.GOMAXPROCS(0))
	s.Lasting = cmp.Or(s.Lasting, 3*time.Second)
	if s.Progress == nil {
		s.Progress = func(int, string, int, int) {}
	}
	return s
}

// Run measures one size after the other. On an error it returns what it has until then.
func (s Search) Run(ctx context.Context, version string) (*SearchReport, error) {
	s = s.withDefaults()
	report := &SearchReport{Machine: ThisMachine(version), Seed: s.Seed, Queries: s.Queries}
	for _, size := range s.Sizes {
		if size < 1 {
			return report, match.Invalidf("sizes", "%d is less than 1", size)
		}
		run, err := s.size(ctx, size)
		if err != nil {
			return report, fmt.Errorf("measuring %d patents: %w", size, err)
		}
		report.Runs = append(report.Runs, *run)
	}
	return report, nil
}

func (s Search) size(ctx context.Context, size int) (_ *SizeRun, err error) {
	dir := filepath.Join(s.Dir, fmt.Sprint(size))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	step := func(name string) func(done int) {
		return func(done int) { s.Progress(size, name, done, size) }
	}
	c, err := newCatalog(ctx, workload.New(s.Source, s.Seed, size), s.Embedder, size, dir, step("embedding"))
	if err != nil {
		return nil, err
	}
	run := &SizeRun{Size: size, Data: c.data, Embedding: c.speed}
	records, vectors, err := demands(ctx, c.generator, s.Embedder, 0, s.Queries)
	if err != nil {
		return nil, err
	}
	if s.Words {
		if run.Words, err = s.words(ctx, c, filepath.Join(dir, "words"), records, step("words")); err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
	}
	m := measuring{Search: s, catalog: c, run: run, vectors: vectors}
	for _, subject := range append([]Subject{BuiltIn(dir)}, s.Others...) {
		if err := m.subject(ctx, subject, step(subject.Name)); err != nil {
			return nil, fmt.Errorf("%s: %w", subject.Name, err)
		}
	}
	return run, nil
}

// measuring is the work on one size.
type measuring struct {
	Search
	catalog *catalog
	run     *SizeRun
	vectors []embedded
	truths  []truth // by place in searches
}

// truth is what exact searches found.
type truth struct {
	kept float64
	// floors are, by query and place in depths, the score of the last hit that counts and
	// how many there are.
	floors [][len(depths)]floor
}

type floor struct {
	score float32
	hits  int
}

func (m *measuring) spec() index.Spec {
	e := m.Embedder
	return index.Spec{Collection: "patents", Model: e.Identity(), Dim: e.Dim(), Vectors: retrieve.VectorNames()}
}

func (m *measuring) subject(ctx context.Context, s Subject, progress func(done int)) (err error) {
	spec := m.spec()
	defer func() {
		// What was made is removed even after Ctrl-C.
		err = errors.Join(err, s.Drop(context.WithoutCancel(ctx), spec))
	}()
	ix, filled, err := s.fill(ctx, spec, m.catalog, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	if s.own { // the first one; what it finds exactly is the truth for all
		if err := m.exact(ctx, ix); err != nil {
			return err
		}
	}
	result, err := m.searches(ctx, s.Name, ix)
	if err != nil {
		return err
	}
	result.Filled = filled
	switch {
	case s.own:
		result.AnonymousBytes = settledMemory()
	case s.Memory != nil:
		result.AnonymousBytes = s.Memory()
	}
	m.run.Indexes = append(m.run.Indexes, result)
	for _, v := range s.Variants {
		if err := m.variant(ctx, v); err != nil {
			return fmt.Errorf("%s: %w", v.Name, err)
		}
	}
	return nil
}

func (m *measuring) variant(ctx context.Context, v Variant) (err error) {
	ix, err := v.Open(ctx, m.spec())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	result, err := m.searches(ctx, v.Name, ix)
	if err == nil {
		m.run.Indexes = append(m.run.Indexes, result)
	}
	return err
}

// searches measures all kinds of searches.
func (m *measuring) searches(ctx context.Context, name string, ix index.Index) (IndexResult, error) {
	result := IndexResult{Name: name}
	for i, a := range searches {
		m.Progress(m.run.Size, name+": "+a.vector+", "+a.filter, i, len(searches))
		found, err := m.searched(ctx, ix, a, m.truths[i])
		if err != nil {
			return result, err
		}
		result.Searches = append(result.Searches, found)
	}
	return result, nil
}

// many is the queries of a kind of search.
func (m *measuring) many(a asked, limit int, exact bool) index.Many {
	out := index.Many{Name: a.vector, Conditions: a.conditions, Limit: limit, Exact: exact}
	for _, v := range m.vectors {
		if a.vector == retrieve.TitleVector {
			out.Vectors = append(out.Vectors, v.title)
		} else {
			out.Vectors = append(out.Vectors, v.text)
		}
	}
	return out
}

// exact finds out what is true, how long a search takes that reads everything, and how
// many patents have a near duplicate.
func (m *measuring) exact(ctx context.Context, ix index.Index) (err error) {
	m.Progress(m.run.Size, "exact searches", 0, len(searches))
	for i, a := range searches {
		q := m.many(a, depths[1], true)
		answers, err := index.SearchMany(ctx, ix, q, m.Clients)
		if err != nil {
			return err
		}
		n, err := ix.Count(ctx, a.conditions)
		if err != nil {
			return err
		}
		t := truth{kept: float64(n) / float64(m.run.Size), floors: make([][len(depths)]floor, len(answers))}
		for j, hits := range answers {
			for d, depth := range depths {
				if n := min(depth, len(hits)); n > 0 {
					t.floors[j][d] = floor{hits[n-1].Score, n}
				}
			}
		}
		m.truths = append(m.truths, t)
		if i == 0 {
			m.run.Exact, err = latency(ctx, min(m.Queries, 50), func(j int) error {
				one := q.Of(j)
				one.Limit = depths[0]
				_, err := ix.Search(ctx, one)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	m.run.Data.NearDuplicates, err = m.duplicates(ctx, ix)
	return err
}

// duplicates is the share of some patents that have a near duplicate.
func (m *measuring) duplicates(ctx context.Context, ix index.Index) (float64, error) {
	const asked, near = 1000, 0.95
	vectors, err := m.catalog.sample(asked)
	if err != nil {
		return 0, err
	}
	answers, err := index.SearchMany(ctx, ix, index.Many{Name: retrieve.TextVector, Vectors: vectors, Limit: 2, Exact: true}, m.Clients)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, hits := range answers {
		if len(hits) == 2 && hits[1].Score >= near { // the first is the patent itself
			n++
		}
	}
	return float64(n) / float64(len(vectors)), nil
}

// tie is how close a score is to the last one that counts to be as good: indexes add up
// products in different orders.
const tie = 1e-5

func (m *measuring) searched(ctx context.Context, ix index.Index, a asked, t truth) (r SearchResult, err error) {
	r = SearchResult{Vector: a.vector, Filter: a.filter, Kept: t.kept, Clients: m.Clients}
	for d, into := range []*float64{&r.RecallAt10, &r.RecallAt50} {
		q, found, all := m.many(a, depths[d], false), 0, 0
		for i := range q.Vectors {
			hits, err := ix.Search(ctx, q.Of(i))
			if err != nil {
				return r, err
			}
			f := t.floors[i][d]
			all += f.hits
			for _, hit := range hits[:min(len(hits), f.hits)] {
				if hit.Score >= f.score-tie {
					found++
				}
			}
		}
		*into = 1
		if all > 0 {
			*into = float64(found) / float64(all)
		}
	}
	q := m.many(a, depths[0], false)
	search := func(i int) error {
		_, err := ix.Search(ctx, q.Of(i))
		return err
	}
	if r.Latency, err = latency(ctx, len(q.Vectors), search); err != nil {
		return r, err
	}
	r.PerSecond, err = throughput(ctx, len(q.Vectors), m.Clients, m.Lasting, search)
	return r, err
}
