package report

import (
	"fmt"
	"html/template"
	"math"

	"github.com/duijie/duijie/evaluation"
)

// forestRow is a line of a forest plot: a label, a value with its interval, and
// what stands to the right.
type forestRow struct {
	label  phrase
	value  float64 // NaN where there is none
	low    float64
	high   float64
	band   float64 // half the width of the grey band around 0
	class  string
	remark phrase
}

const (
	plotWidth = 760.0
	rowHeight = 30.0
)

// forest draws rows over one axis. A line marks 0 where zero is set.
func forest(l Language, rows []forestRow, zero bool, name phrase) template.HTML {
	c := newCanvas(l, plotWidth, float64(len(rows))*rowHeight+40)
	var all []float64
	for _, r := range rows {
		all = append(all, r.value, r.low, r.high)
	}
	if zero {
		all = append(all, 0)
	}
	a := around(all, 236, plotWidth-196)
	bottom := c.height - 34
	for _, t := range a.ticks(6) {
		c.line(a.at(t), 4, a.at(t), bottom, "grid")
		c.text(a.at(t), bottom+16, "tick mid", tick(t))
	}
	for i, r := range rows {
		c.forestRow(a, r, 4+rowHeight*(float64(i)+0.5))
	}
	if zero {
		c.line(a.at(0), 4, a.at(0), bottom, "zero")
	}
	return c.svg(name)
}

func (c *canvas) forestRow(a axis, r forestRow, y float64) {
	c.text(224, y+4, "label end", clipped(r.label, 32))
	if math.IsNaN(r.value) {
		c.text(a.from+8, y+4, "muted", clipped(r.remark, 60))
		return
	}
	if r.band > 0 {
		low, high := max(a.low, -r.band), min(a.high, r.band)
		c.rect(a.at(low), y-9, a.at(high)-a.at(low), 18, "band")
	}
	if !math.IsNaN(r.low) {
		c.line(a.at(r.low), y, a.at(r.high), y, "bar "+r.class)
		c.line(a.at(r.low), y-5, a.at(r.low), y+5, "bar "+r.class)
		c.line(a.at(r.high), y-5, a.at(r.high), y+5, "bar "+r.class)
	}
	c.circle(a.at(r.value), y, 5, "dot "+r.class)
	c.text(plotWidth-184, y+4, "remark", r.remark)
}

func (s *subject) valueForest() template.HTML {
	var rows []forestRow
	for i, m := range s.r.Models {
		e := s.r.Estimate(i, s.main.Name)
		row := forestRow{label: same(m.Name), value: e.Value.Float(), class: modelClass(i), remark: reasonOf(e.Value)}
		row.low, row.high = ends(e.Interval)
		if e.Value.Known() {
			row.remark = same(figure(s.main.Unit, row.value) + " " + interval(s.main.Unit, e.Interval, figure))
		}
		rows = append(rows, row)
	}
	return forest(s.o.Language, rows, false, say(phrase{"%s 及区间", "%s with intervals"}, title(s.main)))
}

// differenceForest draws the comparisons whose values share an axis.
func (s *subject) differenceForest() template.HTML {
	var rows []forestRow
	for _, d := range s.duels {
		if d.def.Unit == "ms" || d.def.Unit == "levels" {
			continue
		}
		row := forestRow{value: d.Difference.Float(), class: string(outcomeOf(d.Comparison)), remark: reasonOf(d.Difference)}
		row.label = say(phrase{"%s：%s − %s", "%s: %s − %s"}, title(d.def), d.Candidate, d.Baseline)
		row.low, row.high = ends(d.Interval)
		if d.Difference.Known() {
			row.remark = same(signed(d.def.Unit, row.value) + " " + interval(d.def.Unit, d.Interval, signed))
		}
		if d.Detectable.Known() {
			row.band = d.Detectable.Float()
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return ""
	}
	return forest(s.o.Language, rows, true, phrase{"各项差异及区间", "Differences with intervals"})
}

func ends(i *evaluation.Interval) (low, high float64) {
	if i == nil {
		return math.NaN(), math.NaN()
	}
	return i.Low, i.High
}

// miniature is the interval of a difference on a given scale, for table cells.
func miniature(l Language, c evaluation.Comparison, limit float64) template.HTML {
	if !c.Difference.Known() || c.Interval == nil {
		return ""
	}
	m := newCanvas(l, 150, 18)
	a := axis{-limit, limit, 6, 144}
	class := string(sliceOutcome(c))
	m.line(a.at(0), 0, a.at(0), 18, "zero")
	m.line(a.at(c.Interval.Low), 9, a.at(c.Interval.High), 9, "bar "+class)
	m.circle(a.at(c.Difference.Float()), 9, 4, "dot "+class)
	return m.svg(outcomeWords[sliceOutcome(c)])
}

// modelClass gives a model its colour; there are eight.
func modelClass(i int) string { return fmt.Sprintf("m%d", i%8) }
