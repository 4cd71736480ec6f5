package lexical

import "math"

// The parameters of BM25, see Index.
const (
	k1 = 1.2
	b  = 0.75
)

// IDF is ln(1 + (N − n + 0.5) / (n + 0.5)) for a term that n of all documents have.
// Implementations share it and the functions below, so that the same collection gives
// the same scores to the last bit whichever of them holds it.
func IDF(all, n int) float64 {
	return math.Log1p((float64(all) - float64(n) + 0.5) / (float64(n) + 0.5))
}

// Norm is k1·(1−b+b·length/average), where average is the mean length of the
// documents. Where that is 0 or undefined, no document has a term, and Norm is not
// used. The conversions here and below keep the compiler from fusing operations in
// one caller and not in another, which would make the scores of Search and Score
// differ.
func Norm(length uint32, average float64) float64 {
	return float64(k1 * (1 - b + float64(b*float64(length)/average)))
}

// Saturation is tf·(k1+1) / (tf + norm).
func Saturation(tf uint32, norm float64) float64 {
	return float64(float64(tf)*(k1+1)) / (float64(tf) + norm)
}
