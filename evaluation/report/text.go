package report

import (
	"bytes"
	"io"

	"github.com/duijie/duijie/evaluation"
)

// Text writes the summary of r for a terminal of about a hundred columns: the
// models on the compared metrics with intervals, the comparisons with what they
// mean, the gate and the warnings.
func Text(w io.Writer, r *evaluation.Result, o Options) error {
	s, err := newSubject(r, o)
	if err != nil {
		return err
	}
	t := &terminal{s: s, l: o.Language}
	t.head()
	t.models()
	t.comparisons()
	t.gate()
	t.warnings()
	_, err = w.Write(t.b.Bytes())
	return err
}

// terminal writes lines of plain text in one language.
type terminal struct {
	s *subject
	l Language
	b bytes.Buffer
}

// line writes p without what a terminal would obey.
func (t *terminal) line(p phrase) { t.b.WriteString(visible(t.l.plain(p)) + "\n") }

func (t *terminal) heading(key string) {
	t.b.WriteString("\n")
	t.line(words[key])
}

func (t *terminal) head() {
	sum, o := t.s.r.Summary, t.s.r.Options
	name := say(phrase{"%s：%s", "%s: %s"}, words["default"], sum.Name)
	if t.s.o.Title != "" {
		name = say(phrase{"%s：%s", "%s: %s"}, t.s.o.Title, sum.Name)
	}
	t.line(name)
	t.line(say(phrase{"%s 个需求（%s 簇），%s 个文档，%s 对标注；候选 %s，种子 %d", "%s demands (%s clusters), %s documents, %s judged pairs; candidates %s, seed %d"},
		count(sum.Queries), count(sum.Clusters), count(sum.Documents), count(sum.Judgements), o.Candidates.String(), o.Seed))
}

// models is the table of models and compared metrics; what has no value is
// explained below.
func (t *terminal) models() {
	defs := t.shown()
	table := &grid{}
	header := []string{t.l.plain(words["model"])}
	for _, d := range defs {
		header = append(header, t.l.plain(title(d)))
	}
	table.add(header...)
	var reasons []phrase
	for i, m := range t.s.r.Models {
		row := []string{clip(visible(m.Name), 32)}
		for _, d := range defs {
			e := t.s.r.Estimate(i, d.Name)
			if !e.Value.Known() {
				reasons = append(reasons, say(phrase{"  – %s 的 %s：%s", "  – %[2]s of %[1]s: %[3]s"}, m.Name, title(d), reasonOf(e.Value)))
			}
			row = append(row, figure(d.Unit, e.Value.Float())+" "+interval(d.Unit, e.Interval, figure))
		}
		table.add(row...)
	}
	t.b.WriteString("\n" + table.String())
	for _, r := range reasons {
		t.line(r)
	}
}

// shown are the compared metrics, or the first three where none is.
func (t *terminal) shown() []evaluation.Definition {
	var defs []evaluation.Definition
	for _, name := range t.s.r.Options.Compare {
		defs = append(defs, t.s.definition(name))
	}
	if len(defs) == 0 {
		defs = t.s.r.Metrics[:min(3, len(t.s.r.Metrics))]
	}
	return defs
}

func (t *terminal) comparisons() {
	if len(t.s.duels) == 0 {
		return
	}
	t.heading("comparisons")
	table := &grid{}
	var header []string
	for _, key := range []string{"pairs", "metric", "difference", "interval", "pholm", "record", "detectable", "verdict"} {
		header = append(header, t.l.plain(words[key]))
	}
	table.add(header...)
	for _, row := range t.s.comparisonRows() {
		table.add(clip(visible(row.Candidate+" − "+row.Baseline), 36), t.l.plain(row.Title), orDash(row.Difference), row.Interval,
			orDash(row.PHolm), t.record(row), orDash(row.Smallest), t.l.plain(outcomeWords[row.Outcome]))
	}
	t.b.WriteString(table.String())
	t.b.WriteString("\n")
	for _, d := range t.s.mainDuels() {
		t.line(verdict(d))
	}
}

func (t *terminal) record(row comparisonRow) string {
	r := row.Record
	if row.Outcome == unknown {
		return "–"
	}
	return count(r.Win) + "/" + count(r.Tie) + "/" + count(r.Loss)
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func (t *terminal) gate() {
	g := t.s.o.Gate
	if g == nil {
		return
	}
	t.b.WriteString("\n")
	t.line(say(phrase{"%s：%s", "%s: %s"}, words["gate"], words[string(g.Verdict)]))
	for _, c := range g.Checks {
		line := say(phrase{"  %s  %s：%s", "  %s  %s: %s"}, words[string(c.Verdict)], c.Name, translated(c.Reason))
		if c.Override != nil {
			line = say(phrase{"%s（%s：%s，%s）", "%s (%s: %s, %s)"}, line, words["gate.override"], c.Override.By, c.Override.Reason)
		}
		t.line(line)
	}
}

func (t *terminal) warnings() {
	if len(t.s.o.Warnings) == 0 {
		return
	}
	t.heading("warnings")
	for _, w := range t.s.warnings() {
		t.line(say(phrase{"  %s %s（%s）", "  %s %s (%s)"}, w.Count, w.Text, w.Where))
	}
}
