package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/rerank"
)

// reranks tells what re-ranking asked of the chat model, and what it cost.
type reranks struct{ ranker *rerank.Ranker }

var (
	rerankRequestsDesc = prometheus.NewDesc("duijie_rerank_requests_total",
		"Answers that were to be re-ranked: ordered by the chat model, failed, or cached, where the order was known.", []string{"result"}, nil)
	rerankTokensDesc = prometheus.NewDesc("duijie_rerank_tokens_total", "Tokens that re-ranking cost, as the endpoint counts.", nil, nil)
	rerankCostDesc   = prometheus.NewDesc("duijie_rerank_cost_total", "What they cost, at the price that is set; 0 where none is.", nil, nil)
)

func (r *reranks) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{rerankRequestsDesc, rerankTokensDesc, rerankCostDesc} {
		ch <- desc
	}
}

func (r *reranks) Collect(ch chan<- prometheus.Metric) {
	u := r.ranker.Usage()
	counter := counting(ch)
	counter(rerankRequestsDesc, float64(u.Requests-u.Failed), "ordered")
	counter(rerankRequestsDesc, float64(u.Failed), "failed")
	counter(rerankRequestsDesc, float64(u.Cached), "cached")
	counter(rerankTokensDesc, float64(u.Tokens))
	counter(rerankCostDesc, u.Cost)
}
