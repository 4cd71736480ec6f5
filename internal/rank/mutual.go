package rank

import "github.com/duijie/duijie/internal/match"

// What a rating is drawn towards, and by how many ratings' worth: the middle of
// what raters give as a rule, and a handful.
const (
	priorMean  = 3.5
	priorCount = 5
	fullMark   = 5
)

// MutualRule is how both sides' fit and ratings become one number: the harmonic mean,
// which is high only where both are.
const MutualRule = "mutual = 2ab/(a+b), a = forward × patent rating factor, b = reverse × demand rating factor; " +
	"factor = (mean × count + 3.5 × 5)/(count + 5)/5"

// Shrunk draws a rating towards the prior by how few there are; nil is none.
func Shrunk(r *match.Rating) match.ShrunkRating {
	out := match.ShrunkRating{PriorMean: priorMean, PriorCount: priorCount}
	if r != nil {
		out.Mean, out.Count = r.Mean, r.Count
	}
	n := float64(out.Count)
	out.Shrunk = (float64(out.Mean*n) + priorMean*priorCount) / (n + priorCount)
	out.Factor = out.Shrunk / fullMark
	return out
}

// Mutual combines the two sides' fits, each from 0 to 1, with what each thinks of the
// other by experience.
func Mutual(forward, reverse float64, ofPatent, ofDemand *match.Rating) *match.TwoSidedFit {
	fit := &match.TwoSidedFit{Forward: forward, Reverse: reverse, Patent: Shrunk(ofPatent), Demand: Shrunk(ofDemand), Rule: MutualRule}
	a, b := float64(forward*fit.Patent.Factor), float64(reverse*fit.Demand.Factor)
	if a+b > 0 {
		fit.Mutual = 2 * float64(a*b) / (a + b)
	}
	return fit
}
