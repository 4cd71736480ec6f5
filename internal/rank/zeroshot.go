package rank

// ZeroShot is the ranker that needs no labels: the mean of the two cosines plus one
// and a half times the coverage, on the scale of a logit. How the weights were
// chosen, and on what, is told in evaluation/decisions/0001-zero-shot-fusion.md.
//
// It orders; its value is roughly the chance of a good fit among judged candidates,
// and is not calibrated for a catalog.
func ZeroShot() Linear {
	return Linear{Name: "zero-shot/1", Bias: -3.15, Title: 2.2, Text: 2.2, Coverage: 6.6}
}
