package qdrant

// rounding bounds how far apart two float32 dot products of the same two unit
// vectors can be: each is off by at most dim·2⁻²⁴·Σ|aᵢbᵢ|, in any order of
// additions (Higham, Accuracy and Stability, §3.1), and lengths are 1 ± 0.001.
func rounding(dim int) float32 { return 1.01 * float32(dim) / (1 << 23) }
