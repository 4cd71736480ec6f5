package server

import (
	"strings"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/match"
)

// Buckets in seconds, from a lookup of one record to the deadline of a call.
var (
	callBuckets  = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	matchBuckets = []float64{.002, .005, .01, .02, .03, .05, .075, .1, .15, .25, .5, 1, 2.5, 5, 10}
	// candidateBuckets count records; three legs nominate at most 3 × match.MaxDepth.
	candidateBuckets = []float64{0, 1, 10, 50, 100, 200, 300, 400, 500, 600}
)

// metrics are what the server tells of itself, next to the state of the catalog.
type metrics struct {
	calls      *grpcprom.ServerMetrics
	panics     prometheus.Counter
	took       *prometheus.HistogramVec
	candidates *prometheus.HistogramVec
	degraded   *prometheus.CounterVec
}

func newMetrics(c Config) (*metrics, error) {
	m := &metrics{
		calls: grpcprom.NewServerMetrics(grpcprom.WithServerHandlingTimeHistogram(
			grpcprom.WithHistogramBuckets(callBuckets))),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "duijie_panics_total", Help: "Calls that failed because a handler panicked.",
		}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "duijie_match_duration_seconds", Buckets: matchBuckets,
			Help: "Time that the engine took for an answer, by the kind of the query and whether hits were explained.",
		}, []string{"query", "explain"}),
		candidates: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "duijie_match_candidates", Buckets: candidateBuckets,
			Help: "Candidates that were scored for an answer, by the kind of the query.",
		}, []string{"query"}),
		degraded: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duijie_degraded_answers_total", Help: "Answers in which a part could not take part.",
		}, []string{"part"}),
	}
	info := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "duijie_build_info", Help: "Always 1; the labels tell with what answers are made.",
		ConstLabels: prometheus.Labels{
			"version": c.Version, "embedder": live(c.Models, EmbedderModel), "ranker": live(c.Models, RankerModel),
		},
	}, func() float64 { return 1 })
	for _, part := range []prometheus.Collector{m.calls, m.panics, m.took, m.candidates, m.degraded, info, &records{c}} {
		if err := c.Registry.Register(part); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// matched notes an answer.
func (m *metrics) matched(req match.Request, a *match.Answer) {
	explain := "no"
	if req.Explain {
		explain = "yes"
	}
	query := string(req.From.Kind)
	m.took.WithLabelValues(query, explain).Observe(a.Took.Seconds())
	m.candidates.WithLabelValues(query).Observe(float64(a.Considered))
	m.degradedBy(a.Degraded)
}

// degradedBy notes the entries of match.Answer.Degraded, each "part: reason".
func (m *metrics) degradedBy(list []string) {
	for _, entry := range list {
		part, _, _ := strings.Cut(entry, ":")
		m.degraded.WithLabelValues(part).Inc()
	}
}
