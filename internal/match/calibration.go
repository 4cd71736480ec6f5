package match

// Calibration says in which population the probabilities of levels were measured, and
// how well they held there.
//
//	P(level >= 3) = Score.Value, P(level > l) = 1/(1 + exp(Cuts[l−1] − Logit))
//	InCatalog     = Value / (1 + exp(−(CatalogBias + CatalogSlope·Logit)))
//
// The second factor is the chance that a pair of a catalog of CatalogSize patents is
// one that anybody would have judged at all.
type Calibration struct {
	Ranker     string
	Population LocalText
	Pairs      int     // that were judged
	Share      float64 // of them that are of level 3 or 4
	// ECE is the expected calibration error of level 3 and 4 on pairs of that population
	// that the calibration has not seen, ECELow to ECEHigh its 95 % interval.
	ECE, ECELow, ECEHigh float64
	// Cuts are empty where they differ from hit to hit.
	Cuts                      []float64
	CatalogBias, CatalogSlope float64
	CatalogSize               int // 0 where no correction is known
}

// Supply says whether any of the candidates is likely to be of level 3 or 4.
type Supply struct {
	// NoneGood is set where Chance is below Threshold, or ChanceInCatalog below
	// CatalogThreshold.
	NoneGood bool
	// Chance is the probability that one of the five best is of level 3 or 4, were they
	// judged: 1 − Π(1 − Value).
	Chance, Threshold float64
	// ChanceInCatalog is the same of pairs out of the whole catalog, 1 − Π(1 − InCatalog),
	// and CatalogThreshold 0 in catalogs that are larger than any that it was measured on.
	ChanceInCatalog, CatalogThreshold float64
	// FalseAlarm is the share of demands with a good patent for which NoneGood was set
	// all the same, Missed the share of those without one for which it was not; both on
	// judged demands that took no part in the choice of Threshold. CatalogThreshold makes the
	// second smaller.
	FalseAlarm, Missed float64
	Reason             LocalText
}

// TwoSidedFit is how well a pair fits, seen from each side.
//
//	Mutual = 2ab/(a + b) with a = Forward·Patent.Factor and b = Reverse·Demand.Factor
type TwoSidedFit struct {
	// Forward is how well the patent serves the demand: Score.Value.
	Forward float64
	// Reverse is how well the demand suits the patent: its chance of being preferred
	// to one of the five demands of the reference sample that suit the patent best.
	Reverse float64
	// Mutual is both, with the ratings.
	Mutual         float64
	Patent, Demand ShrunkRating
	Rule           string
}

// ShrunkRating is a side's rating, drawn towards the mean of all by how few there are:
//
//	Shrunk = (Mean·Count + PriorMean·PriorCount) / (Count + PriorCount)
//	Factor = Shrunk / 5
type ShrunkRating struct {
	Mean                  float64 // 0 where there is none
	Count                 int
	PriorMean, PriorCount float64
	Shrunk, Factor        float64
}
