package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/review"
)

// reviews tells what the review of explanations asked of the chat model, and got.
type reviews struct{ reviewer *review.Reviewer }

var (
	reviewRequestsDesc = prometheus.NewDesc("duijie_review_requests_total",
		"Pairs that were to be reviewed: answered by the chat model, failed, or cached, where the verdicts were known.", []string{"result"}, nil)
	reviewVerdictsDesc = prometheus.NewDesc("duijie_review_verdicts_total",
		"Verdicts of the chat model: kept, or dropped since they do not cite what they rest on.", []string{"result"}, nil)
	reviewTokensDesc = prometheus.NewDesc("duijie_review_tokens_total", "Tokens that reviews cost, as the endpoint counts.", nil, nil)
	reviewCostDesc   = prometheus.NewDesc("duijie_review_cost_total", "What they cost, at the price that is set; 0 where none is.", nil, nil)
)

func (r *reviews) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{reviewRequestsDesc, reviewVerdictsDesc, reviewTokensDesc, reviewCostDesc} {
		ch <- desc
	}
}

func (r *reviews) Collect(ch chan<- prometheus.Metric) {
	u := r.reviewer.Usage()
	counter := counting(ch)
	counter(reviewRequestsDesc, float64(u.Requests-u.Failed), "answered")
	counter(reviewRequestsDesc, float64(u.Failed), "failed")
	counter(reviewRequestsDesc, float64(u.Cached), "cached")
	counter(reviewVerdictsDesc, float64(u.Kept), "kept")
	counter(reviewVerdictsDesc, float64(u.Dropped), "dropped")
	counter(reviewTokensDesc, float64(u.Tokens))
	counter(reviewCostDesc, u.Cost)
}
