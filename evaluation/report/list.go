package report

import (
	"strconv"

	"github.com/duijie/duijie/evaluation"
)

// worthRow is an unjudged pair with its rank in each model.
type worthRow struct {
	Query, Document           string // ids
	QueryTitle, DocumentTitle string
	Worth                     string
	Ranks                     []string
}

// worth is the first pairs worth judging, and what is said of the others.
func (s *subject) worth() (rows []worthRow, left phrase) {
	for _, w := range s.r.Worth[:min(len(s.r.Worth), worthShown)] {
		row := worthRow{Query: w.Query, Document: w.Document, Worth: strconv.FormatFloat(w.Worth, 'f', 3, 64)}
		row.QueryTitle, row.DocumentTitle = s.titles(w.Query, w.Document)
		for _, rank := range w.Ranks {
			if rank == 0 {
				row.Ranks = append(row.Ranks, "–")
			} else {
				row.Ranks = append(row.Ranks, strconv.Itoa(rank))
			}
		}
		rows = append(rows, row)
	}
	if n := len(s.r.Worth) - len(rows); n > 0 {
		left = say(phrase{"另有 %s 对见 metrics.json。", "%s more are in metrics.json."}, count(n))
	}
	return rows, left
}

// titles are those of a query and a document, empty without the dataset.
func (s *subject) titles(query, document string) (q, d string) {
	if s.o.Dataset == nil {
		return "", ""
	}
	if i, ok := s.o.Dataset.QueryIndex(query); ok {
		q = s.o.Dataset.Query(i).Title
	}
	if i, ok := s.o.Dataset.DocumentIndex(document); ok {
		d = s.o.Dataset.Document(i).Title
	}
	return q, d
}

// warning is a repair of an input file, or a doubt about a model.
type warning struct {
	Text  phrase
	Where string
	Count string
}

func (s *subject) warnings() []warning {
	var out []warning
	for _, w := range s.o.Warnings {
		out = append(out, warning{translated(string(w.Kind)), w.Where(), count(w.Count)})
	}
	return out
}

// definition is what one or several metrics that differ in their cutoff share.
type definition struct {
	evaluation.Definition
	Metrics []evaluation.Definition
}

func (s *subject) definitions() []definition {
	var out []definition
	at := map[evaluation.Definition]int{}
	for _, d := range s.r.Metrics {
		key := d
		key.Name, key.Title = base(d.Name), ""
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, definition{Definition: d})
		}
		out[i].Metrics = append(out[i].Metrics, d)
	}
	return out
}
