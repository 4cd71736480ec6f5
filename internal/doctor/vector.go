package doctor

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

const page = 512

// keyLister is an index that can name all of its points.
type keyLister interface {
	Keys(ctx context.Context) ([]string, error)
}

// comparison is that of a collection with the records of its kind.
type comparison struct {
	*examination
	kind    match.Kind
	store   store.Store
	index   index.Index
	spec    index.Spec
	mark    int64 // up to where the follower has secured its work
	failed  map[match.Ref]store.Failure
	pending int
	known   int // points that belong to a record
}

// vectors compares a collection with the records.
func (x *examination) vectors(ctx context.Context, s store.Store, kind match.Kind) error {
	c := &comparison{examination: x, kind: kind, store: s, spec: instance.VectorSpec(kind, x.Embedder), failed: map[match.Ref]store.Failure{}}
	if err := c.progress(ctx); err != nil {
		return err
	}
	ix, err := instance.OpenVectors(ctx, x.Config, c.spec)
	if err != nil {
		return x.closedLog(c.spec, err)
	}
	c.index = ix
	for _, d := range instance.Differences(ix) {
		x.report.add(newFinding(OtherSettings, Note, d.Collection, match.Corruptf("collection %s has %s=%s, configured is %s", d.Collection, d.Setting, d.Have, d.Want)))
	}
	return errors.Join(c.compare(ctx), ix.Close())
}

// closedLog files the error of a log that does not open.
func (x *examination) closedLog(spec index.Spec, err error) error {
	path := instance.DamagedFile(err, x.Config, spec)
	switch match.KindOf(err) {
	case match.Corrupt:
		x.report.add(newFinding(DamagedLog, Problem, path, err))
	case match.Stale:
		x.report.add(newFinding(OldLog, Note, path, err))
	default:
		return err
	}
	x.work.needed = true
	return nil
}

// progress reads how far the follower is, and files what it cannot have done.
func (c *comparison) progress(ctx context.Context) (err error) {
	if c.mark, err = c.store.Watermark(ctx, c.follower(c.kind)); err != nil {
		return err
	}
	last, err := c.store.LastSeq(ctx, c.kind)
	if err != nil {
		return err
	}
	if c.mark > last && !slices.Contains(c.work.marks, c.follower(c.kind)) {
		c.work.needed, c.work.marks = true, append(c.work.marks, c.follower(c.kind))
		c.report.add(newFinding(AheadMark, Problem, c.follower(c.kind), match.Corruptf("says %d, the newest write of a %s is %d", c.mark, c.kind.Words(), last)))
	}
	failures, err := c.store.Failures(ctx, c.follower(c.kind), 1<<20)
	for _, f := range failures {
		c.failed[f.Ref] = f
	}
	return err
}

func (c *comparison) compare(ctx context.Context) error {
	for at := int64(0); ; {
		records, err := c.store.Changes(ctx, c.kind, at, page)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			break
		}
		if err := c.page(ctx, records); err != nil {
			return err
		}
		at = records[len(records)-1].Seq
	}
	c.report.Vectors += c.known
	if c.pending > 0 {
		c.report.add(Finding{Code: Pending, Severity: Note, Record: string(c.kind), Reason: reasons[Pending], Count: c.pending})
	}
	return c.orphans(ctx)
}

func (c *comparison) page(ctx context.Context, records []match.Record) error {
	keys := make([]string, len(records))
	for i := range records {
		keys[i] = records[i].Key()
	}
	points, err := c.index.Vectors(ctx, keys)
	if err != nil {
		return err
	}
	var whole []int
	for i := range records {
		if len(points[i].Vectors) > 0 {
			c.known++
		}
		if c.one(&records[i], points[i]) {
			whole = append(whole, i)
		}
	}
	if !c.deep {
		return nil
	}
	return c.again(ctx, records, points, whole)
}

// one judges what is stored of a record, and tells whether it is live with both vectors.
func (c *comparison) one(r *match.Record, p index.Point) bool {
	_, failed := c.failed[r.Ref]
	both := p.Vectors[retrieve.TitleVector] != nil && p.Vectors[retrieve.TextVector] != nil
	bad := c.spec.CheckPoints([]index.Point{p})
	switch {
	case r.Seq > c.mark:
		if !r.Withdrawn {
			c.pending++
		}
	case r.Withdrawn && len(p.Vectors) > 0:
		c.work.needed, c.work.drop[c.kind] = true, append(c.work.drop[c.kind], r.Key())
		c.report.add(newFinding(WithdrawnVector, Problem, r.Ref.String(), nil))
	case r.Withdrawn:
	case failed:
		c.report.add(newFinding(Failed, Note, r.Ref.String(), errors.New(c.failed[r.Ref].Reason)))
	case !both:
		c.remake(MissingVectors, r, match.Corruptf("has %d of %d", len(p.Vectors), len(c.spec.Vectors)))
	case bad != nil:
		c.remake(BadVector, r, bad)
	default:
		return true
	}
	return false
}

func (c *comparison) remake(code Code, r *match.Record, detail error) {
	c.work.needed, c.work.remake = true, append(c.work.remake, r.Ref)
	c.report.add(newFinding(code, Problem, r.Ref.String(), detail))
}

// orphans finds points of records that the store does not know.
func (c *comparison) orphans(ctx context.Context) error {
	all, err := c.index.Count(ctx, nil)
	if err != nil || all <= c.known {
		return err
	}
	lister, ok := c.index.(keyLister)
	if !ok {
		f := newFinding(OrphanVector, Problem, filepath.Base(c.spec.Collection), match.Corruptf("this index cannot name them; duijie cannot remove them"))
		f.Count = all - c.known
		c.report.add(f)
		return nil
	}
	keys, err := lister.Keys(ctx)
	if err != nil {
		return err
	}
	return c.unknown(ctx, keys)
}

func (c *comparison) unknown(ctx context.Context, keys []string) error {
	for len(keys) > 0 {
		some := keys[:min(page, len(keys))]
		keys = keys[len(some):]
		refs := make([]match.Ref, len(some))
		for i, key := range some {
			refs[i] = match.RefOfKey(c.kind, key)
		}
		records, err := c.store.Get(ctx, refs)
		if err != nil {
			return err
		}
		for i, r := range records {
			if r == nil {
				c.work.needed, c.work.drop[c.kind] = true, append(c.work.drop[c.kind], some[i])
				c.report.add(newFinding(OrphanVector, Problem, refs[i].String(), nil))
			}
		}
	}
	return nil
}
