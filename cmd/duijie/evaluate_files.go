package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/report"
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
	if o.Gate != nil {
		if err := c.file("gate.json", func(w io.Writer) error { return json.NewEncoder(w).Encode(o.Gate) }); err != nil {
			return err
		}
	}
	return c.file("report.html", func(w io.Writer) error { return report.HTML(w, r, o) })
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
