package server

import "github.com/prometheus/client_golang/prometheus"

// building tells how far the next model is. There is no such metric while none is built.
type building struct {
	progress func() (done, total int64)
}

var buildingDesc = prometheus.NewDesc("duijie_reembed_writes",
	"Writes that the model which is being built has followed (done), and that there are (total).", []string{"state"}, nil)

func (b *building) Describe(ch chan<- *prometheus.Desc) { ch <- buildingDesc }

func (b *building) Collect(ch chan<- prometheus.Metric) {
	done, total := b.progress()
	if total == 0 {
		return
	}
	ch <- prometheus.MustNewConstMetric(buildingDesc, prometheus.GaugeValue, float64(done), "done")
	ch <- prometheus.MustNewConstMetric(buildingDesc, prometheus.GaugeValue, float64(total), "total")
}
