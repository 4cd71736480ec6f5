package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/report"

	"github.com/duijie/duijie/internal/match"
)

// writeFiles writes the runs, levels, metrics.json, report.html, and gate.json
// where there was a gate.
func (c *evaluateCmd) writeFiles(r *evaluation.Result, o report.Options) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	for _, m := range o.Models {
		if err := c.file(format.RunFile(m.Name), func(w io.Writer) error { return format.WriteRun(w, o.Dataset, m.Run, m.Name) }); err != nil {
			return err
		}
		if m.Levels == nil {
			continue
		}
		if err := c.file(format.LevelsFile(m.Name), func(w io.Writer) error { return format.WriteLevels(w, o.Dataset, m.Levels) }); err != nil {
			return err
		}
	}
	if err := c.file("metrics.json", r.WriteJSON); err != nil {
		return err
	}
	if err := c.writeFolds(r, o.Dataset); err != nil {
		return err
	}
	if c.Worth > 0 {
		if err := c.file("worth.csv", func(w io.Writer) error { return writeWorth(w, o.Dataset, r.Worth) }); err != nil {
			return err
		}
	}
	if o.Gate != nil {
		if err := c.file("gate.json", func(w io.Writer) error { return json.NewEncoder(w).Encode(o.Gate) }); err != nil {
			return err
		}
	}
	return c.file("report.html", func(w io.Writer) error { return report.HTML(w, r, o) })
}

// sayFiles names the files to look at, and says how many pairs worth.csv has.
func (c *evaluateCmd) sayFiles(worth int) {
	page, metrics := filepath.Join(c.Out, "report.html"), filepath.Join(c.Out, "metrics.json")
	say(os.Stderr, c.langFlag, fmt.Sprintf("报告：%s；全部指标：%s\n", page, metrics), fmt.Sprintf("Report: %s; all figures: %s\n", page, metrics))
	if c.Worth > 0 {
		path := filepath.Join(c.Out, "worth.csv")
		say(os.Stderr, c.langFlag, fmt.Sprintf("待标注的配对 %d 个：%s\n", worth, path), fmt.Sprintf("%s worth judging: %s\n", match.Counted(worth, "pair"), path))
	}
}

// file writes one file of the output folder.
func (c *evaluateCmd) file(name string, write func(io.Writer) error) error {
	f, err := os.Create(filepath.Join(c.Out, name))
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
