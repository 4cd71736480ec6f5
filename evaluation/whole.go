package evaluation

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
)

// wholeMeasure is a metric of the whole run that is no sum over queries.
type wholeMeasure struct {
	Definition
	estimate func(e *evaluation, s *sheet) Estimate
}

func wholeMeasures(o Options) []wholeMeasure {
	var all []wholeMeasure
	for _, k := range o.Cutoffs.Shown {
		over := fmt.Sprintf("all documents of the corpus; shown means in the first %d ranks of a judged query, after the rule on candidates", k)
		never := func(shown []int32) float64 { return 1 - metric.Coverage(shown) }
		all = append(all,
			exposure("coverage", k, over, "share of documents shown at least once", "Ge, Delgado-Battenfeld and Jannach 2010", false, metric.Coverage),
			exposure("gini", k, over, "Gini coefficient of how often documents are shown", "Gini 1912; Wilkie and Azzopardi 2014", true, metric.Gini),
			exposure("never_shown", k, over, "share of documents never shown", "1 - coverage", true, never))
	}
	for _, p := range []int{50, 95, 99} {
		all = append(all, latency(p))
	}
	return all
}

const noExposureInterval = "a bootstrap sample repeats queries and so shows fewer documents: its interval would not hold the value"

func exposure(name string, k int, over, text, source string, lower bool, value func([]int32) float64) wholeMeasure {
	key := fmt.Sprintf("%s@%d", name, k)
	def := Definition{Name: key, Title: key, Unit: perQuery, Lower: lower, Population: over, Text: text, Source: source}
	return wholeMeasure{def, func(e *evaluation, s *sheet) Estimate {
		out := Estimate{Value: Number(value(s.shown[k])), IntervalReason: noExposureInterval}
		for _, list := range e.d.judged {
			if len(list) > 0 {
				out.Queries++
			}
		}
		return out
	}}
}

func latency(percent int) wholeMeasure {
	name := fmt.Sprintf("latency_p%d", percent)
	return wholeMeasure{Definition{
		Name: name, Title: fmt.Sprintf("latency p%d", percent), Unit: "ms", Lower: true,
		Population: "judged queries whose latency was measured",
		Text:       fmt.Sprintf("smallest latency that %d %% of the queries do not exceed", percent), Source: "nearest rank",
	}, func(e *evaluation, s *sheet) Estimate { return e.latency(s, float64(percent)/100) }}
}

// timed is the latency of a query in milliseconds.
type timed struct {
	query  int32
	millis float64
}

func (e *evaluation) latency(s *sheet, share float64) Estimate {
	var all []timed
	for q, l := range s.model.Latencies {
		if l > 0 && len(e.d.judged[q]) > 0 {
			all = append(all, timed{int32(q), float64(l) / float64(time.Millisecond)})
		}
	}
	if len(all) == 0 {
		const reason = "no latency was measured"
		return Estimate{Value: Null(reason), IntervalReason: reason}
	}
	slices.SortFunc(all, func(a, b timed) int {
		return cmp.Or(cmp.Compare(a.millis, b.millis), cmp.Compare(a.query, b.query))
	})
	once := slices.Repeat([]uint16{1}, e.d.Queries())
	out := Estimate{Value: Number(weighted(all, once, share)), Queries: len(all)}
	samples := statistic.Bootstrap(e.clusters, e.d.Queries(), max(e.o.Samples, 0), e.o.Seed,
		func(weights []uint16) float64 { return weighted(all, weights, share) })
	out.Interval, out.IntervalReason = e.interval(out.Value, samples)
	return out
}

// weighted is [metric.Percentile] of sorted latencies, each taken weights times.
func weighted(sorted []timed, weights []uint16, share float64) float64 {
	total := 0
	for _, t := range sorted {
		total += int(weights[t.query])
	}
	left := int(math.Ceil(share * float64(total)))
	for _, t := range sorted {
		if left -= int(weights[t.query]); left <= 0 && weights[t.query] > 0 {
			return t.millis
		}
	}
	return math.NaN()
}
