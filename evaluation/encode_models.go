package evaluation

import "math"

func (r *Result) models() object {
	out := object{}
	for i, m := range r.Models {
		var metrics, perQuery object
		for j, e := range m.Estimates {
			metrics = append(metrics, member{r.Metrics[j].Name, e.object()})
		}
		for _, name := range r.Options.Compare {
			perQuery = append(perQuery, member{name, r.queryValues(i, name)})
		}
		out = append(out, member{m.Name, object{{"answered", m.Answered}, {"warnings", append([]string{}, m.Warnings...)}, {"metrics", metrics},
			{"confusion", m.Confusion}, {"reliability", m.Reliability}, {"per_query", perQuery}}})
	}
	return out
}

// queryValues is the values of the queries in the population, by id; null for a
// metric without them.
func (r *Result) queryValues(model int, name string) any {
	values := r.PerQuery(model, name)
	if values == nil {
		return nil
	}
	out := object{}
	for q, v := range values {
		if !math.IsNaN(v) {
			out = append(out, member{r.dataset.queries[q].ID, v})
		}
	}
	return out
}

func (c Comparison) object() object {
	low, high := bounds(c.Interval)
	return object{{"metric", c.Metric}, {"baseline", c.Baseline}, {"candidate", c.Candidate},
		{"difference", c.Difference}, {"low", low}, {"high", high},
		{"p", c.P}, {"p_holm", c.PHolm}, {"win", c.Record.Win}, {"tie", c.Record.Tie}, {"loss", c.Record.Loss},
		{"detectable", c.Detectable}, {"queries", c.Queries}, {"clusters", c.Clusters},
		{"reason", orNull(c.Difference.Reason())}, {"p_reason", orNull(c.P.Reason())}}
}

func (r *Result) slice(s SliceResult) object {
	var models object
	for i, row := range s.Estimates {
		var metrics object
		for j, e := range row {
			metrics = append(metrics, member{s.Metrics[j], e.object()})
		}
		models = append(models, member{r.Models[i].Name, metrics})
	}
	return object{{"attribute", s.Attribute}, {"value", s.Value}, {"queries", s.Queries}, {"clusters", s.Clusters},
		{"models", models}, {"comparisons", list(s.Comparisons, Comparison.object)}}
}

func (r *Result) worth(w WorthJudging) object {
	ranks := object{}
	for i, rank := range w.Ranks {
		if rank > 0 {
			ranks = append(ranks, member{r.Models[i].Name, rank})
		} else {
			ranks = append(ranks, member{r.Models[i].Name, nil})
		}
	}
	return object{{"query", w.Query}, {"document", w.Document}, {"worth", w.Worth}, {"ranks", ranks}}
}
