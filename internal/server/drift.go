package server

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/drift"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
)

// watch compares answers with what scores of their models looked like before.
type watch struct {
	registry *registry.Registry

	mu       sync.Mutex
	monitors map[string]*drift.Monitor // by model
}

func newWatch(r *registry.Registry) *watch {
	return &watch{registry: r, monitors: map[string]*drift.Monitor{}}
}

// answered counts an answer of demands; there is no reference for the other side.
func (w *watch) answered(a *match.Answer) {
	if w == nil || a.Query.Kind != match.DemandKind || a.Route.Arm == match.BothArms {
		return
	}
	if m := w.monitor(a.Versions.Ranker); m != nil {
		eachQuantity(a, m.Add)
	}
}

// monitor is that of a model; nil where nothing is known to compare with.
func (w *watch) monitor(model string) *drift.Monitor {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, known := w.monitors[model]
	if !known {
		if r := w.registry.Lineup().Reference(model); r != nil {
			m = drift.NewMonitor(r)
		}
		if len(w.monitors) > 100 { // of models that were in production long ago
			clear(w.monitors)
		}
		w.monitors[model] = m
	}
	return m
}

var (
	psiDesc = prometheus.NewDesc("duijie_drift_psi",
		"Population stability index of what answers are made of against the model's reference, by model and quantity: below 0.1 is no change, above 0.25 asks for a look.",
		[]string{"model", "quantity"}, nil)
	driftValuesDesc = prometheus.NewDesc("duijie_drift_values",
		"Values that the index rests on.", []string{"model", "quantity"}, nil)
)

func (w *watch) Describe(ch chan<- *prometheus.Desc) {
	ch <- psiDesc
	ch <- driftValuesDesc
}

func (w *watch) Collect(ch chan<- prometheus.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for model, m := range w.monitors {
		if m == nil {
			continue
		}
		for _, x := range m.Indexes() {
			ch <- prometheus.MustNewConstMetric(psiDesc, prometheus.GaugeValue, x.PSI, model, x.Name)
			ch <- prometheus.MustNewConstMetric(driftValuesDesc, prometheus.GaugeValue, float64(x.Values), model, x.Name)
		}
	}
}

// production tells which models are in production, and how shadows are doing.
type production struct {
	registry *registry.Registry
	shadows  interface {
		Counts() (observed, dropped, failed int64)
	}
}

var (
	modelDesc   = prometheus.NewDesc("duijie_model_in_production", "1 for each alias and the model that it stands for.", []string{"alias", "model"}, nil)
	changeDesc  = prometheus.NewDesc("duijie_model_change", "Number of the newest change of what is in production that this process knows of.", nil, nil)
	brokenDesc  = prometheus.NewDesc("duijie_models_unusable", "Models that an alias or a pilot stands for and that cannot be used.", nil, nil)
	shadowsDesc = prometheus.NewDesc("duijie_shadow_answers_total", "Answers that a challenger was to score as well, by what became of that.", []string{"outcome"}, nil)
)

func (p *production) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{modelDesc, changeDesc, brokenDesc, shadowsDesc} {
		ch <- d
	}
}

func (p *production) Collect(ch chan<- prometheus.Metric) {
	l := p.registry.Lineup()
	for alias, id := range l.Aliases {
		ch <- prometheus.MustNewConstMetric(modelDesc, prometheus.GaugeValue, 1, alias, id)
	}
	ch <- prometheus.MustNewConstMetric(changeDesc, prometheus.GaugeValue, float64(l.Seq))
	ch <- prometheus.MustNewConstMetric(brokenDesc, prometheus.GaugeValue, float64(len(l.Unusable)))
	if p.shadows == nil {
		return
	}
	observed, dropped, failed := p.shadows.Counts()
	for outcome, n := range map[string]int64{"observed": observed, "dropped": dropped, "failed": failed} {
		ch <- prometheus.MustNewConstMetric(shadowsDesc, prometheus.CounterValue, float64(n), outcome)
	}
}
