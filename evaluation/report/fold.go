package report

import (
	"fmt"
	"math"
	"strconv"

	"github.com/duijie/duijie/evaluation"
)

// doubts are what is known of the data besides: how raters agree, and what leaks
// from one part into another.
func (s *subject) doubts() []fact {
	var facts []fact
	if f := s.r.Folds; f != nil {
		facts = append(facts, fact{phrase{"分折", "Folds"}, say(phrase{"%d 折，%s", "%d, %s"}, len(f.Folds), foldName(f.Name))})
	}
	for _, l := range s.r.Leakage {
		facts = append(facts, fact{say(phrase{"数据泄漏（%s）", "Leakage between %s"}, foldName(l.Between)), leaks(l)})
	}
	if a := s.r.Agreement; a != nil {
		facts = append(facts, fact{phrase{"标注者一致性", "Agreement of raters"}, agreed(*a)})
	}
	return facts
}

// foldName names the ways of making folds; the names of splits stay.
func foldName(name string) phrase {
	if p, ok := foldNames[name]; ok {
		return p
	}
	return same(name)
}

var foldNames = map[string]phrase{
	"random": {"按配对随机", "by pairs at random"},
	"demand": {"按需求", "by demand"},
	"twins":  {"按近似需求分组", "by groups of near twins"},
	"time":   {"按时间", "by time"},
	"folds":  {"各折", "folds"},
}

func leaks(l evaluation.Leakage) phrase {
	return say(phrase{
		"跨多部分的需求 %d，重复的需求标题 %d、文档标题 %d、配对 %d，近似需求 %d 对",
		"demands in several parts %d; repeated titles of demands %d, of documents %d, of pairs %d; near twins %d"},
		l.Queries, l.RepeatedQueryTitles, l.RepeatedDocumentTitles, l.RepeatedPairs, len(l.Twins))
}

func agreed(a evaluation.Agreement) phrase {
	value := func(v evaluation.Value) phrase {
		if v.Known() {
			return same(fmt.Sprintf("%.3f", v.Float()))
		}
		return say(phrase{"–（%s）", "– (%s)"}, translated(v.Reason()))
	}
	return say(phrase{"%s 位标注者，%s 对有多人标注：Krippendorff alpha %s，加权 kappa %s，完全一致 %s",
		"%s raters, %s pairs with several: Krippendorff's alpha %s, weighted kappa %s, equal %s"},
		count(a.Raters), count(a.Pairs), value(a.Alpha), value(a.Kappa), value(a.Equal))
}

// foldRow is the models' values of the main metric in one fold, or in all.
type foldRow struct {
	Name    phrase
	Queries string // that count, and that are judged
	Pairs   string
	Cells   []metricCell
	All     bool
}

// foldRows is the table of folds, all of them together last.
func (s *subject) foldRows() []foldRow {
	f, main := s.r.Folds, -1
	if f == nil {
		return nil
	}
	for i, name := range f.Metrics {
		if name == s.main.Name {
			main = i
		}
	}
	if main < 0 {
		return nil
	}
	var rows []foldRow
	counted, queries, pairs := 0, 0, 0
	for i, fold := range f.Folds {
		row := foldRow{Name: same(strconv.Itoa(i + 1)), Queries: share(inPopulation(&fold, len(s.r.Models), main), fold.Queries), Pairs: count(fold.Judgements)}
		for _, values := range fold.Values {
			row.Cells = append(row.Cells, s.foldCell(values[main], nil))
		}
		rows = append(rows, row)
		counted += inPopulation(&fold, len(s.r.Models), main)
		queries, pairs = queries+fold.Queries, pairs+fold.Judgements
	}
	all := foldRow{Name: words["together"], Queries: share(counted, queries), Pairs: count(pairs), All: true}
	for _, estimates := range f.Estimates {
		all.Cells = append(all.Cells, s.foldCell(estimates[main].Value, estimates[main].Interval))
	}
	return append(rows, all)
}

// inPopulation counts the queries of a fold that a metric, by its place, is taken over:
// those that have a value, with the model that has most; all of them for a metric that
// single queries do not have.
func inPopulation(fold *evaluation.FoldResult, models, metric int) int {
	most, any := 0, false
	for m := range models {
		values := fold.PerQuery(m, metric)
		n := 0
		for _, v := range values {
			if !math.IsNaN(v) {
				n++
			}
		}
		most, any = max(most, n), any || values != nil
	}
	if !any {
		return fold.Queries
	}
	return most
}

func share(part, whole int) string { return count(part) + "/" + count(whole) }

func (s *subject) foldCell(v evaluation.Value, i *evaluation.Interval) metricCell {
	if !v.Known() {
		return metricCell{Reason: reasonOf(v)}
	}
	return metricCell{Value: figure(s.main.Unit, v.Float()), Interval: interval(s.main.Unit, i, figure)}
}

// folds is the table of folds for a terminal.
func (t *terminal) folds() {
	rows := t.s.foldRows()
	if len(rows) == 0 {
		return
	}
	t.b.WriteString("\n")
	t.line(say(phrase{"%s（%s）", "%s (%s)"}, words["folds"], title(t.s.main)))
	table := &grid{}
	header := []string{t.l.plain(words["fold"]), t.l.plain(words["counted"])}
	for _, m := range t.s.r.Models {
		header = append(header, clip(visible(m.Name), 32))
	}
	table.add(header...)
	for _, row := range rows {
		line := []string{t.l.plain(row.Name), row.Queries}
		for _, c := range row.Cells {
			line = append(line, orDash(c.Value)+" "+c.Interval)
		}
		table.add(line...)
	}
	t.table(table)
}

// doubts says what to bear in mind.
func (t *terminal) doubts() {
	for _, f := range t.s.doubts() {
		t.line(say(phrase{"%s：%s", "%s: %s"}, f.Label, f.Value))
	}
}
