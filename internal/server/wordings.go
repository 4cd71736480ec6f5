package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/duijie/duijie/internal/wording"
)

// wordings tells what the wording of explanations asked of the chat model, and got.
type wordings struct{ writer *wording.Writer }

var (
	wordedRequestsDesc = prometheus.NewDesc("duijie_wording_requests_total", "Requests to the chat model for the wording of explanations.", nil, nil)
	wordedTokensDesc   = prometheus.NewDesc("duijie_wording_tokens_total", "Tokens that they cost, as the endpoint counts.", nil, nil)
	wordedSentenceDesc = prometheus.NewDesc("duijie_wording_sentences_total",
		"Sentences of the chat model: kept, or dropped since they do not cite what they say.", []string{"result"}, nil)
)

func (w *wordings) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{wordedRequestsDesc, wordedTokensDesc, wordedSentenceDesc} {
		ch <- desc
	}
}

func (w *wordings) Collect(ch chan<- prometheus.Metric) {
	u := w.writer.Usage()
	counter := counting(ch)
	counter(wordedRequestsDesc, float64(u.Requests))
	counter(wordedTokensDesc, float64(u.Tokens))
	counter(wordedSentenceDesc, float64(u.Kept), "kept")
	counter(wordedSentenceDesc, float64(u.Dropped), "dropped")
}
