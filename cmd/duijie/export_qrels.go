package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/split"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// qrels writes one level for each pair, without those that nobody is to learn from unless
// the split is for measuring.
func (w *datasetWriter) qrels(ctx context.Context, out io.Writer) error {
	if err := w.countFrozen(ctx); err != nil {
		return err
	}
	measures := w.flags.Split == defaultSplit
	return w.qrelsOf(ctx, out, func(demand string) bool { return measures || !w.frozen[demand] }, func(why *int) { *why++ })
}

// countFrozen counts the pairs that nobody is to learn from.
func (w *datasetWriter) countFrozen(ctx context.Context) error {
	if len(w.frozen) == 0 {
		return nil
	}
	var last match.Label
	return w.eachLabel(ctx, func(l match.Label) error {
		if !w.frozen[l.Demand] {
			return nil
		}
		if l.Demand != last.Demand {
			w.summary.FrozenDemands++
		}
		if l.Demand != last.Demand || l.Patent != last.Patent {
			w.summary.FrozenPairs++
		}
		last = l
		return nil
	}, func(*int) {})
}

// trainQrels and testQrels write those of a part of the demands.
func (w *datasetWriter) trainQrels(ctx context.Context, out io.Writer) error {
	if err := errors.Join(w.countFrozen(ctx), w.draw(ctx)); err != nil {
		return err
	}
	return w.qrelsOf(ctx, out, func(demand string) bool { return !w.test[demand] }, func(why *int) { *why++ })
}

func (w *datasetWriter) testQrels(ctx context.Context, out io.Writer) error {
	return w.qrelsOf(ctx, out, func(demand string) bool { return w.test[demand] }, func(*int) {})
}

// draw decides which of the labelled demands are the test split.
func (w *datasetWriter) draw(ctx context.Context) error {
	d := evaluation.NewDataset(metric.Levels4)
	var page []match.Ref
	read := func() error {
		records, err := w.store.Get(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range records {
			t := r.Demand.Redacted().Texts()
			if _, err := d.AddQuery(evaluation.Query{ID: r.ID, Title: t.Title, Text: t.Body}); err != nil {
				return err
			}
		}
		page = page[:0]
		return nil
	}
	err := w.eachLabel(ctx, func(l match.Label) error {
		if n := len(page); n > 0 && page[n-1].ID == l.Demand {
			return nil
		}
		if _, known := d.QueryIndex(l.Demand); known {
			return nil
		}
		if page = append(page, match.Ref{Tenant: w.flags.Tenant, Kind: match.DemandKind, ID: l.Demand}); len(page) < exportPage {
			return nil
		}
		return read()
	}, func(*int) {})
	if err == nil {
		err = read()
	}
	if err != nil || d.Queries() == 0 { // there is nothing to measure, as qrelsOf says
		return err
	}
	w.test = split.DrawIDsBeside(d, w.frozen, w.flags.Test, w.flags.Seed)
	switch {
	case len(w.test) < d.Queries():
	case w.summary.FrozenDemands > 0:
		return match.Invalidf("--test-share", "all of the %d demands with labels belong to test, with the %d of frozen datasets and their near twins: nothing would be left to learn from", d.Queries(), w.summary.FrozenDemands)
	default:
		return match.Invalidf("--test-share", "%g takes all of the %d demands with labels: there are too few for two parts", w.flags.Test, d.Queries())
	}
	return nil
}

// qrelsOf writes the pairs of some demands; count is as for eachLabel.
func (w *datasetWriter) qrelsOf(ctx context.Context, out io.Writer, of func(demand string) bool, count func(why *int)) error {
	buffered := bufio.NewWriter(out)
	io.WriteString(buffered, "query-id\tcorpus-id\tscore\n")
	var pair []match.Label
	flush := func() {
		if len(pair) == 0 {
			return
		}
		level, disputed := consensus(pair)
		w.summary.Pairs++
		if disputed {
			w.summary.Disputed++
		}
		fmt.Fprintf(buffered, "%s\t%s\t%d\n", pair[0].Demand, pair[0].Patent, level)
		pair = pair[:0]
	}
	err := w.eachLabel(ctx, func(l match.Label) error {
		if !of(l.Demand) {
			return nil
		}
		if len(pair) > 0 && (pair[0].Demand != l.Demand || pair[0].Patent != l.Patent) {
			flush()
		}
		pair = append(pair, l)
		return nil
	}, count)
	if err != nil {
		return err
	}
	flush()
	if w.summary.Pairs == 0 && w.summary.FrozenPairs > 0 {
		return &match.Error{Kind: match.NotFound, Record: w.flags.Dataset,
			Reason: "all labels are of demands that frozen datasets measure by: nothing would be left to learn from"}
	}
	if w.summary.Pairs == 0 {
		return &match.Error{Kind: match.NotFound, Record: w.flags.Dataset,
			Reason: "no label of these sources is about a record of the dataset: there would be nothing to measure"}
	}
	return buffered.Flush()
}

// consensus is the level of a pair that several raters judged: the median, and of
// the two in the middle the lower one, as evaluation/format settles labels. It tells
// whether they differ.
func consensus(labels []match.Label) (level match.Level, disputed bool) {
	levels := make([]match.Level, len(labels))
	for i, l := range labels {
		levels[i] = l.Level
	}
	slices.Sort(levels)
	return levels[(len(levels)-1)/2], levels[0] != levels[len(levels)-1]
}

// labelColumns are the columns of labels.csv, which label import and evaluate
// --raters read.
var labelColumns = []string{"demand_id", "patent_number", "level", "rater", "time", "reason", "source"}

// labels writes every rater's judgement. The reasons about demands that keep
// something back stay here, for they may quote it.
func (w *datasetWriter) labels(ctx context.Context, out io.Writer) error {
	table := csv.NewWriter(out)
	err := table.Write(labelColumns)
	raters := map[string]bool{}
	err = errors.Join(err, w.eachLabel(ctx, func(l match.Label) error {
		w.summary.Labels++
		raters[l.Rater] = true
		at := ""
		if !l.At.IsZero() {
			at = l.At.UTC().Format(time.RFC3339Nano)
		}
		if w.demands[l.Demand] {
			l.Reason = ""
		}
		return table.Write([]string{l.Demand, l.Patent, strconv.Itoa(int(l.Level)), l.Rater, at, l.Reason,
			string(cmp.Or(l.Source, match.ExpertSource))})
	}, func(*int) {}))
	w.summary.Raters = len(raters)
	table.Flush()
	return errors.Join(err, table.Error())
}

// eachLabel gives the labels of the dataset to take, in the order of demand and
// patent, and counts the others by why they are left out.
func (w *datasetWriter) eachLabel(ctx context.Context, take func(match.Label) error, count func(why *int)) error {
	q := store.LabelQuery{Tenant: w.flags.Tenant, Limit: exportPage}
	return eachLabel(ctx, w.store, q, func(l match.Label) error {
		_, demand := w.demands[l.Demand]
		switch {
		case !slices.Contains(w.flags.Source, string(cmp.Or(l.Source, match.ExpertSource))):
			count(&w.summary.Others)
		case !demand || !w.patents[l.Patent]:
			count(&w.summary.Stray)
		default:
			return take(l)
		}
		return nil
	})
}
