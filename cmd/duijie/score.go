package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/server/wire"
)

type scoreCmd struct {
	dataFlags
	langFlag
	chatFlags
	reviewFlag
	Pairs   string `help:"File with a demand id and a patent number on each line, separated by a tab or comma; a header line is skipped, a line that lacks one of them is reported. - is standard input. Exit code 4 where a line or pair has no score. 每行一个需求编号和一个专利号；有缺失的行会报告，其余照常打分（此时退出码 4）。" required:"" placeholder:"FILE"`
	Explain bool   `help:"Say what carried each score. 说明理由。"`
	JSON    bool   `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *scoreCmd) Run(ctx context.Context) error {
	if err := c.check(c.Explain); err != nil {
		return err
	}
	pairs, faults, err := readPairs(c.Pairs)
	if err != nil {
		return err
	}
	for _, fault := range faults {
		fmt.Fprintln(os.Stderr, c.pick(match.Localised(fault)))
	}
	if len(pairs) == 0 && len(faults) > 0 {
		return exitError{exitRejected}
	}
	in, err := c.openToAsk(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	client, err := c.client(c.Review)
	if err != nil {
		return err
	}
	if c.Review {
		in.Engine.Reviewer = c.reviewer(client)
	}
	answer, err := in.Engine.ScorePairs(ctx, pairs, retrieve.PairOptions{Explain: c.Explain, Review: c.Review})
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(os.Stdout, wire.ToPairAnswer("cli", answer))
	} else {
		err = c.print(os.Stdout, answer)
	}
	if err == nil && len(faults)+rejectedPairs(answer) > 0 {
		return exitError{exitRejected}
	}
	return err
}

func rejectedPairs(a *retrieve.PairAnswer) int {
	n := 0
	for _, r := range a.Results {
		if r.Err != nil {
			n++
		}
	}
	return n
}

func (c *scoreCmd) print(w io.Writer, a *retrieve.PairAnswer) error {
	for _, d := range a.Degraded {
		fmt.Fprintln(os.Stderr, d)
	}
	if a.Calibration != nil {
		fmt.Fprintln(os.Stderr, calibrationLine(a.Calibration, c.langFlag))
	}
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "demand_id\tpatent_number\tscore\tlogit\tlevel\tin_catalog\treverse\tmutual")
	for _, r := range a.Results {
		if r.Err != nil {
			fmt.Fprintf(os.Stderr, "%s, %s: %s\n", r.Pair.Demand.ID, r.Pair.Patent.ID, c.pick(match.Localised(r.Err)))
			continue
		}
		fmt.Fprintf(out, "%s\t%s\t%.6f\t%.6f\t%s\n", r.Pair.Demand.ID, r.Pair.Patent.ID, r.Score.Value, r.Score.Logit, fitCells(&r.Score))
		if r.Explanation != nil {
			fmt.Fprintf(out, "# %s\n", c.pick(r.Explanation.Summary))
			c.printReview(out, r.Explanation)
		}
	}
	return out.Flush()
}

// printReview writes the elements with both verdicts, where a chat model reviewed them.
func (c *scoreCmd) printReview(out io.Writer, x *match.Explanation) {
	if x.Reviewer == "" {
		return
	}
	for _, e := range x.Elements {
		var b strings.Builder
		fmt.Fprintf(&b, "# %s %s「%s」\n", verdictMarks[e.Verdict], c.pick(e.Verdict.Words()), clip(e.Demand.Text, 40))
		writeReview(&b, "#   ", &e, c.langFlag)
		io.WriteString(out, b.String())
	}
}

// fitCells are the cells of a score's level and of its two sides; empty where the ranker
// does not know them.
func fitCells(s *match.Score) string {
	level, inCatalog, reverse, mutual := "", "", "", ""
	if len(s.Levels) > 0 {
		level = strconv.Itoa(int(s.Level))
	}
	if s.InCatalog > 0 {
		inCatalog = fmt.Sprintf("%.6f", s.InCatalog)
	}
	if t := s.TwoSided; t != nil {
		reverse, mutual = fmt.Sprintf("%.6f", t.Reverse), fmt.Sprintf("%.6f", t.Mutual)
	}
	return strings.Join([]string{level, inCatalog, reverse, mutual}, "\t")
}

// readPairs reads demand ids and patent numbers, and names the lines that lack one.
func readPairs(path string) (out []match.Pair, faults []error, err error) {
	in := os.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimPrefix(lines.Text(), "\uFEFF") // a tab at its end is a cell
		if strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(line, "\t", ","), ",")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if n == 1 && isHeader(cells[0]) {
			continue
		}
		if len(cells) < 2 || cells[0] == "" || cells[1] == "" {
			faults = append(faults, &match.Error{Kind: match.Invalid, Record: fmt.Sprintf("%s, line %d", path, n), Reason: "lacks a cell; want a demand id and a patent number"})
			continue
		}
		out = append(out, pairOf(cells[0], cells[1]))
	}
	return out, faults, lines.Err()
}

func isHeader(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "demand_id", "demand", "query-id", "需求编号":
		return true
	}
	return false
}
