package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

type exportCmd struct {
	dataFlags
	langFlag
	Kind   string `help:"patents, demands, labels, events, or all of them. 专利、需求、标注、事件或全部。" enum:",patents,demands,labels,events,all" default:""`
	Format string `help:"jsonl or parquet. 文件格式。" enum:"jsonl,parquet" default:"jsonl"`
	Out    string `help:"File; standard output by default. A folder for all. 输出文件；全部导出时为目录。" type:"path" placeholder:"FILE"`

	datasetFlags `group:"Dataset 数据集"`
}

const exportPage = 500

// Validate wants one of the two things that there are to export.
func (c *exportCmd) Validate() error {
	if (c.Kind == "") == (c.Dataset == "") {
		return match.Invalidf("", "want either --kind or --dataset")
	}
	return nil
}

func (c *exportCmd) Run(ctx context.Context) error {
	if c.Dataset != "" {
		config, err := c.config(ctx)
		if err != nil {
			return err
		}
		return c.dataset(ctx, config, c.langFlag)
	}
	if c.Kind == "events" && c.Format == "parquet" {
		return match.Invalidf("--format", "events are written as jsonl alone")
	}
	if c.Kind == "all" && c.Out == "" {
		return match.Invalidf("--out", "is needed with --kind all: a folder for patents, demands, labels and events")
	}
	in, err := c.openToRead(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	if c.Kind != "all" {
		return c.one(ctx, in.Store, c.Kind, c.Out)
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil { // demands have confidential fields
		return err
	}
	if err := c.one(ctx, in.Store, "events", filepath.Join(c.Out, "events.jsonl")); err != nil {
		return err
	}
	for _, kind := range []string{"patents", "demands", "labels"} {
		if err := c.one(ctx, in.Store, kind, filepath.Join(c.Out, kind+"."+c.Format)); err != nil {
			return err
		}
	}
	return nil
}

// one writes a kind to a file, or to standard output.
func (c *exportCmd) one(ctx context.Context, s store.Store, kind, path string) error {
	if path == "" {
		return c.write(ctx, s, kind, os.Stdout)
	}
	f, err := createFile(path)
	if err != nil {
		return err
	}
	if err := c.write(ctx, s, kind, f); err != nil {
		f.abandon()
		return err
	}
	return f.commit()
}

func (c *exportCmd) write(ctx context.Context, s store.Store, kind string, w io.Writer) error {
	buffered := bufio.NewWriterSize(w, 1<<20)
	if kind == "events" {
		return errors.Join(exportEvents(ctx, s, buffered), buffered.Flush())
	}
	out := newExporter(c.Format, kind, buffered)
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		if kind == "labels" {
			err = exportLabels(ctx, s, tenant, out)
		} else {
			err = exportRecords(ctx, s, tenant, kindOf(kind), out)
		}
		if err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}

func kindOf(name string) match.Kind {
	switch name {
	case "patents":
		return match.PatentKind
	case "demands":
		return match.DemandKind
	}
	return ingest.LabelKind
}

// exportRecords writes records in the order of their ids, withdrawn ones too.
func exportRecords(ctx context.Context, s store.Records, tenant string, kind match.Kind, out exporter) error {
	q := store.ListQuery{Tenant: tenant, Kind: kind, Limit: exportPage, Withdrawn: true}
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			if err := out.Write(page[i]); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		q.After = page[len(page)-1].ID
	}
}

func exportLabels(ctx context.Context, s store.Labels, tenant string, out exporter) error {
	q := store.LabelQuery{Tenant: tenant, Limit: exportPage}
	for {
		page, err := s.ListLabels(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			if err := out.WriteLabel(page[i]); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		q.After = &page[len(page)-1]
	}
}

// exporter writes one kind in one format.
type exporter interface {
	Write(match.Record) error
	WriteLabel(match.Label) error
	Close() error
}

func newExporter(format, kind string, w io.Writer) exporter {
	if format == "parquet" {
		return ingest.NewParquetWriter(w, kindOf(kind))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return jsonExporter{w, enc}
}

type jsonExporter struct {
	w   io.Writer
	enc *json.Encoder
}

func (e jsonExporter) Write(r match.Record) error     { return ingest.WriteJSONL(e.w, r) }
func (e jsonExporter) WriteLabel(l match.Label) error { return e.enc.Encode(&l) }
func (e jsonExporter) Close() error                   { return nil }

// writeJSON writes one indented document.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
