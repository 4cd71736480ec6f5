package report

import (
	"fmt"
	"html/template"
	"strconv"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
)

// scale is that of the dataset; without it only the number of levels is known.
func (s *subject) scale() evaluation.Scale {
	if s.o.Dataset != nil {
		return s.o.Dataset.Scale()
	}
	return evaluation.Scale{Min: 0, Max: len(s.r.Summary.PerLevel) - 1}
}

// levelName is the i-th level from below: its number, or its distance from the
// lowest, "min+2", where the scale is not known.
func (s *subject) levelName(i int) string {
	switch {
	case s.o.Dataset != nil:
		return strconv.Itoa(s.o.Dataset.Scale().Min + i)
	case i == 0:
		return "min"
	}
	return "min+" + strconv.Itoa(i)
}

// shade is the depth of a level's colour, 0 to 3.
func shade(scale evaluation.Scale, level int) int {
	if scale.Max <= scale.Min {
		return 0
	}
	return (3*(level-scale.Min) + (scale.Max-scale.Min)/2) / (scale.Max - scale.Min)
}

// levelMeanings are the names of Duijie's own levels.
var levelMeanings = []phrase{{"无关", "none"}, {"较弱", "weak"}, {"较强", "rather strong"}, {"很强", "strong"}}

// levelCount is how many pairs were judged at a level.
type levelCount struct {
	Level, Count, Share string
	Meaning             phrase
	Shade               int
}

func (s *subject) levelCounts() []levelCount {
	scale := s.scale()
	var out []levelCount
	for i, n := range s.r.Summary.PerLevel {
		c := levelCount{Level: s.levelName(i), Count: count(n), Shade: shade(scale, scale.Min+i),
			Share: percent(float64(n), float64(s.r.Summary.Judgements))}
		if s.o.Dataset != nil && scale == metric.Levels4 {
			c.Meaning = levelMeanings[i]
		}
		out = append(out, c)
	}
	return out
}

// calibration is what is known of the levels of one model.
type calibration struct {
	Name        string
	Model       int
	Levels      []string // of the columns
	Confusion   []confusionRow
	Reliability template.HTML
}

type confusionRow struct {
	Level string
	Cells []confusionCell
}

// confusionCell is a count; Depth is its share of the row, 0 to 1.
type confusionCell struct {
	Count string
	Depth string
	Dark  bool
}

func (s *subject) calibrations() []calibration {
	var out []calibration
	for i, m := range s.r.Models {
		if m.Confusion == nil && m.Reliability == nil {
			continue
		}
		c := calibration{Name: m.Name, Model: i, Confusion: s.confusion(m.Confusion)}
		for _, row := range c.Confusion {
			c.Levels = append(c.Levels, row.Level)
		}
		if m.Reliability != nil {
			c.Reliability = reliabilityPlot(s.o.Language, m.Name, i, m.Reliability)
		}
		out = append(out, c)
	}
	return out
}

func (s *subject) confusion(m metric.Confusion) []confusionRow {
	var rows []confusionRow
	for i, counts := range m {
		row, sum := confusionRow{Level: s.levelName(i)}, 0.0
		for _, n := range counts {
			sum += n
		}
		for _, n := range counts {
			depth := n / max(sum, 1)
			row.Cells = append(row.Cells, confusionCell{count(int(n)), fmt.Sprintf("%.2f", depth), depth > 0.6})
		}
		rows = append(rows, row)
	}
	return rows
}
