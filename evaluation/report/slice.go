package report

import (
	"html/template"
	"math"

	"github.com/duijie/duijie/evaluation"
)

// sliceTable is the slices by one attribute.
type sliceTable struct {
	Name      string // of the attribute
	Attribute phrase
	Pairs     []duel // the comparisons in the columns
	Rows      []sliceRow
	Valued    bool // the rows have the models' values
}

type sliceRow struct {
	Value             string
	Queries, Clusters string
	Small             bool
	Cells             []metricCell
	Differences       []sliceCell
}

type sliceCell struct {
	Text    string
	Reason  phrase
	Plot    template.HTML
	Outcome outcome
}

var attributes = map[string]phrase{
	"length": {"需求长度（字符数）", "length of the demand, characters"},
	"labels": {"已标注文档数", "judged documents"},
	"sector": {"产业", "sector"},
	"region": {"地区", "region"},

	"industry":        {"国民经济行业", "industry"},
	"enterprise_kind": {"企业类型", "kind of enterprise"},
	"ipc":             {"IPC 部（较多的相关专利）", "IPC section of most relevant patents"},
	"time":            {"时间", "time"},
}

func (s *subject) sliceTables() []sliceTable {
	var tables []sliceTable
	limit := s.sliceLimit()
	for _, slice := range s.r.Slices {
		name := attributes[slice.Attribute]
		if name == (phrase{}) {
			name = same(slice.Attribute)
		}
		if len(tables) == 0 || tables[len(tables)-1].Name != slice.Attribute {
			tables = append(tables, sliceTable{Name: slice.Attribute, Attribute: name})
		}
		table := &tables[len(tables)-1]
		table.Rows = append(table.Rows, s.sliceRow(slice, limit))
		table.Valued = len(table.Rows[0].Cells) > 0
		if table.Pairs == nil {
			table.Pairs = s.sliceDuels(slice)
		}
	}
	return tables
}

// sliceDuels are the slice's comparisons with the baseline on the main metric.
func (s *subject) sliceDuels(slice evaluation.SliceResult) []duel {
	var out []duel
	for _, d := range s.turned(slice.Comparisons) {
		if d.Metric == s.main.Name && d.Baseline == s.o.Baseline {
			out = append(out, d)
		}
	}
	return out
}

func (s *subject) sliceRow(slice evaluation.SliceResult, limit float64) sliceRow {
	row := sliceRow{Value: slice.Value, Queries: count(slice.Queries), Clusters: count(slice.Clusters), Small: slice.Clusters < smallSlice}
	for _, estimates := range slice.Estimates {
		for i, name := range slice.Metrics {
			if name == s.main.Name {
				row.Cells = append(row.Cells, s.sliceValue(estimates[i]))
			}
		}
	}
	for _, d := range s.sliceDuels(slice) {
		cell := sliceCell{Reason: reasonOf(d.Difference), Outcome: sliceOutcome(d.Comparison)}
		if d.Difference.Known() {
			cell.Text = signed(d.def.Unit, d.Difference.Float())
			cell.Plot = miniature(s.o.Language, d.Comparison, limit)
		}
		row.Differences = append(row.Differences, cell)
	}
	return row
}

func (s *subject) sliceValue(e evaluation.Estimate) metricCell {
	c := metricCell{Reason: reasonOf(e.Value)}
	if e.Value.Known() {
		c.Value, c.Interval = figure(s.main.Unit, e.Value.Float()), interval(s.main.Unit, e.Interval, figure)
	}
	return c
}

// sliceLimit is the scale that the small plots of all slices share.
func (s *subject) sliceLimit() float64 {
	limit := 1e-9
	for _, slice := range s.r.Slices {
		for _, d := range s.sliceDuels(slice) {
			if d.Interval != nil {
				limit = max(limit, math.Abs(d.Interval.Low), math.Abs(d.Interval.High))
			}
		}
	}
	return limit
}
