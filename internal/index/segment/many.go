package segment

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"slices"
	"sync"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

const (
	// crowdBytes is what the candidates of the queries may take that one goroutine
	// answers together.
	crowdBytes = 96 << 20
	// crowdRoom is how many candidates of each are kept beside those of its limit.
	crowdRoom = 64
	// maxCrowd queries are enough for what is done once for all of them not to count.
	maxCrowd = 8192
	// someQueries is from how many queries on it is worth reading every row for them.
	someQueries = 48
	// crowdSure is by how many of its spreads a first look may miss the floor before the
	// row is left out, unless the answer is to be exact.
	crowdSure = 3
	// chunkRows are laid out as panels at a time.
	chunkRows = 64 * quant.PanelRows
)

var _ index.ManySearcher = (*Index)(nil)

// SearchMany implements index.ManySearcher. It reads every row that matches once for
// thousands of queries.
func (ix *Index) SearchMany(ctx context.Context, m index.Many) (out [][]index.Hit, err error) {
	if err := ix.spec.CheckMany(m); err != nil {
		return nil, match.About("queries", err)
	}
	out = make([][]index.Hit, len(m.Vectors))
	if len(m.Vectors) < someQueries {
		for i := range out {
			if out[i], err = ix.Search(ctx, m.Of(i)); err != nil {
				return nil, index.About(i, err)
			}
		}
		return out, ctx.Err()
	}
	v, err := ix.view(m.Of(0))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.release()) }()
	parts := v.parts(m)
	each := min(maxCrowd, max(someQueries, crowdBytes/(72*min(m.Limit, 1<<20)+24*crowdRoom)))
	workers := ix.options.searchers()
	if n := (len(out) + workers - 1) / workers; n < each {
		each = n
	}
	jobs := make(chan int, len(out)/each+1)
	for from := 0; from < len(out); from += each {
		jobs <- from
	}
	close(jobs)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			for from := range jobs {
				to := min(from+each, len(out))
				c := &crowd{view: v, parts: parts, many: m, from: from, out: out[from:to]}
				if errs[w] = errors.Join(errs[w], c.run(ctx)); errs[w] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if i := firstOf(errs); i >= 0 {
		return nil, errs[i]
	}
	return out, nil
}

// parts are what m reads of the segments of a view.
func (v *view) parts(m index.Many) (out []*part) {
	for _, s := range v.segments {
		p := &part{member: s, column: s.column(m.Name)}
		p.matching = s.payloads.matching(s.live, m.Conditions)
		p.all = len(m.Conditions) == 0 && s.alive == s.points()
		if p.column.rows > 0 && p.matching.Count() > 0 {
			out = append(out, p)
		}
	}
	return out
}

// crowd is some of many queries, answered together by one goroutine.
type crowd struct {
	view  *view
	parts []*part
	many  index.Many
	from  int           // the first of them
	out   [][]index.Hit // one for each of them

	queries []quant.Query
	places  []int // in out, by query: zero vectors are left out
	best    []quant.Best[index.Hit]
	askers  []gathering
	floors  []float64

	crowd  *quant.Crowd
	panels []*quant.Panel
	rows   []uint32 // by panel and place in it
	dots   [1]int32
	err    error
}

func (c *crowd) run(ctx context.Context) error {
	if err := c.prepare(ctx); err != nil || len(c.queries) == 0 {
		return err
	}
	for _, p := range c.parts {
		if err := c.read(ctx, p); err != nil {
			return err
		}
	}
	for i := range c.queries {
		c.askers[i].tidy()
		if err := rescore(ctx, c.queries[i], c.askers[i].found, &c.best[i]); err != nil {
			return err
		}
		c.askers[i] = gathering{}
		slices.SortFunc(c.best[i].Items, compareHits)
		c.out[c.places[i]] = c.best[i].Items
	}
	return nil
}

// prepare answers each query from the layers in memory, which tells what the segments
// have to beat.
func (c *crowd) prepare(ctx context.Context) error {
	var vectors [][]float32
	for i := range c.out {
		v := c.many.Vectors[c.from+i]
		prepared, ok := quant.NewQuery(v)
		if !ok {
			continue
		}
		best := quant.Best[index.Hit]{Limit: c.many.Limit, Worse: func(a, b index.Hit) bool { return compareHits(a, b) > 0 }}
		for _, layer := range c.view.flats {
			found, err := layer.Search(ctx, prepared)
			if err != nil {
				return err
			}
			for _, hit := range found {
				best.Add(hit)
			}
		}
		floor := -math.MaxFloat64
		if best.Full() {
			floor = float64(best.Worst().Score)
		}
		vectors, c.queries, c.places = append(vectors, v), append(c.queries, prepared), append(c.places, i)
		c.best, c.floors = append(c.best, best), append(c.floors, floor)
		c.askers = append(c.askers, newGathering(c.many.Limit, crowdRoom, floor))
	}
	if len(vectors) > 0 && len(c.parts) > 0 {
		dim := len(vectors[0])
		sure := float64(crowdSure)
		if c.many.Exact {
			sure = 0
		}
		c.crowd = quant.NewCrowd(vectors, dim, sure)
		for range chunkRows / quant.PanelRows {
			c.panels = append(c.panels, quant.NewPanel(dim))
		}
	}
	return nil
}

// read compares the queries with all matching rows of a part. Chunks of rows are taken
// in an order that has nothing to do with where they lie, so that the floors rise soon:
// rows that lie together are alike.
func (c *crowd) read(ctx context.Context, p *part) error {
	rows := p.matchingRows(p.matching.Count())
	chunks := (len(rows) + chunkRows - 1) / chunkRows
	stride := strideOf(chunks)
	for i := range chunks {
		if err := ctx.Err(); err != nil {
			return err
		}
		from := i * stride % chunks * chunkRows
		if err := c.chunk(p, rows[from:min(from+chunkRows, len(rows))]); err != nil {
			return err
		}
	}
	return nil
}

// strideOf is a step by which one walks over n places and comes to each once.
func strideOf(n int) int {
	gcd := func(a, b int) int {
		for b > 0 {
			a, b = b, a%b
		}
		return a
	}
	for s := n*5/8 + 1; ; s++ {
		if gcd(s, n) == 1 {
			return s
		}
	}
}

func (c *crowd) chunk(p *part, rows []uint32) error {
	c.rows = rows
	panels := c.panels[:0]
	for i, row := range rows {
		if i%quant.PanelRows == 0 {
			panels = c.panels[:len(panels)+1]
			panels[len(panels)-1].Reset()
		}
		codes, err := p.column.codesOf(row, row+1)
		if err != nil {
			return err
		}
		panels[len(panels)-1].Add(codes, p.column.bound(row))
	}
	c.crowd.Look(panels, c.floors, func(query, panel int, found uint16) { c.look(p, query, panel, found) })
	return c.err
}

// look takes a closer look at rows of a panel.
func (c *crowd) look(p *part, query, panel int, found uint16) {
	q, asker := &c.queries[query], &c.askers[query]
	for ; found != 0; found &= found - 1 {
		row := c.rows[panel*quant.PanelRows+bits.TrailingZeros16(found)]
		codes, err := p.column.codesOf(row, row+1)
		if err != nil {
			c.err = err
			return
		}
		quant.DotRows(q.Wide, codes, c.dots[:])
		lower, upper := q.Limits(c.dots[0], p.column.bound(row))
		if upper >= asker.floor {
			asker.take(candidate{upper, p, row}, lower)
		}
	}
	asker.tidyIfLarge()
	c.floors[query] = asker.floor
}
