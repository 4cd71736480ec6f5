package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/duijie/duijie/internal/faithful"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

// faithfulness measures explanations on a data folder or on the sample.
func (c *evaluateCmd) faithfulness(ctx context.Context) error {
	if c.Demands < 1 {
		return match.Invalidf("--demands", "must be at least 1")
	}
	in, done, err := c.openFaithful(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := in.Catalog.Await(ctx); err != nil {
		return err
	}
	demands, err := firstDemands(ctx, in.Store, c.Demands)
	if err != nil {
		return err
	}
	refs := make([]match.Ref, len(demands))
	for i := range demands {
		refs[i] = demands[i].Ref
	}
	report, err := faithful.Measure(ctx, in.Engine, refs, faithful.Options{})
	if err != nil {
		return err
	}
	if !c.JSON {
		var rows [][]string
		for _, row := range report.Rows() {
			rows = append(rows, []string{c.pick(row.Name), row.Value})
		}
		return writeTable(os.Stdout, rows)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(report)
}

// openFaithful opens what is measured; done closes it.
func (c *evaluateCmd) openFaithful(ctx context.Context) (in *instance.Instance, done func(), err error) {
	if c.Faithfulness != "sample" {
		in, err = dataFlags{Data: c.Faithfulness, LogLevel: "warn", Embed: c.Embed}.openToRead(ctx)
		return in, func() { in.Close() }, err
	}
	dir, err := os.MkdirTemp("", "duijie-sample-")
	if err != nil {
		return nil, nil, err
	}
	flags := dataFlags{Data: dir, LogLevel: "warn", Embed: c.Embed}
	config, err := flags.config(ctx)
	if err == nil {
		config.Now = sample.Now
		in, err = instance.Open(ctx, config)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	done = func() {
		in.Close()
		os.RemoveAll(dir)
	}
	if _, err = loadSample(ctx, in); err != nil {
		done()
		return nil, nil, err
	}
	return in, done, nil
}

// firstDemands are the first n demands, in the order of their ids.
func firstDemands(ctx context.Context, s store.Store, n int) ([]match.Record, error) {
	var out []match.Record
	q := store.ListQuery{Tenant: match.DefaultTenant, Kind: match.DemandKind, Limit: 500}
	for len(out) < n {
		records, err := s.List(ctx, q)
		if err != nil {
			return nil, err
		}
		if len(records) == 0 {
			break
		}
		out = append(out, records...)
		q.After = records[len(records)-1].ID
	}
	return out[:min(n, len(out))], nil
}
