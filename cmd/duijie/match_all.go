package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sweep"
	"github.com/duijie/duijie/internal/vocabulary"
)

// allFlags say how everything is matched with everything.
type allFlags struct {
	Side   string `help:"demands: patents for each demand; patents: demands for each patent. 为需求找专利，或为专利找需求。" enum:"demands,patents" default:"demands"`
	Out    string `help:"File for the rows, which comes into being when all is done; by default standard output, without --resume. 输出文件，全部完成后生成。" type:"path" placeholder:"FILE"`
	Format string `help:"tsv, csv, jsonl or parquet; by default what the file's name says, else tsv. 文件格式。" enum:"auto,tsv,csv,jsonl,parquet" default:"auto"`
	Resume bool   `help:"Go on where a job with the same --out was ended. 从上次中断处继续。"`
	Shard  string `help:"One part of several, such as 1/4, so that processes divide the job. 只做其中一份，便于分工。" placeholder:"N/OF"`
	Words  *bool  `help:"Words nominate candidates as well, as for a single record, unless --no-words leaves them out: less work, and hits are lost. 词检索也提名候选（同单条匹配）；--no-words 关闭：较省，但会漏。" negatable:""`
	Dense  bool   `help:"Nearest texts by their vectors alone, with the cosine in place of a score. 仅按文本向量的余弦。"`
	Depth  int    `help:"Candidates that each search nominates; 0 is 200, as for a single record; fewer are less work, and hits are lost. 每路检索提名的候选数；0 即 200（同单条匹配），较少则较省，但会漏。" default:"0" placeholder:"N"`
	Block  int    `help:"Records at a time; 0 is 8192. 每批记录数。" default:"0" hidden:""`
}

// unused refuses flags that mean nothing without --all.
func (f allFlags) unused() error {
	for flag, given := range map[string]bool{
		"--out": f.Out != "", "--resume": f.Resume, "--shard": f.Shard != "", "--words": f.Words != nil, "--dense": f.Dense,
		"--depth": f.Depth != 0,
	} {
		if given {
			return match.Invalidf(flag, "is for --all alone")
		}
	}
	return nil
}

// allReport is what --json prints of a job.
type allReport struct {
	Records  int    `json:"records"`
	Targets  int    `json:"targets"`
	Rows     int    `json:"rows"`
	Empty    int    `json:"without_hits"`
	Degraded int    `json:"degraded"`
	Reason   string `json:"reason,omitempty"`
	// LeftOut counts records that were not matched, by why.
	LeftOut sweep.LeftOut `json:"left_out,omitempty"`
	Resumed int           `json:"resumed_after"` // records that an earlier run had done
	Seconds float64       `json:"seconds"`
	// PairsPerSecond counts every record with every target.
	PairsPerSecond float64 `json:"pairs_per_second"`
}

