package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// worthDepth is how many ranks of each model are looked at for pairs to judge.
const worthDepth = 20

// worth lists what to judge next. Where only judged candidates were ranked, the
// models rank the whole corpus for it.
func (c *evaluateCmd) worth(ctx context.Context, d *evaluation.Dataset, models []evaluation.Model, o evaluation.Options) ([]evaluation.WorthJudging, error) {
	all, _, err := c.ranked(ctx, d, evaluation.CandidatesAll, worthDepth)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Levels, all[i].Latencies = nil, models[i].Latencies
	}
	return evaluation.Worth(d, all, o)
}

// writeWorth writes pairs to judge as a table that label import takes once levels
// and raters are filled in: the columns of labels.csv, and the texts to judge by.
func writeWorth(w io.Writer, d *evaluation.Dataset, pairs []evaluation.WorthJudging) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // spreadsheets ask for it
		return err
	}
	table := csv.NewWriter(w)
	if err := table.Write([]string{"demand_id", "patent_number", "level", "rater", "reason", "worth", "demand_title", "demand_text", "patent_title", "patent_text"}); err != nil {
		return err
	}
	for _, p := range pairs {
		q, _ := d.QueryIndex(p.Query)
		doc, _ := d.DocumentIndex(p.Document)
		query, document := d.Query(q), d.Document(doc)
		err := table.Write([]string{p.Query, p.Document, "", "", "", fmt.Sprintf("%.4f", p.Worth),
			shownCell(query.Title), shownCell(query.Text), shownCell(document.Title), shownCell(document.Text)})
		if err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// shownCell is a text that a spreadsheet does not take for a formula.
func shownCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
