package doctor

import (
	"context"
	"errors"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// lookServed examines a folder whose records are on a server: that the newest revision
// of every record can be read and keeps the rules, and what the folder holds or the
// index of all. What lies below is the server's: its operator has pg_amcheck.
func (x *examination) lookServed(ctx context.Context) error {
	s, err := instance.OpenRecords(ctx, x.Config)
	if err != nil {
		return err
	}
	err = x.lookAtServed(ctx, s)
	return errors.Join(err, s.Close())
}

func (x *examination) lookAtServed(ctx context.Context, s store.Store) error {
	if err := x.leftovers(); err != nil {
		return err
	}
	for _, kind := range instance.Kinds {
		err := x.records(ctx, s, kind)
		if match.KindOf(err) == match.Corrupt {
			x.report.add(newFinding(Code(sqlite.DamagedBody), Problem, string(kind), err))
			return nil
		}
		if err != nil {
			return err
		}
		if err := x.vectors(ctx, s, kind); err != nil {
			return err
		}
		if err := x.words(ctx, s, kind); err != nil {
			return err
		}
	}
	if err := x.labels(ctx, s); err != nil {
		return err
	}
	return x.otherLogs()
}

// records reads the newest revisions of a kind, and counts.
func (x *examination) records(ctx context.Context, s store.Store, kind match.Kind) error {
	n := &x.report.Contents
	for at := int64(0); ; {
		records, err := s.Changes(ctx, kind, at, page)
		if err != nil || len(records) == 0 {
			return err
		}
		for i := range records {
			r := &records[i]
			if err := r.Validate(); err != nil {
				x.report.add(newFinding(Code(sqlite.DamagedBody), Problem, r.Ref.String(), err))
			}
			n.Revisions += int(r.Revision) // all are kept
			switch {
			case r.Withdrawn:
				n.Withdrawn++
			case kind == match.PatentKind:
				n.Patents++
			default:
				n.Demands++
			}
		}
		at = records[len(records)-1].Seq
		n.LastSeq = max(n.LastSeq, at)
	}
}

func (x *examination) labels(ctx context.Context, s store.Store) error {
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		for q := (store.LabelQuery{Tenant: tenant, Limit: page}); ; {
			labels, err := s.ListLabels(ctx, q)
			if err != nil {
				return err
			}
			x.report.Contents.Labels += len(labels)
			if len(labels) < page {
				break
			}
			q.After = &labels[len(labels)-1]
		}
	}
	return nil
}

// servedNotes is notes for records on a server.
func (w *work) servedNotes(ctx context.Context, c instance.Config) error {
	s, err := instance.OpenRecords(ctx, c)
	if err != nil {
		return err
	}
	for _, follower := range w.marks {
		err = errors.Join(err, s.SetWatermark(ctx, follower, 0))
	}
	return errors.Join(err, s.Close())
}
