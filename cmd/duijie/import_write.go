package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// planned is what is to be written for one row: its record, and behind it its
// withdrawal where the row says so.
type planned struct {
	row   int // in the batch
	items []store.Item
}

// write writes rows, each tenant's in a transaction of its own, and returns the
// newest sequence number.
func (j *importJob) write(ctx context.Context, rows []ingest.Row, places []int) (seq int64, err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	if rows[0].Label != nil {
		return 0, j.writeLabels(ctx, rows)
	}
	if rows[0].Event != nil {
		return 0, j.writeEvents(ctx, rows)
	}
	rows, places, written, err := j.latest(rows, places)
	if err != nil {
		return 0, err
	}
	plans, err := j.plan(ctx, rows)
	if err != nil {
		return 0, err
	}
	for _, tenant := range tenantsOf(rows) {
		last, err := j.writeTenant(ctx, tenant, plans, rows, places, written)
		if err != nil {
			return seq, err
		}
		seq = max(seq, last)
	}
	return seq, nil
}

func (j *importJob) writeTenant(ctx context.Context, tenant string, plans []planned, rows []ingest.Row, places []int, written map[match.Ref]bool) (seq int64, err error) {
	batch := store.Batch{Tenant: tenant}
	for _, p := range plans {
		if rows[p.row].Record.Tenant == tenant {
			batch.Items = append(batch.Items, p.items...)
		}
	}
	outcomes, err := j.records.write(ctx, batch)
	if err != nil {
		return 0, err
	}
	for _, p := range plans {
		if rows[p.row].Record.Tenant != tenant {
			continue
		}
		o := joined(outcomes[:len(p.items)])
		outcomes = outcomes[len(p.items):]
		seq = max(seq, o.Seq)
		if o.Change != store.Refused {
			if !written[o.Ref] || o.Change == store.Created { // the earlier row may have been refused
				j.at.counts.count(o.Change)
			}
			j.summary.noticeDemand(&rows[p.row].Record)
			continue
		}
		if len(j.at.refused) < maxRefused {
			j.at.refused = append(j.at.refused, places[p.row])
		}
		if err := j.reject(rows[p.row], o.Err); err != nil {
			return 0, err
		}
	}
	return seq, nil
}

// maxRefused bounds the journal. Rows beyond it are refused once, and not again
// after a resumption.
const maxRefused = 10_000

// joined is the outcome of a row: of its last item, unless the first was refused.
func joined(outcomes []store.Outcome) store.Outcome {
	if outcomes[0].Change == store.Refused {
		return outcomes[0]
	}
	return outcomes[len(outcomes)-1]
}

func tenantsOf(rows []ingest.Row) []string {
	var out []string
	seen := map[string]bool{}
	for i := range rows {
		if t := rows[i].Record.Tenant; !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// plan finds what to write. A store keeps the last content of what it withdraws,
// so that a withdrawn row whose content is not there yet is written first.
func (j *importJob) plan(ctx context.Context, rows []ingest.Row) ([]planned, error) {
	stored, err := j.withdrawn(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]planned, len(rows))
	for i := range rows {
		r := rows[i].Record
		out[i] = planned{row: i, items: []store.Item{{Record: r}}}
		if r.Withdrawn && !sameContent(stored[r.Ref], &r) {
			live := r
			live.Withdrawn = false
			out[i].items = []store.Item{{Record: live}, {Record: r}}
		}
	}
	return out, nil
}

// withdrawn gives what is stored of the rows that are to be withdrawn. A row that
// is not stored has a nil entry.
func (j *importJob) withdrawn(ctx context.Context, rows []ingest.Row) (map[match.Ref]*match.Record, error) {
	var refs []match.Ref
	for i := range rows {
		if rows[i].Record.Withdrawn {
			refs = append(refs, rows[i].Record.Ref)
		}
	}
	if len(refs) == 0 {
		return nil, nil
	}
	records, err := j.records.stored(ctx, refs)
	if err != nil {
		return nil, err
	}
	out := map[match.Ref]*match.Record{}
	for i, r := range records {
		out[refs[i]] = r
	}
	return out, nil
}

// sameContent compares what a store compares: visibility and body.
func sameContent(a, b *match.Record) bool {
	if a == nil || a.Visibility != b.Visibility {
		return false
	}
	x, err := json.Marshal([]any{a.Patent, a.Demand})
	y, err2 := json.Marshal([]any{b.Patent, b.Demand})
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

func (j *importJob) writeLabels(ctx context.Context, rows []ingest.Row) error {
	var labels []match.Label
	for _, row := range rows {
		l := *row.Label
		if strings.TrimSpace(l.Rater) == "" {
			l.Rater = j.rater
		}
		if l.Rater == "" && j.labels.wantsRaters() {
			if err := j.reject(row, match.Invalidf("rater", "is empty; a running server takes no label without a rater: name one in the file or with --rater")); err != nil {
				return err
			}
			continue
		}
		if err := j.noteContradiction(&row, &l); err != nil {
			return err
		}
		labels = append(labels, l)
	}
	if len(labels) == 0 {
		return nil
	}
	n, missing, err := j.labels.put(ctx, labels)
	if err != nil {
		return err
	}
	j.at.counts.Labels += len(labels)
	j.summary.LabelsWithoutRecords += n
	for _, ref := range missing {
		if len(j.summary.missing) < shownMissing && !slices.Contains(j.summary.missing, ref) {
			j.summary.missing = append(j.summary.missing, ref)
		}
	}
	return nil
}
