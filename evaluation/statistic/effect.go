package statistic

import "math"

// Power of the minimum detectable effect.
const Power = 0.8

// DetectableEffect is the smallest true difference that a two-sided test at
// level 1-[Confidence] finds with probability [Power], given the standard error of
// the difference: (z(0.975)+z(0.8))·error, about 2.8 standard errors (Bloom,
// Evaluation Review 19, 1995; for retrieval Sakai, IRJ 19, 2016). It is in the
// unit of the difference. A query set whose effect lies above what one hopes to
// find is too small.
func DetectableEffect(standardError float64) float64 {
	return (normalQuantile(1-(1-Confidence)/2) + normalQuantile(Power)) * standardError
}

func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// Verdict is what an interval says about a margin.
type Verdict string

// The verdicts. Undecided is not a pass.
const (
	Pass      Verdict = "pass"
	Fail      Verdict = "fail"
	Undecided Verdict = "undecided"
)

// NonInferior judges whether the candidate loses less than margin, from the
// difference (candidate minus baseline, higher is better), its 95 % interval and
// the number of clusters it rests on.
//
//   - Undecided with fewer than minimum clusters: the interval itself is not to be
//     trusted then.
//   - Pass when the upper bound of the loss, -interval.Low, is below margin.
//   - Fail when the estimated loss, -difference, reaches margin.
//   - Undecided between the two: the estimate is good enough, the evidence is not.
//
// Source: the two-sided 95 % interval rule of ICH E9, section 3.3.2.
func NonInferior(difference float64, interval Interval, clusters, minimum int, margin float64) Verdict {
	switch {
	case clusters < minimum || math.IsNaN(difference):
		return Undecided
	case -interval.Low < margin:
		return Pass
	case -difference >= margin:
		return Fail
	default:
		return Undecided
	}
}
