package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
)

// example is one query with the rankings of two models side by side.
type example struct {
	ID, Title, Text     string
	Baseline, Candidate string // values of the main metric
	Gain                string
	Won                 bool
	Rows                []exampleRow // by rank; empty without the models' runs
	Judged              phrase
}

type exampleRow struct {
	Rank                int
	Baseline, Candidate place
}

// place is a document at a rank; Known is false below the end of a ranking.
type place struct {
	Known     bool
	ID, Title string
	Level     string // "" where nobody judged
	Shade     int    // 0 lowest level to 3 highest
	Elsewhere phrase // its rank in the other ranking
}

const excerpt = 240 // columns of a query's text that are shown

// examples are the queries with the largest gains, or losses.
func (s *subject) examples(d duel, gains []gain) []example {
	if s.o.Dataset == nil {
		return nil
	}
	var out []example
	for _, g := range gains {
		if int(g.query) >= s.o.Dataset.Queries() {
			continue
		}
		q := s.o.Dataset.Query(g.query)
		out = append(out, example{
			ID: q.ID, Title: q.Title, Text: clip(strings.Join(strings.Fields(q.Text), " "), excerpt),
			Baseline: figure(d.def.Unit, g.baseline), Candidate: figure(d.def.Unit, g.candidate),
			Gain: signed(d.def.Unit, g.candidate-g.baseline), Won: g.gain > 0,
			Rows: s.sideBySide(d, g.query), Judged: s.judged(g.query),
		})
	}
	return out
}

// judged says how many documents of each level a query has.
func (s *subject) judged(query int32) phrase {
	list := s.o.Dataset.Judgements(query)
	relevant := 0
	for _, j := range list {
		if int(j.Level) >= s.r.Options.Relevant {
			relevant++
		}
	}
	return say(phrase{"已标注 %d 个文档，其中 %d 个为 %d 级或以上", "%d documents judged, %d of them at level %d or above"},
		len(list), relevant, s.r.Options.Relevant)
}

func (s *subject) sideBySide(d duel, query int32) []exampleRow {
	a, b := s.ranking(d.Baseline, query), s.ranking(d.Candidate, query)
	if a == nil && b == nil {
		return nil
	}
	left, right := ranksOf(a), ranksOf(b)
	rows := make([]exampleRow, min(rankingDepth, max(len(a), len(b))))
	for i := range rows {
		rows[i] = exampleRow{i + 1, s.place(query, a, i, right), s.place(query, b, i, left)}
	}
	return rows
}

// ranking is what a model ranks for query, in the order that was measured; nil
// when the run was not given.
func (s *subject) ranking(model string, query int32) []evaluation.Hit {
	i := slices.IndexFunc(s.o.Models, func(m evaluation.Model) bool { return m.Name == model })
	if i < 0 {
		return nil
	}
	hits := slices.Clone(s.o.Models[i].Run.Hits[query])
	s.o.Dataset.Order(hits, s.r.Options.Ties)
	if s.r.Options.Candidates == evaluation.CandidatesJudged {
		hits = slices.DeleteFunc(hits, func(h evaluation.Hit) bool { return s.level(query, h.Document) == metric.Unjudged })
	}
	return hits
}

func ranksOf(hits []evaluation.Hit) map[int32]int {
	ranks := make(map[int32]int, len(hits))
	for i, h := range hits {
		ranks[h.Document] = i + 1
	}
	return ranks
}

// level is the judged level of a pair, metric.Unjudged if there is none.
func (s *subject) level(query, document int32) int8 {
	for _, j := range s.o.Dataset.Judgements(query) {
		if j.Document == document {
			return j.Level
		}
	}
	return metric.Unjudged
}

func (s *subject) place(query int32, hits []evaluation.Hit, i int, other map[int32]int) place {
	if i >= len(hits) {
		return place{}
	}
	doc := s.o.Dataset.Document(hits[i].Document)
	p := place{Known: true, ID: doc.ID, Title: doc.Title, Elsewhere: elsewhere(other[hits[i].Document])}
	if level := s.level(query, hits[i].Document); level != metric.Unjudged {
		p.Level, p.Shade = strconv.Itoa(int(level)), shade(s.scale(), int(level))
	}
	return p
}

func elsewhere(rank int) phrase {
	if rank == 0 {
		return phrase{"对方未排入", "absent there"}
	}
	return say(phrase{"对方第 %d", "there %d"}, rank)
}
