package server

import "github.com/prometheus/client_golang/prometheus"

// build tells with what answers are made at the time of a scrape.
type build struct{ config Config }

var buildDesc = prometheus.NewDesc("duijie_build_info",
	"Always 1; the labels tell with what answers are made.", []string{"version", "embedder", "ranker"}, nil)

func (b *build) Describe(ch chan<- *prometheus.Desc) { ch <- buildDesc }

func (b *build) Collect(ch chan<- prometheus.Metric) {
	ch <- prometheus.MustNewConstMetric(buildDesc, prometheus.GaugeValue, 1,
		b.config.Version, live(b.config.Models, EmbedderModel), live(b.config.Models, RankerModel))
}
