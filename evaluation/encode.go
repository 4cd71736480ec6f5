package evaluation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// Schema names the layout of metrics.json; the number grows when a key changes
// its meaning or goes. SCHEMA.md describes it.
const Schema = "duijie/metrics/1"

// WriteJSON writes metrics.json: indented, keys in a fixed order, null with a
// reason where there is no value. The same result gives the same bytes. Latencies
// and what is derived from them are the only figures that differ between two
// evaluations of the same models.
func (r *Result) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(object{
		{"schema", Schema},
		{"dataset", r.Summary.object(r.dataset.scale.Min)},
		{"options", r.Options.object()},
		{"definitions", r.definitions()},
		{"models", r.models()},
		{"comparisons", list(r.Comparisons, Comparison.object)},
		{"slices", list(r.Slices, r.slice)},
		{"worth_judging", list(r.Worth, r.worth)},
		{"folds", orNone(r.Folds, r.folds)},
		{"leakage", list(r.Leakage, r.leakage)},
		{"agreement", orNone(r.Agreement, Agreement.object)},
	})
}

// object is a JSON object that keeps its order.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encoder.Encode(m.key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := encoder.Encode(m.value); err != nil {
			return nil, fmt.Errorf("%s: %w", m.key, err)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func list[T any](items []T, encode func(T) object) []object {
	out := make([]object, len(items))
	for i, item := range items {
		out[i] = encode(item)
	}
	return out
}

func orNull(reason string) any {
	if reason == "" {
		return nil
	}
	return reason
}

func bounds(i *Interval) (low, high any) {
	if i == nil || math.IsNaN(i.Low) || math.IsNaN(i.High) {
		return nil, nil
	}
	return i.Low, i.High
}

func (s Summary) object(lowest int) object {
	var levels object
	for i, n := range s.PerLevel {
		levels = append(levels, member{fmt.Sprint(lowest + i), n})
	}
	return object{{"name", s.Name}, {"queries", s.Queries}, {"clusters", s.Clusters}, {"rankable", s.Rankable},
		{"documents", s.Documents}, {"judgements", s.Judgements}, {"levels", levels}}
}

func (o Options) object() object {
	return object{{"relevant", o.Relevant}, {"candidates", o.Candidates.String()}, {"ties", o.Ties.String()},
		{"population", o.Population.String()}, {"min_judged", o.MinJudged}, {"confidence", 0.95},
		{"samples", max(o.Samples, 0)}, {"permutations", o.Permutations}, {"seed", o.Seed}, {"compare", o.Compare}}
}

// String is the name that the command line and metrics.json use.
func (c Candidates) String() string { return [...]string{"auto", "judged", "all"}[c] }

// String is the name that the command line and metrics.json use.
func (t Ties) String() string { return [...]string{"trec", "rank"}[t] }

// String is the name that the command line and metrics.json use.
func (p Population) String() string { return [...]string{"defined", "trec"}[p] }

func (r *Result) definitions() object {
	var out object
	for _, d := range r.Metrics {
		better := "higher"
		if d.Lower {
			better = "lower"
		}
		out = append(out, member{d.Name, object{{"title", d.Title}, {"unit", d.Unit}, {"better", better},
			{"population", d.Population}, {"definition", d.Text}, {"source", d.Source}}})
	}
	return out
}

func (e Estimate) object() object {
	low, high := bounds(e.Interval)
	return object{{"value", e.Value}, {"low", low}, {"high", high}, {"queries", e.Queries},
		{"reason", orNull(e.Value.Reason())}, {"interval_reason", orNull(e.IntervalReason)}}
}
