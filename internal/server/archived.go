package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/archive"
)

// archived tells what became of answers that were to be kept.
type archived struct{ archive *archive.Archive }

var (
	answersDesc = prometheus.NewDesc("duijie_answers_total",
		"Answers by what became of them: kept ones can be replayed, dropped ones found no room in the queue, failed ones the store refused, forgotten ones were too old or too many.",
		[]string{"outcome"}, nil)
	queuedDesc = prometheus.NewDesc("duijie_answers_queued", "Answers that wait to be kept.", nil, nil)
)

func (a *archived) Describe(ch chan<- *prometheus.Desc) {
	ch <- answersDesc
	ch <- queuedDesc
}

func (a *archived) Collect(ch chan<- prometheus.Metric) {
	c := a.archive.Counts()
	for outcome, n := range map[string]int64{"kept": c.Kept, "dropped": c.Dropped, "failed": c.Failed, "forgotten": c.Forgotten} {
		ch <- prometheus.MustNewConstMetric(answersDesc, prometheus.CounterValue, float64(n), outcome)
	}
	ch <- prometheus.MustNewConstMetric(queuedDesc, prometheus.GaugeValue, float64(c.Queued))
}
