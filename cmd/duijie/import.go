package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

type importCmd struct {
	dataFlags
	langFlag
	Kind   string            `help:"patents or demands. 专利或需求。" enum:"patents,demands" required:""`
	Map    map[string]string `help:"Column names: --map title=专利名称,number=公开号. 列名对应。" mapsep:","`
	Format string            `help:"jsonl or csv; by default what the file's name and content say. 文件格式。" enum:"auto,jsonl,csv" default:"auto"`
	JSON   bool              `help:"Print the summary as JSON. 以 JSON 输出汇总。" name:"json"`
	Files  []string          `arg:"" help:"Files; - is standard input. 文件。" name:"file"`
}

// importSummary is what an import did.
type importSummary struct {
	Rows      int           `json:"rows"`
	Created   int           `json:"created"`
	Updated   int           `json:"updated"`
	Unchanged int           `json:"unchanged"`
	Withdrawn int           `json:"withdrawn"`
	Rejected  []rejectedRow `json:"rejected"`
	// KeptAsAttributes counts the rows whose column has no field of its own.
	KeptAsAttributes map[string]int `json:"kept_as_attributes"`
	Seconds          float64        `json:"seconds"`
}

type rejectedRow struct {
	Row    string `json:"row"` // file and line
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

const importBatch = 500

func (c *importCmd) Run(ctx context.Context) error {
	in, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	began := time.Now()
	job := importJob{in: in, summary: importSummary{Rejected: []rejectedRow{}, KeptAsAttributes: map[string]int{}}, bar: progress()}
	for _, file := range c.Files {
		if err := job.file(ctx, file, c.options()); err != nil {
			return fmt.Errorf("%s: %w (%d rows before it are in)", file, err, job.summary.Rows)
		}
	}
	if err := in.Catalog.Await(ctx); err != nil {
		return err
	}
	_ = job.bar.Finish()
	job.summary.Seconds = time.Since(began).Seconds()
	return c.report(&job.summary)
}

func (c *importCmd) options() ingest.Options {
	o := ingest.Options{Kind: match.PatentKind, Map: c.Map}
	if c.Kind == "demands" {
		o.Kind = match.DemandKind
	}
	if c.Format != "auto" {
		o.Format = ingest.Format(c.Format)
	}
	return o
}

func (c *importCmd) report(s *importSummary) error {
	for _, r := range s.Rejected {
		fmt.Fprintf(os.Stderr, "%s: %s\n", r.Row, join(r.Field, r.Reason))
	}
	if c.JSON {
		if err := writeJSON(os.Stdout, s); err != nil {
			return err
		}
	} else {
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("读取 %d 行：新增 %d，更新 %d，未变 %d，拒绝 %d；用时 %.1f 秒，均可检索。\n", s.Rows, s.Created, s.Updated, s.Unchanged, len(s.Rejected), s.Seconds),
			fmt.Sprintf("%d rows: %d new, %d updated, %d unchanged, %d rejected; all searchable after %.1f s.\n", s.Rows, s.Created, s.Updated, s.Unchanged, len(s.Rejected), s.Seconds))
	}
	if !c.JSON && len(s.KeptAsAttributes) > 0 {
		names := strings.Join(slices.Sorted(maps.Keys(s.KeptAsAttributes)), ", ")
		say(os.Stdout, c.langFlag, "没有对应字段、作为附加属性保留的列："+names+"\n", "Columns without a field of their own, kept as attributes: "+names+"\n")
	}
	if len(s.Rejected) > 0 {
		return exitError{exitRejected}
	}
	return nil
}

func join(field, reason string) string {
	if field == "" {
		return reason
	}
	return field + ": " + reason
}

// importJob writes rows in batches.
type importJob struct {
	in      *instance.Instance
	name    string // of the file that is read
	summary importSummary
	bar     *progressbar.ProgressBar
	rows    []ingest.Row
}

func (j *importJob) file(ctx context.Context, path string, o ingest.Options) error {
	r, err := openRows(path, o)
	if err != nil {
		return err
	}
	defer r.Close()
	defer func() { j.kept(r.Summary().Kept) }()
	j.name = path
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return j.flush(ctx)
		}
		if err != nil {
			return errors.Join(err, j.flush(ctx))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		j.summary.Rows++
		if row.Err != nil {
			j.reject(row.Err)
			continue
		}
		if j.rows = append(j.rows, row); len(j.rows) == importBatch {
			if err := j.flush(ctx); err != nil {
				return err
			}
		}
	}
}

func openRows(path string, o ingest.Options) (*ingest.Reader, error) {
	if path == "-" {
		return ingest.NewReader(os.Stdin, "standard input", o)
	}
	return ingest.Open(path, o)
}

func (j *importJob) flush(ctx context.Context) error {
	if len(j.rows) == 0 {
		return nil
	}
	items := make([]store.Item, len(j.rows))
	for i, row := range j.rows {
		items[i] = store.Item{Record: row.Record}
	}
	outcomes, err := j.in.Catalog.Write(ctx, store.Batch{Tenant: match.DefaultTenant, Items: items})
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		j.count(o, j.rows[i])
	}
	_ = j.bar.Add(len(j.rows))
	j.rows = j.rows[:0]
	return nil
}

func (j *importJob) count(o store.Outcome, row ingest.Row) {
	switch o.Change {
	case store.Created:
		j.summary.Created++
	case store.Updated:
		j.summary.Updated++
	case store.Unchanged:
		j.summary.Unchanged++
	case store.Withdrawn:
		j.summary.Withdrawn++
	case store.Refused:
		j.reject(match.About(fmt.Sprintf("%s, line %d", j.name, row.Line), o.Err))
	}
}

func (j *importJob) kept(columns map[string]int) {
	for name, n := range columns {
		j.summary.KeptAsAttributes[name] += n
	}
}

func (j *importJob) reject(err error) {
	var e *match.Error
	r := rejectedRow{Reason: err.Error()}
	if errors.As(err, &e) {
		r = rejectedRow{Row: e.Record, Field: e.Field, Reason: (&match.Error{Reason: e.Reason, Err: e.Err}).Error()}
	}
	j.summary.Rejected = append(j.summary.Rejected, r)
}

// progress is a counter on a terminal, and nothing elsewhere.
func progress() *progressbar.ProgressBar {
	return progressbar.NewOptions(-1, progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionClearOnFinish())
}
