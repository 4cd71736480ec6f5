package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/embed/cache"
)

// cached tells of the cache before the embedder.
type cached struct{ cache *cache.Embedder }

var (
	cachedTextsDesc = prometheus.NewDesc("duijie_embed_cache_texts_total",
		"Texts to embed, by where their vector came from: memory, disk, another call that was asking for it, or the embedder (miss).",
		[]string{"result"}, nil)
	cachedFaultsDesc = prometheus.NewDesc("duijie_embed_cache_faults_total",
		"Vectors on disk that were damaged (corrupt) or could not be written (unwritten). They are embedded again.",
		[]string{"fault"}, nil)
	cachedEntriesDesc = prometheus.NewDesc("duijie_embed_cache_entries", "Vectors in the cache on disk.", nil, nil)
	cachedBytesDesc   = prometheus.NewDesc("duijie_embed_cache_bytes", "Size of the cache on disk.", nil, nil)
)

func (c *cached) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{cachedTextsDesc, cachedFaultsDesc, cachedEntriesDesc, cachedBytesDesc} {
		ch <- desc
	}
}

func (c *cached) Collect(ch chan<- prometheus.Metric) {
	s := c.cache.Stats()
	counter := func(desc *prometheus.Desc, n int64, label string) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), label)
	}
	counter(cachedTextsDesc, s.Memory, "memory")
	counter(cachedTextsDesc, s.Disk, "disk")
	counter(cachedTextsDesc, s.Shared, "shared")
	counter(cachedTextsDesc, s.Misses, "miss")
	counter(cachedFaultsDesc, s.Corrupt, "corrupt")
	counter(cachedFaultsDesc, s.Unwritten, "unwritten")
	ch <- prometheus.MustNewConstMetric(cachedEntriesDesc, prometheus.GaugeValue, float64(s.Entries))
	ch <- prometheus.MustNewConstMetric(cachedBytesDesc, prometheus.GaugeValue, float64(s.Bytes))
}
