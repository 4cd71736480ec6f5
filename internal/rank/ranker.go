package rank

import "github.com/duijie/duijie/internal/match"

// Vectors are those of a record: of its title and of its whole text, of length 1 or
// zero; nil where they are not known.
type Vectors struct{ Title, Text []float32 }

// Ranker scores pairs of a demand and a patent. A score depends on the two records,
// their vectors and the ranker alone. Implementations are safe for concurrent use.
type Ranker interface {
	// Identity names the ranker; equal identities give equal scores.
	Identity() string
	// Prepare takes a record apart as far as the ranker needs it. The result is kept
	// and used by many requests at the same time; it must not hold on to r.
	Prepare(r *match.Record, v Vectors) Prepared
	// Logit is what pairs are ordered by. Both sides come from Prepare of this ranker.
	Logit(demand, patent Prepared) float64
	// Score is the same with what it is made of; its logit may differ from Logit by
	// rounding. It costs more: it is asked for the pairs that are shown.
	Score(demand, patent Prepared) match.Score
}

// Prepared is a record as one ranker sees it.
type Prepared interface {
	// Bytes is about what it takes in memory.
	Bytes() int
}
