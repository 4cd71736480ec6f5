package server

import (
	"strings"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
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
	events     *prometheus.CounterVec
	unkept     prometheus.Counter
	judged     *judgeMetrics
	watch      *watch // nil without a registry
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
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duijie_events_total", Help: "Events that were recorded, by type, by what became of them, and by how far they were compared with the answer that they name.",
		}, []string{"type", "outcome", "proof"}),
		unkept: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "duijie_answers_unkept_total", Help: "Answers of which no form to be kept in could be made.",
		}),
		judged: newJudgeMetrics(),
	}
	parts := []prometheus.Collector{m.calls, m.panics, m.took, m.candidates, m.degraded, m.events, m.unkept, &records{c}, &build{c}}
	if c.Cache != nil {
		parts = append(parts, &cached{c.Cache})
	}
	if c.Rankers != nil {
		m.watch = newWatch(c.Rankers)
		p := &production{registry: c.Rankers}
		if c.Shadows != nil {
			p.shadows = c.Shadows
		}
		parts = append(parts, m.watch, p)
	}
	if c.Archive != nil {
		parts = append(parts, &archived{c.Archive})
	}
	if c.Wording != nil {
		parts = append(parts, &wordings{c.Wording})
	}
	if c.Rerank != nil {
		parts = append(parts, &reranks{c.Rerank})
	}
	if c.Review != nil {
		parts = append(parts, &reviews{c.Review})
	}
	if c.Judge != nil {
		parts = append(parts, m.judged.requests, m.judged.took, m.judged.tokens)
	}
	if c.Building != nil {
		parts = append(parts, &building{c.Building})
	}
	for _, part := range parts {
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

// event notes what became of an event.
func (m *metrics) event(kind match.EventType, change store.Change, proof match.EventProof) {
	m.events.WithLabelValues(string(kind), string(change), string(proof)).Inc()
}
