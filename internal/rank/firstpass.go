package rank

// Features is what an index knows of a demand and a patent without reading their texts.
type Features struct {
	// Title is the cosine of the titles' vectors, Text of the whole texts'; −1 to 1.
	Title, Text float64
	// Coverage is the share of the demand's distinct terms that the patent has; 0 to 1.
	Coverage float64
}

// FirstPass puts nominated candidates in order before a ranker reads the first of
// them. It is the logit of zero-shot/2 (evaluation/decisions/0007-zero-shot-scale.md).
func FirstPass(f Features) float64 {
	return -2.96 + float64(2.3*f.Title) + float64(2.3*f.Text) + float64(6.6*f.Coverage)
}
