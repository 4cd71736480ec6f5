package evaluation

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
)

// ByAttribute slices by an attribute of the queries.
func ByAttribute(d *Dataset, name string) Slice {
	return Slice{Name: name, Of: func(q int32) string { return d.queries[q].Attributes[name] }}
}

// ByDocuments slices by an attribute of the documents: a query has the value that
// most of its documents judged at level relevant or above have, of equals the first
// in order; none where no such document has any. It serves attributes that queries
// do not have, such as the class of a patent.
func ByDocuments(d *Dataset, name string, relevant int) Slice {
	return Slice{Name: name, Of: func(q int32) string {
		counts, best := map[string]int{}, ""
		for _, j := range d.judged[q] {
			if value := d.Document(j.Document).Attributes[name]; int(j.Level) >= relevant && value != "" {
				counts[value]++
			}
		}
		for value, n := range counts {
			if n > counts[best] || n == counts[best] && value < best {
				best = value
			}
		}
		return best
	}}
}

// ByLength slices by the number of characters of title and text: up to 100, 101
// to 300, 301 to 1000, more.
func ByLength(d *Dataset) Slice {
	return Slice{Name: "length", Of: func(q int32) string {
		query := d.queries[q]
		return bucket(utf8.RuneCountInString(query.Title)+utf8.RuneCountInString(query.Text), 100, 300, 1000)
	}}
}

// ByLabels slices by the number of judged documents: up to 10, 11 to 30, 31 to
// 100, more.
func ByLabels(d *Dataset) Slice {
	return Slice{Name: "labels", Of: func(q int32) string { return bucket(len(d.judged[q]), 10, 30, 100) }}
}

func bucket(n int, bounds ...int) string {
	low := 0
	for _, b := range bounds {
		if n <= b {
			return fmt.Sprintf("%d–%d", low, b)
		}
		low = b + 1
	}
	return fmt.Sprintf("%d+", low)
}

// slices measures the compared metrics on every slice.
func (e *evaluation) slices() []SliceResult {
	var out []SliceResult
	for _, s := range e.o.Slices {
		var found []SliceResult
		for _, value := range e.valuesOf(s) {
			if e.ctx.Err() != nil {
				return nil
			}
			found = append(found, e.slice(s, value))
		}
		slices.SortStableFunc(found, func(a, b SliceResult) int {
			return cmp.Or(cmp.Compare(b.Queries, a.Queries), cmp.Compare(a.Value, b.Value))
		})
		out = append(out, found...)
	}
	return out
}

// valuesOf is the values of an attribute among judged queries.
func (e *evaluation) valuesOf(s Slice) []string {
	seen := map[string]bool{}
	for q, list := range e.d.judged {
		if len(list) > 0 {
			seen[s.Of(int32(q))] = true
		}
	}
	delete(seen, "")
	var values []string
	for v := range seen {
		values = append(values, v)
	}
	slices.Sort(values)
	return values
}

func (e *evaluation) slice(s Slice, value string) SliceResult {
	clusters := e.clustersOf(func(q int32) bool { return len(e.d.judged[q]) > 0 && s.Of(q) == value })
	out := SliceResult{Attribute: s.Name, Value: value, Clusters: len(clusters), Metrics: e.o.Compare}
	for _, group := range clusters {
		out.Queries += len(group)
	}
	part := e.compactFor(clusters)
	drawn := part.draw(part.clusters)
	for i, s := range part.sheets {
		var row []Estimate
		for m := range part.measures {
			row = append(row, part.estimate(s, m, drawn[i]))
		}
		out.Estimates = append(out.Estimates, row)
	}
	for _, pair := range part.pairsOfModels() {
		for m := range part.measures {
			out.Comparisons = append(out.Comparisons, part.compare(pair, m, part.clusters, drawn))
		}
	}
	return out
}
