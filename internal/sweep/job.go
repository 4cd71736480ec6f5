package sweep

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// Job says what to match. Store, Engine, Kind, Tenant and Limit are required.
type Job struct {
	Store  store.Records
	Engine *retrieve.Engine
	// Kind is that of the records that are matched, with those of the other kind that meet
	// Filter. Records that cannot be had are matched only with Filter.IncludeUnavailable.
	Kind   match.Kind
	Tenant string
	Filter match.Filter
	Limit  int // hits of a record
	// Model, Depth and VectorsOnly are those of retrieve.Many.
	Model       string
	Depth       int
	VectorsOnly bool
	// Dense gives the nearest texts by their vectors, and the cosine in place of a score.
	Dense bool
	Shard Shard
	// Day decides what has expired.
	Day match.Date
	// Block is how many records are matched at a time; 0 is 8192.
	Block int
}

// Shard is the part N of Of parts, N from 1; the zero value is all.
type Shard struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// Has tells whether a record belongs to the shard.
func (s Shard) Has(id string) bool {
	if s.Of < 2 {
		return true
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // cannot fail
	return int(h.Sum64()>>1%uint64(s.Of)) == s.N-1
}

// ParseShard reads "1/4".
func ParseShard(text string) (s Shard, err error) {
	var rest string
	if n, _ := fmt.Sscanf(text, "%d/%d%s", &s.N, &s.Of, &rest); n != 2 || s.N < 1 || s.N > s.Of {
		return Shard{}, match.Invalidf("shard", fmt.Sprintf("%q is not of the form 1/4", text))
	}
	return s, nil
}

// Row is a hit of a record.
type Row struct {
	Demand, Patent string
	Rank           int
	// Score is the score, or the cosine of a dense job, which has no Logit.
	Score, Logit float64
}

// Block is what became of some records, in the order of their ids.
type Block struct {
	Last    string // the last record that was looked at
	Records int    // that were matched
	LeftOut LeftOut
	Empty   int // of these that have no hit
	// Degraded of them were matched by their words alone, the first one for this Reason.
	Degraded int
	Reason   string
	Rows     []Row
}

// LeftOut counts records that cannot be had, and are not matched, by the field of their
// payload that says so: state or deadline of a demand, legal status or expiry of a patent.
type LeftOut map[string]int

// Add adds those of another block.
func (l *LeftOut) Add(more LeftOut) {
	for field, n := range more {
		if *l == nil {
			*l = LeftOut{}
		}
		(*l)[field] += n
	}
}

// Identity tells jobs apart whose rows differ.
func (j Job) Identity() string {
	how, depth, words := "ranked", cmp.Or(j.Depth, retrieve.Depth), !j.VectorsOnly
	if j.Dense {
		how, depth, words = "dense", 0, false // which do not matter
	}
	live := j.Engine.Live()
	rankers := live.Own().Identity()
	if live.Router != nil {
		rankers += ", " + live.Router.State()
	}
	if j.Model != "" {
		rankers = j.Model + " of " + rankers
	}
	return strings.Join([]string{
		string(j.Kind), j.Tenant, how, fmt.Sprintf("limit %d depth %d words %t", j.Limit, depth, words),
		fmt.Sprintf("%+v", j.Filter), fmt.Sprintf("shard %d/%d", j.Shard.N, j.Shard.Of),
		live.Embedder.Identity(), rankers,
	}, "; ")
}

const (
	defaultBlock = 8192
	// page is how many records are read at a time.
	page = 500
)

// Targets counts the records that meet the filter.
func (j Job) Targets(ctx context.Context) (int, error) {
	conditions, err := j.Filter.Conditions(j.Kind.Other(), j.Tenant, j.Day)
	if err != nil {
		return 0, err
	}
	return j.Engine.Live().Sides[j.Kind.Other()].Vectors.Count(ctx, conditions)
}

// Run matches all records behind an id (empty: all), and calls emit for each block.
func (j Job) Run(ctx context.Context, after string, emit func(Block) error) error {
	conditions, err := j.Filter.Conditions(j.Kind.Other(), j.Tenant, j.Day)
	if err != nil {
		return err
	}
	// No record is without an answer only because it asks for more than the other side's
	// filter: of the records themselves only what cannot be had is left out.
	own, err := match.Filter{IncludeUnavailable: j.Filter.IncludeUnavailable}.Conditions(j.Kind, j.Tenant, j.Day)
	if err != nil {
		return err
	}
	own = withoutVisibility(own)
	for {
		read, err := j.next(ctx, after, own)
		if err != nil {
			return err
		}
		if read.last != after {
			block, err := j.block(ctx, read.records, conditions)
			if err != nil {
				return err
			}
			block.Last, block.LeftOut = read.last, read.leftOut
			if err := emit(block); err != nil {
				return err
			}
		}
		if !read.more {
			return nil
		}
		after = read.last
	}
}

// withoutVisibility lets private records ask, as in a match of a single one.
func withoutVisibility(in []match.Condition) (out []match.Condition) {
	for _, c := range in {
		if c.Field != match.FieldVisibility {
			out = append(out, c)
		}
	}
	return out
}

// read is the records for a block.
type read struct {
	records []*match.Record
	last    string // that was looked at
	leftOut LeftOut
	more    bool // behind last
}

// next reads records for a block.
func (j Job) next(ctx context.Context, after string, own []match.Condition) (out read, err error) {
	size := cmp.Or(j.Block, defaultBlock)
	q := store.ListQuery{Tenant: j.Tenant, Kind: j.Kind, After: after, Limit: min(page, size)}
	for len(out.records) < size {
		got, err := j.Store.List(ctx, q)
		if err != nil {
			return read{}, err
		}
		for i := range got {
			q.After = got[i].ID
			if !j.Shard.Has(got[i].ID) {
				continue
			}
			if field := unmet(&got[i], own); field != "" {
				if field == match.FieldLastDay { // the deadline, by another name
					field = match.FieldDeadline
				}
				out.leftOut.Add(LeftOut{field: 1})
				continue
			}
			if out.records = append(out.records, &got[i]); len(out.records) == size {
				break
			}
		}
		out.last = q.After
		if len(out.records) < size && len(got) < q.Limit {
			return out, nil
		}
	}
	out.more = true
	return out, nil
}

// unmet is the field of the first condition that a record does not meet; empty for none.
func unmet(r *match.Record, conditions []match.Condition) string {
	payload := r.Payload()
	for _, c := range conditions {
		if !payload.Satisfies([]match.Condition{c}) {
			return c.Field
		}
	}
	return ""
}

func (j Job) block(ctx context.Context, records []*match.Record, conditions []match.Condition) (b Block, err error) {
	b.Records = len(records)
	if len(records) == 0 {
		return b, nil
	}
	many := retrieve.Many{Kind: j.Kind, Records: records, Conditions: conditions, Limit: j.Limit, Model: j.Model, Depth: j.Depth, VectorsOnly: j.VectorsOnly}
	if j.Dense {
		return b, j.dense(ctx, &b, many)
	}
	answers, err := j.Engine.MatchMany(ctx, many)
	if err != nil {
		return b, err
	}
	for i, a := range answers {
		if a.Degraded != "" {
			b.Degraded++
			b.Reason = cmp.Or(b.Reason, records[i].Ref.String()+": "+a.Degraded)
		}
		if len(a.Hits) == 0 {
			b.Empty++
		}
		for rank, hit := range a.Hits {
			b.Rows = append(b.Rows, j.row(records[i].ID, hit.Ref.ID, rank+1, hit.Score.Value, hit.Score.Logit))
		}
	}
	return b, nil
}

// dense searches by the vectors of whole texts.
func (j Job) dense(ctx context.Context, b *Block, many retrieve.Many) error {
	lists, degraded, err := j.Engine.NearestTexts(ctx, many)
	if err != nil {
		return err
	}
	for i, hits := range lists {
		if degraded[i] != "" {
			b.Degraded++
			b.Reason = cmp.Or(b.Reason, many.Records[i].Ref.String()+": "+degraded[i])
		}
		if len(hits) == 0 {
			b.Empty++
		}
		for rank, hit := range hits {
			b.Rows = append(b.Rows, j.denseRow(many.Records[i].ID, hit, rank+1))
		}
	}
	return nil
}

func (j Job) denseRow(id string, hit index.Hit, rank int) Row {
	return j.row(id, match.RefOfKey(j.Kind.Other(), hit.Key).ID, rank, float64(hit.Score), 0)
}

func (j Job) row(own, other string, rank int, score, logit float64) Row {
	r := Row{Demand: own, Patent: other, Rank: rank, Score: score, Logit: logit}
	if j.Kind == match.PatentKind {
		r.Demand, r.Patent = other, own
	}
	return r
}
