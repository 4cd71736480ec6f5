package report

import (
	"bytes"
	"io"
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// Text writes the summary of r for a terminal: the models on the compared metrics
// with intervals, folds, the slices that the options name, the comparisons with what
// they mean, the gate and the warnings.
// It fits the width that the options give; without one it takes what it needs,
// about a hundred columns and more in sentences.
func Text(w io.Writer, r *evaluation.Result, o Options) error {
	s, err := newSubject(r, o)
	if err != nil {
		return err
	}
	t := &terminal{s: s, l: o.Language}
	t.head()
	t.doubts()
	t.models()
	t.folds()
	t.slices()
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
func (t *terminal) line(p phrase) {
	text := visible(t.l.plain(p))
	if n := t.width(); n > 0 {
		text = wrapped(text, n)
	}
	t.b.WriteString(text + "\n")
}

// width is the columns that there are, 0 for any number.
func (t *terminal) width() int {
	if t.s.o.Width <= 0 {
		return 0
	}
	return max(t.s.o.Width, narrowest)
}

// table writes a table, in parts where it is too wide.
func (t *terminal) table(g *grid) {
	if n := t.width(); n > 0 {
		t.b.WriteString(g.within(n))
		return
	}
	t.b.WriteString(g.String())
}

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
	if sum.Rankable < sum.Queries {
		t.line(t.s.rankable())
	}
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
	for i, m := range t.s.r.Models {
		row := []string{clip(visible(m.Name), 32)}
		for _, d := range defs {
			e := t.s.r.Estimate(i, d.Name)
			row = append(row, figure(d.Unit, e.Value.Float())+" "+interval(d.Unit, e.Interval, figure))
		}
		table.add(row...)
	}
	t.b.WriteString("\n")
	t.table(table)
	for _, d := range defs {
		t.reasons(d)
	}
	if text, ok := t.s.unjudged(); ok {
		t.line(text)
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
	t.comparisonTable(table)
	t.b.WriteString("\n")
	for _, d := range t.s.mainDuels() {
		t.line(verdict(d))
	}
}

// comparisonTable leaves columns out where the table is too wide, those first that
// the others tell most of: detectable, record, interval, corrected p.
func (t *terminal) comparisonTable(g *grid) {
	if t.width() == 0 {
		t.table(g)
		return
	}
	text, left := g.without(t.width(), 6, 5, 3, 4)
	t.b.WriteString(text)
	if len(left) > 0 {
		names := strings.Join(left, t.l.plain(phrase{"、", ", "}))
		t.line(say(phrase{"（终端太窄，未列出：%s）", "(Left out, as the terminal is narrow: %s)"}, names))
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
