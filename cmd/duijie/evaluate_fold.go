package main

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"github.com/duijie/duijie/evaluation"
)

// writeFolds writes which pair is in which fold, for others to train by, and what
// each model scores on each query in each fold.
func (c *evaluateCmd) writeFolds(r *evaluation.Result, d *evaluation.Dataset) error {
	if r.Folds == nil {
		return nil
	}
	of := r.Options.Folds.Of
	err := c.file("folds.tsv", func(w io.Writer) error {
		out := bufio.NewWriter(w)
		fmt.Fprintln(out, "query-id\tcorpus-id\tfold")
		for q, list := range of {
			for i, j := range d.Judgements(int32(q)) {
				fmt.Fprintf(out, "%s\t%s\t%d\n", d.Query(int32(q)).ID, d.Document(j.Document).ID, list[i]+1)
			}
		}
		return out.Flush()
	})
	if err != nil {
		return err
	}
	return c.file("fold-scores.tsv", func(w io.Writer) error { return writeFoldScores(w, r, d) })
}

// writeFoldScores writes a line for each query, fold and model, with the compared
// metrics; a cell is empty where the query is not in the metric's population.
func writeFoldScores(w io.Writer, r *evaluation.Result, d *evaluation.Dataset) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "query-id\tfold\tmodel")
	for _, name := range r.Folds.Metrics {
		fmt.Fprint(out, "\t", name)
	}
	fmt.Fprintln(out)
	for fold := range r.Folds.Folds {
		f := &r.Folds.Folds[fold]
		for m, model := range r.Models {
			columns := make([][]float64, len(r.Folds.Metrics))
			for i := range columns {
				columns[i] = f.PerQuery(m, i)
			}
			for q := range d.Queries() {
				writeFoldLine(out, d.Query(int32(q)).ID, fold+1, model.Name, columns, q)
			}
		}
	}
	return out.Flush()
}

// writeFoldLine writes one line, unless no metric has a value.
func writeFoldLine(w io.Writer, query string, fold int, model string, columns [][]float64, q int) {
	line, any := "", false
	for _, column := range columns {
		line += "\t"
		if column != nil && !math.IsNaN(column[q]) {
			line += fmt.Sprintf("%.6f", column[q])
			any = true
		}
	}
	if any {
		fmt.Fprintf(w, "%s\t%d\t%s%s\n", query, fold, model, line)
	}
}
