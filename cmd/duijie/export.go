package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

type exportCmd struct {
	dataFlags
	Kind string `help:"patents, demands or labels. 专利、需求或标注。" enum:"patents,demands,labels" required:""`
	Out  string `help:"File; standard output by default. 输出文件。" type:"path" placeholder:"FILE"`
}

const exportPage = 500

func (c *exportCmd) Run(ctx context.Context) error {
	in, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	if c.Out == "" {
		return c.write(ctx, in, os.Stdout)
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	if err := c.write(ctx, in, f); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (c *exportCmd) write(ctx context.Context, in *instance.Instance, w io.Writer) error {
	out := bufio.NewWriter(w)
	var err error
	switch c.Kind {
	case "patents":
		err = exportRecords(ctx, in.Store, match.PatentKind, out)
	case "demands":
		err = exportRecords(ctx, in.Store, match.DemandKind, out)
	default:
		err = exportLabels(ctx, in.Store, out)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

func exportRecords(ctx context.Context, s store.Records, kind match.Kind, w io.Writer) error {
	q := store.ListQuery{Tenant: match.DefaultTenant, Kind: kind, Limit: exportPage, Withdrawn: true}
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			if err := ingest.WriteJSONL(w, page[i]); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		q.After = page[len(page)-1].ID
	}
}

func exportLabels(ctx context.Context, s store.Labels, w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	var after *match.Label
	for {
		page, err := s.ListLabels(ctx, match.DefaultTenant, after, exportPage)
		if err != nil {
			return err
		}
		for i := range page {
			if err := enc.Encode(&page[i]); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
		after = &page[len(page)-1]
	}
}

// writeJSON writes one indented document.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
