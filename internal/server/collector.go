package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/match"
)

// records tells the state of the catalog, counted anew at each scrape.
type records struct{ config Config }

var (
	recordsDesc = prometheus.NewDesc("duijie_records",
		"Records by kind and state: stored ones are not withdrawn, searchable ones are found by matches, embed_pending ones wait for an embedder that is down, failed ones could not be embedded or indexed.",
		[]string{"kind", "state"}, nil)
	pendingDesc = prometheus.NewDesc("duijie_pending_writes",
		"Writes that are on disk and not yet searchable, at most.", []string{"kind"}, nil)
	countTimeout = 5 * time.Second
)

func (r *records) Describe(ch chan<- *prometheus.Desc) {
	ch <- recordsDesc
	ch <- pendingDesc
}

// Collect leaves a kind that cannot be counted out, and says so in the log.
func (r *records) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTimeout)
	defer cancel()
	for _, kind := range kinds {
		s, err := r.config.Catalog.Status(ctx, match.DefaultTenant, kind)
		if err != nil {
			r.config.Log.Error("counting records for the metrics failed", "kind", string(kind), "error", err)
			continue
		}
		gauge := func(desc *prometheus.Desc, n float64, labels ...string) {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, n, append([]string{string(kind)}, labels...)...)
		}
		gauge(recordsDesc, float64(s.Stored), "stored")
		gauge(recordsDesc, float64(s.Searchable), "searchable")
		gauge(recordsDesc, float64(s.EmbedPending), "embed_pending")
		gauge(recordsDesc, float64(s.Failed), "failed")
		gauge(pendingDesc, float64(s.Pending))
	}
}

// counting sends counters.
func counting(ch chan<- prometheus.Metric) func(desc *prometheus.Desc, n float64, labels ...string) {
	return func(desc *prometheus.Desc, n float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, n, labels...)
	}
}
