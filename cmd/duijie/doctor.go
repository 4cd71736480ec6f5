package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/duijie/duijie/internal/doctor"
	"github.com/duijie/duijie/internal/match"
)

type doctorCmd struct {
	dataFlags
	langFlag
	Repair bool `help:"Make vectors again where they are missing, wrong or damaged. Records are never deleted. 重建缺失或损坏的向量；不会删除记录。"`
	Deep   bool `help:"Embed every text again and compare the vectors. 重新嵌入全部文本并比对向量。"`
	JSON   bool `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

// Run ends with exitUnsound if a problem is left.
func (c *doctorCmd) Run(ctx context.Context) error {
	config, err := c.config(ctx)
	if err != nil {
		return err
	}
	report, err := doctor.Run(ctx, config, doctor.Options{Repair: c.Repair, Deep: c.Deep})
	if err != nil {
		return err
	}
	if c.JSON {
		err = writeJSON(os.Stdout, report)
	} else {
		c.print(os.Stdout, report)
	}
	if err == nil && !report.Sound {
		return exitError{exitUnsound}
	}
	return err
}

func (c *doctorCmd) print(w io.Writer, r *doctor.Report) {
	for _, f := range r.Findings {
		c.printFinding(w, f)
	}
	n := r.Contents
	say(w, c.langFlag,
		fmt.Sprintf("专利 %d、需求 %d、已下架 %d、版本 %d、标注 %d；已核对 %d 条记录的向量（模型 %s）。\n", n.Patents, n.Demands, n.Withdrawn, n.Revisions, n.Labels, r.Vectors, r.Model),
		fmt.Sprintf("%s, %s, %d withdrawn, %s, %s; vectors of %s compared (model %s).\n", match.Counted(n.Patents, "patent"), match.Counted(n.Demands, "demand"), n.Withdrawn, match.Counted(n.Revisions, "revision"), match.Counted(n.Labels, "label"), match.Counted(r.Vectors, "record"), r.Model))
	switch problems := r.Problems(); {
	case r.Sound:
		say(w, c.langFlag, "数据完好。\n", "Sound.\n")
	case c.Repair:
		say(w, c.langFlag, fmt.Sprintf("仍有 %d 个问题无法自动修复。\n", problems), match.Counted(problems, "problem")+" left that cannot be repaired here.\n")
	default:
		say(w, c.langFlag, fmt.Sprintf("发现 %d 个问题；duijie doctor --repair 可重建能够重建的部分。\n", problems), match.Counted(problems, "problem")+"; duijie doctor --repair makes again what can be made again.\n")
	}
}

func (c *doctorCmd) printFinding(w io.Writer, f doctor.Finding) {
	mark := "✗"
	switch {
	case f.Repaired:
		mark = "✓"
	case f.Severity == doctor.Note:
		mark = "·"
	}
	fmt.Fprintf(w, "%s %s", mark, c.pick(match.Named(f.Record)))
	if f.Count > 1 {
		fmt.Fprintf(w, " ×%d", f.Count)
	}
	fmt.Fprintf(w, ": %s", c.pick(f.Reason))
	if f.Detail != "" {
		fmt.Fprintf(w, " (%s)", c.pick(f.Words))
	}
	if f.Repaired {
		say(w, c.langFlag, "；已修复", "; repaired")
	}
	fmt.Fprintln(w)
}
