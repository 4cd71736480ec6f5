package report

import (
	"html/template"
	"slices"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/gate"
)

// page is what the template of the HTML report shows, section by section.
type page struct {
	Switch   bool // between two languages
	Tag      string
	Title    phrase
	Subtitle phrase
	Style    template.CSS
	Sections []string
	Models   []evaluation.ModelResult
	Baseline string

	Findings     []finding
	Gate         *gate.Decision
	Facts        []fact
	Levels       []levelCount
	MetricRows   []metricRow
	Main         phrase
	ValueForest  template.HTML
	Differences  template.HTML
	Comparisons  []comparisonRow
	Contests     []contest
	Undrawn      int
	Texts        bool
	Folds        []foldRow
	Slices       []sliceTable
	Recall       template.HTML
	Calibrations []calibration
	Exposures    []exposure
	Worth        []worthRow
	WorthLeft    phrase
	Warnings     []warning
	Definitions  []definition
}

// finding is a sentence of the summary; Outcome gives it its mark.
type finding struct {
	Outcome outcome
	Text    phrase
}

// comparisonRow is a line of the table of comparisons.
type comparisonRow struct {
	duel
	Title                                    phrase
	Main                                     bool // its words are among the findings
	Difference, Interval, P, PHolm, Smallest string
	Outcome                                  outcome
	Reason, Words                            phrase
}

// contest is a comparison query by query.
type contest struct {
	duel
	Plot      template.HTML
	Won, Lost []example
	Words     phrase
}

var sectionOrder = []string{"findings", "gate", "setup", "metrics", "intervals", "comparisons", "queries", "slices",
	"folds", "recall", "levels", "exposure", "worth", "warnings", "definitions"}

func (s *subject) page() page {
	p := page{
		Switch: s.o.Language == Both, Tag: s.o.Language.tag(), Title: words["default"], Subtitle: same(s.r.Summary.Name),
		Style: style, Sections: slices.Clone(sectionOrder), Models: s.r.Models, Baseline: s.o.Baseline,
		Findings: s.findings(), Gate: s.o.Gate, Facts: s.facts(), Levels: s.levelCounts(), MetricRows: s.metricRows(),
		Main: title(s.main), ValueForest: s.valueForest(), Differences: s.differenceForest(), Comparisons: s.comparisonRows(),
		Texts: s.o.Dataset != nil, Slices: s.sliceTables(), Folds: s.foldRows(), Recall: s.recallPlot(), Calibrations: s.calibrations(),
		Exposures: s.exposures(), Warnings: s.warnings(), Definitions: s.definitions(),
	}
	if s.o.Title != "" {
		p.Title = same(s.o.Title)
	}
	if p.Gate == nil {
		p.Sections = slices.DeleteFunc(p.Sections, func(id string) bool { return id == "gate" })
	}
	if p.Folds == nil {
		p.Sections = slices.DeleteFunc(p.Sections, func(id string) bool { return id == "folds" })
	}
	p.Contests, p.Undrawn = s.contests()
	p.Worth, p.WorthLeft = s.worth()
	return p
}

func (s *subject) findings() []finding {
	var out []finding
	if text, ok := s.unjudged(); ok {
		out = append(out, finding{unknown, text})
	}
	duels := s.mainDuels()
	for _, d := range duels {
		out = append(out, finding{outcomeOf(d.Comparison), verdict(d)})
	}
	if len(duels) > 0 {
		return out
	}
	for i, m := range s.r.Models {
		e := s.r.Estimate(i, s.main.Name)
		text := say(phrase{"%s 的 %s 为 %s %s。", "%s has %s %s %s."}, m.Name, title(s.main),
			figure(s.main.Unit, e.Value.Float()), interval(s.main.Unit, e.Interval, figure))
		if !e.Value.Known() {
			text = say(phrase{"%s 的 %s 没有值：%s。", "%s has no %s: %s."}, m.Name, title(s.main), reasonOf(e.Value))
		}
		out = append(out, finding{undecided, text})
	}
	return out
}

func (s *subject) comparisonRows() []comparisonRow {
	var rows []comparisonRow
	for _, d := range s.duels {
		row := comparisonRow{duel: d, Title: title(d.def), Main: d.Metric == s.main.Name, Outcome: outcomeOf(d.Comparison), Reason: reasonOf(d.Comparison.Difference), Words: verdict(d)}
		if d.Comparison.Difference.Known() {
			row.Difference = signed(d.def.Unit, d.Comparison.Difference.Float())
			row.Interval = interval(d.def.Unit, d.Comparison.Interval, signed)
			row.P, row.PHolm = chance(d.Comparison.P), chance(d.Comparison.PHolm)
			row.Smallest = figure(d.def.Unit, d.Detectable.Float())
		}
		rows = append(rows, row)
	}
	return rows
}

// contests are the comparisons on the main metric, of which only the first are
// drawn; left is how many are not.
func (s *subject) contests() (all []contest, left int) {
	for _, d := range s.mainDuels() {
		gains := s.gains(d)
		if len(gains) == 0 {
			continue
		}
		if len(all) == drawnPairs {
			left++
			continue
		}
		won, lost := s.extremes(gains, s.o.Examples)
		all = append(all, contest{duel: d, Plot: differencePlot(s.o.Language, d, gains), Words: tally(d),
			Won: s.examples(d, won), Lost: s.examples(d, lost)})
	}
	return all, left
}
