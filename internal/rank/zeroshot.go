package rank

// ZeroShot is the ranker that needs no labels.
func ZeroShot() Linear {
	return Linear{Name: "zero-shot/1", Bias: -5, Title: 3, Text: 3, Coverage: 1.2}
}
