package match

import "time"

// Request asks for the other side of the market: with a demand (stored or as
// plain text) for patents, with a patent for demands.
type Request struct {
	// ID names the request in logs, answers and events.
	ID     string
	Tenant string
	// From is the stored record to match; its ID is empty where Texts are given
	// instead. Its Kind is needed in either case.
	From  Ref
	Texts Texts

	Filter Filter
	// Limit is the number of hits wanted, 1 to MaxLimit.
	Limit int
	// Offset skips that many hits of the ranking.
	Offset int
	// Explain adds an explanation to each hit.
	Explain bool
}

// MaxLimit is the largest number of hits in one answer, and MaxDepth the last
// rank that paging reaches.
const (
	MaxLimit = 100
	MaxDepth = 200
)

// Pair names a demand and a patent.
type Pair struct{ Demand, Patent Ref }

// Answer is a ranking, best first; equal scores are in the order of their ids.
type Answer struct {
	RequestID string
	// Query is the record matched; of a plain text it has the kind and the texts alone.
	Query Record
	Hits  []Hit
	// More tells whether the ranking goes on after the last hit.
	More bool
	// Considered counts the candidates that any leg nominated and that were scored.
	Considered int
	// Degraded lists the parts that could not take part and why. It is empty in
	// a healthy system.
	Degraded []string
	Versions Versions
	Took     time.Duration
}

// Versions says with what an answer was made.
type Versions struct {
	Binary   string
	Embedder string
	Ranker   string
	// Catalog is the sequence number of the newest write that was searched.
	Catalog int64
}

// Hit is one record of an answer with the reasons for its place.
type Hit struct {
	Record Record
	// Rank counts from 1.
	Rank  int
	Score Score
	// Explanation is set where it was asked for.
	Explanation *Explanation
}

// Score is how well a demand and a patent fit, and why. It depends on the two
// alone: not on the page, the filters or the other hits.
//
//	Logit = Bias + Σ Legs[i].Contribution (in that order)
//	Value = 1 / (1 + exp(−Logit))
type Score struct {
	Value float64
	Logit float64
	Bias  float64
	Legs  []Leg
}

// Leg is one way of comparing a demand with a patent.
type Leg struct {
	Name LegName
	// Score is on the leg's own scale: a cosine from −1 to 1, a share from 0 to
	// 1, or a BM25 score.
	Score float64
	// Rank is the place among the leg's own nominations, from 1; 0 where the leg
	// did not nominate the record, or nominates nothing at all.
	Rank         int
	Weight       float64
	Contribution float64 // Weight × Score
}

// LegName is the name of a leg.
type LegName string

const (
	// TitleLeg is the cosine of the two titles' vectors.
	TitleLeg LegName = "title"
	// TextLeg is the cosine of the vectors of title and body together.
	TextLeg LegName = "text"
	// CoverageLeg is the share of the demand's distinct character bigrams that
	// are found in the patent.
	CoverageLeg LegName = "coverage"
	// LexicalLeg is the BM25 score over character bigrams. It nominates
	// candidates; its weight is 0, since it depends on the whole catalog.
	LexicalLeg LegName = "lexical"
)

// Explanation is what carried a match, as data.
type Explanation struct {
	// Evidence lists the pairs of sentences that are nearest to each other,
	// best first.
	Evidence []Evidence
	// Terms lists what both texts have in common, the most telling first.
	Terms []Term
	// Summary says the same in words.
	Summary LocalText
}

// Evidence is a sentence of the demand and the sentence of the patent that
// comes closest to it.
type Evidence struct {
	Demand, Patent Span
	// Similarity is the cosine of the two sentences.
	Similarity float64
}

// Term is a piece of text that both sides contain.
type Term struct {
	Text string
	// Weight is the share of the term in the lexical leg's score, 0 to 1.
	Weight float64
	Demand []Span
	Patent []Span
}

// Span is a part of a stored text. Offsets count Unicode code points, End being
// the first one after it.
type Span struct {
	Ref      Ref
	Revision int64
	Field    string // title, abstract, text
	Start    int
	End      int
	Text     string
}

// LocalText is a text for end users in both languages.
type LocalText struct{ ZH, EN string }