func (c *matchCmd) all(ctx context.Context) error {
	if err := c.checkAll(); err != nil {
		return err
	}
	job, err := c.job()
	if err != nil {
		return err
	}
	in, err := c.openToAsk(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	job.Store, job.Engine = in.Store, in.Engine
	began := time.Now()
	report, err := c.sweep(ctx, job)
	if err != nil {
		return err
	}
	report.Seconds = time.Since(began).Seconds()
	if report.Targets, err = job.Targets(ctx); err != nil {
		return err
	}
	report.PairsPerSecond = float64(report.Records-report.Resumed) * float64(report.Targets) / max(report.Seconds, 1e-9)
	return c.printAll(report)
}

func (c *matchCmd) checkAll() error {
	switch {
	case c.Explain:
		return match.Invalidf("--explain", "is for a single record")
	case c.listFlags.given() != "":
		return match.Invalidf(c.listFlags.given(), "is for a single record")
	case match.Order(c.Order) != match.ForwardOrder:
		return match.Invalidf("--order", "is for a single record")
	case c.Rerank:
		return match.Invalidf("--rerank", "is for a single record")
	case c.Review:
		return match.Invalidf("--review", "is for a single record")
	case c.Party != "":
		return match.Invalidf("--party", "is for a single record")
	case c.Title != "":
		return match.Invalidf("--title", "is for --text alone")
	case c.Depth < 0 || c.Depth > match.MaxDepth:
		return match.Invalidf("--depth", "%d is not in 0 to %d", c.Depth, match.MaxDepth)
	case c.Block < 0:
		return match.Invalidf("--block", "is negative")
	case c.Words != nil && c.Dense:
		return match.Invalidf("--words", "cannot be used with --dense")
	case c.Model != "" && c.Dense:
		return match.Invalidf("--model", "cannot be used with --dense")
	case c.Out == "" && c.Resume:
		return match.Invalidf("--resume", "needs --out")
	case c.Out == "" && c.JSON:
		return match.Invalidf("--json", "needs --out: rows go to standard output; for rows in JSON use --format jsonl")
	case c.Out == "" && c.Format == "parquet":
		return match.Invalidf("--format", "parquet needs --out")
	}
	return checkLimit(c.Limit)
}

func (c *matchCmd) job() (j sweep.Job, err error) {
	j = sweep.Job{
		Kind: kindOf(c.Side), Tenant: match.DefaultTenant, Limit: c.Limit, Dense: c.Dense,
		Model: vocabulary.Alias(c.Model), Depth: c.Depth, VectorsOnly: c.Words != nil && !*c.Words,
		Day: match.DateOf(time.Now()), Block: c.Block,
	}
	if c.Shard != "" {
		if j.Shard, err = sweep.ParseShard(c.Shard); err != nil {
			return j, match.Invalidf("--shard", "%q is not of the form 1/4", c.Shard)
		}
	}
	j.Filter, err = c.checked(j.Kind.Other())
	return j, err
}

func (c *matchCmd) rowFormat() sweep.Format {
	if c.Format != "auto" {
		return sweep.Format(c.Format)
	}
	switch f := sweep.Format(strings.TrimPrefix(filepath.Ext(c.Out), ".")); f {
	case sweep.CSV, sweep.JSONL, sweep.Parquet:
		return f
	}
	return sweep.TSV
}

// sweep runs the job, to standard output or to its file.
func (c *matchCmd) sweep(ctx context.Context, job sweep.Job) (*allReport, error) {
	if c.Out == "" {
		return c.stream(ctx, job)
	}
	file, err := c.file(&job)
	if errors.Is(err, sweep.ErrFinished) {
		say(os.Stderr, c.langFlag, "此前已全部完成。\n", "It was finished before.\n")
		return &allReport{}, nil
	}
	if err != nil {
		return nil, err
	}
	resumed := file.State().Records
	bar := c.bar(ctx, job, resumed)
	err = job.Run(ctx, file.State().Last, func(b sweep.Block) error {
		_ = bar.Add(b.Records)
		return file.Add(b)
	})
	_ = bar.Finish()
	if err != nil {
		err = errors.Join(err, file.Close())
		if ctx.Err() != nil {
			say(os.Stderr, c.langFlag, "已中断；加 --resume 可从断点继续。\n", "Interrupted; --resume goes on from there.\n")
			return nil, exitError{exitInterrupted}
		}
		return nil, err
	}
	s := file.State()
	return &allReport{Records: s.Records, Rows: s.Rows, Empty: s.Empty, Degraded: s.Degraded, Reason: s.Reason, LeftOut: s.LeftOut, Resumed: resumed}, file.Commit()
}

// file begins the job's file or goes on with it; what had expired when the job was begun
// stays so.
func (c *matchCmd) file(job *sweep.Job) (*sweep.File, error) {
	if !c.Resume {
		return sweep.Create(c.Out, c.rowFormat(), *job)
	}
	state, err := sweep.Unfinished(c.Out)
	if err != nil {
		return nil, err
	}
	job.Day = match.Date(state.Day)
	return sweep.Resume(c.Out, c.rowFormat(), *job)
}

func (c *matchCmd) stream(ctx context.Context, job sweep.Job) (*allReport, error) {
	format, report := c.rowFormat(), &allReport{}
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	_, err := out.WriteString(format.Header(job.Dense))
	if err != nil {
		return nil, err
	}
	err = job.Run(ctx, "", func(b sweep.Block) error {
		report.Records, report.Rows, report.Empty, report.Degraded = report.Records+b.Records, report.Rows+len(b.Rows), report.Empty+b.Empty, report.Degraded+b.Degraded
		if report.Reason == "" {
			report.Reason = b.Reason
		}
		report.LeftOut.Add(b.LeftOut)
		for _, r := range b.Rows {
			if _, err := out.Write(format.Append(nil, r, job.Dense)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
	return report, err
}

// bar counts the records of the side, of which a shard has a part.
func (c *matchCmd) bar(ctx context.Context, job sweep.Job, done int) *progressbar.ProgressBar {
	total, err := job.Store.Count(ctx, job.Tenant, job.Kind)
	if err != nil {
		total = -1
	}
	if job.Shard.Of > 1 && total > 0 {
		total /= job.Shard.Of
	}
	bar := progressbar.NewOptions(total, append(progressLook(), progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true))...)
	_ = bar.Set(done)
	return bar
}

func (c *matchCmd) printAll(r *allReport) error {
	if c.JSON {
		return writeJSON(os.Stdout, r)
	}
	say(os.Stderr, c.langFlag,
		fmt.Sprintf("%d 条记录与 %d 条对象匹配，共 %d 行；%d 条没有结果。用时 %.1f 秒，每秒 %.0f 对。\n", r.Records, r.Targets, r.Rows, r.Empty, r.Seconds, r.PairsPerSecond),
		fmt.Sprintf("%s matched with %d: %s, %d without a hit. %.1f s, %.0f pairs a second.\n", match.Counted(r.Records, "record"), r.Targets, match.Counted(r.Rows, "row"), r.Empty, r.Seconds, r.PairsPerSecond))
	c.sayLeftOut(r.LeftOut)
	if r.Degraded > 0 {
		say(os.Stderr, c.langFlag,
			fmt.Sprintf("注意：%d 条记录只按词匹配，例如 %s\n", r.Degraded, r.Reason),
			fmt.Sprintf("Note: %s matched by words alone, such as %s\n", match.Counted(r.Degraded, "record"), r.Reason))
	}
	return nil
}

// sayLeftOut tells how many records were not matched, and why.
func (c *matchCmd) sayLeftOut(l sweep.LeftOut) {
	var zh, en []string
	total := 0
	for _, field := range slices.Sorted(maps.Keys(l)) {
		n, why := l[field], leftOutWords[field]
		zh, en = append(zh, fmt.Sprintf("%s %d 条", why.ZH, n)), append(en, fmt.Sprintf("%d %s", n, why.EN))
		total += n
	}
	if total == 0 {
		return
	}
	say(os.Stderr, c.langFlag,
		fmt.Sprintf("另有 %d 条记录不可得，未参与匹配（%s）；--include-unavailable 可包括它们。\n", total, strings.Join(zh, "，")),
		fmt.Sprintf("%s left out that cannot be had (%s); --include-unavailable lets them in.\n", match.Counted(total, "record"), strings.Join(en, ", ")))
}

var leftOutWords = map[string]match.LocalText{
	match.FieldDemandState: {ZH: "需求未开放", EN: "not open"},
	match.FieldDeadline:    {ZH: "已过截止日", EN: "past their deadline"},
	match.FieldLegalStatus: {ZH: "权利已失效", EN: "without a right any more"},
	match.FieldExpiryDate:  {ZH: "专利已届满", EN: "expired"},
}
