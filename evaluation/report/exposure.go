package report

import (
	"fmt"
	"html/template"
	"slices"

	"github.com/duijie/duijie/evaluation/metric"
)

// exposure is how often documents were shown within one cutoff.
type exposure struct {
	K     int
	Plot  template.HTML
	Rows  []exposureRow
	Most  []shownMost // of each model, where the dataset is given
	Empty bool
}

type exposureRow struct {
	Name                   string
	Model                  int
	Coverage, Never, Share string // Share: of the tenth of documents shown most
	Gini                   string
}

type shownMost struct {
	Name      string
	Documents []shownDocument
}

type shownDocument struct {
	ID, Title, Times string
}

func (s *subject) exposures() []exposure {
	var out []exposure
	for _, k := range s.r.Options.Cutoffs.Shown {
		e := exposure{K: k, Plot: s.lorenzPlot(k), Empty: true}
		for i, m := range s.r.Models {
			row := exposureOf(m.Shown[k])
			row.Name, row.Model = m.Name, i
			e.Rows = append(e.Rows, row)
			e.Empty = e.Empty && row.Gini == "–"
			if most := s.shownMost(m.Shown[k]); len(most) > 0 {
				e.Most = append(e.Most, shownMost{m.Name, most})
			}
		}
		out = append(out, e)
	}
	return out
}

func exposureOf(shown []int32) exposureRow {
	coverage := metric.Coverage(shown)
	sorted := slices.Clone(shown)
	slices.Sort(sorted)
	total, top := 0.0, 0.0
	for i, n := range sorted {
		total += float64(n)
		if 10*(len(sorted)-1-i) < len(sorted) {
			top += float64(n)
		}
	}
	return exposureRow{Coverage: percent(coverage, 1), Never: percent(1-coverage, 1),
		Share: percent(top, total), Gini: figure("", metric.Gini(shown))}
}

// shownMost are the five documents shown most often, unless none was shown twice.
func (s *subject) shownMost(shown []int32) []shownDocument {
	if s.o.Dataset == nil || len(shown) != s.o.Dataset.Documents() {
		return nil
	}
	var out []shownDocument
	for _, d := range mostShown(shown, 5) {
		doc := s.o.Dataset.Document(d)
		out = append(out, shownDocument{doc.ID, doc.Title, fmt.Sprint(shown[d])})
	}
	return out
}

// mostShown are the n documents shown most often, and more than once; the first
// document wins a tie. Corpora are large and n is small, so nothing is sorted.
func mostShown(shown []int32, n int) []int32 {
	var top []int32
	for d, times := range shown {
		if times < 2 || len(top) == n && times <= shown[top[n-1]] {
			continue
		}
		at := slices.IndexFunc(top, func(other int32) bool { return shown[other] < times })
		if at < 0 {
			at = len(top)
		}
		top = slices.Insert(top, at, int32(d))
		top = top[:min(len(top), n)]
	}
	return top
}
