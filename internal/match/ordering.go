package match

// Ordering is what a hit is ordered by where a chat model re-ranked the first hits:
//
//	Value = Score.Logit + Rerank.Contribution
//
// It is kept beside the score, which is that of the pair alone.
type Ordering struct {
	Value float64
	// Rerank is the model's leg: its Score is 1 for the hit that the model put first and 0
	// for the last one, its Rank the place that it gave the hit.
	Rerank Leg
}

// RerankLeg is a chat model's order of the first hits.
const RerankLeg LegName = "rerank"
