package evaluation

import "github.com/duijie/duijie/evaluation/statistic"

// compactFor is the evaluation with only the queries of clusters and only the
// compared measures, numbered anew, so that a slice costs what its size asks.
func (e *evaluation) compactFor(clusters statistic.Clusters) *evaluation {
	part := &evaluation{d: &Dataset{scale: e.d.scale}, o: e.o, models: e.models, ctx: e.ctx}
	for _, m := range e.compared {
		part.measures = append(part.measures, e.measures[m])
	}
	var queries []int32
	for _, group := range clusters {
		renumbered := make([]int32, len(group))
		for i, q := range group {
			renumbered[i] = int32(len(queries))
			queries = append(queries, q)
		}
		part.clusters = append(part.clusters, renumbered)
	}
	part.d.queries = make([]Query, len(queries))
	for _, s := range e.sheets {
		part.sheets = append(part.sheets, s.compactFor(queries, e.compared))
	}
	return part
}

func (s *sheet) compactFor(queries []int32, measures []int) *sheet {
	out := &sheet{model: s.model, queries: len(queries)}
	for _, m := range measures {
		reason := s.reasons[m]
		if reason == "" {
			reason = s.measures[m].unfit
		}
		out.measures = append(out.measures, s.measures[m])
		out.reasons = append(out.reasons, reason)
		out.at = append(out.at, out.width)
		if reason == "" {
			out.width += s.measures[m].size
		}
	}
	out.cells = make([]float64, out.queries*out.width)
	for i, q := range queries {
		out.each(func(j int) { copy(out.row(int32(i), j), s.row(q, measures[j])) })
	}
	return out
}
