package metric

import "math"

// Bins is the number of equal-width bins of a reliability diagram.
const Bins = 10

// Bin is one bar of a reliability diagram: pairs whose predicted probability
// fell in [i/Bins, (i+1)/Bins), the last bin including 1.
type Bin struct {
	Count     float64 `json:"count"`     // pairs
	Predicted float64 `json:"predicted"` // sum of the predicted probabilities
	Observed  float64 `json:"observed"`  // pairs in which the event happened
}

// BinOf is the bin that probability p falls in.
func BinOf(p float64) int { return max(0, min(int(p*Bins), Bins-1)) }

// ECE is the expected calibration error of the event "judged at level or above":
// the mean, weighted by count, of |observed share - mean prediction| over ten
// equal-width bins. Range 0–1, NaN without pairs. Source: Naeini, Cooper and
// Hauskrecht, AAAI 2015, in its binary form.
func ECE(bins []Bin) float64 {
	error, total := 0.0, 0.0
	for _, b := range bins {
		error += math.Abs(b.Observed - b.Predicted)
		total += b.Count
	}
	return error / total
}

// Brier is the squared error of one predicted probability; its mean over pairs is
// the Brier score of the event (Monthly Weather Review 78, 1950, in the form for
// one event). Range 0–1.
func Brier(p float64, happened bool) float64 {
	if happened {
		return (1 - p) * (1 - p)
	}
	return p * p
}
