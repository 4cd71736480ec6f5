package quant

// top is topScalar, by the fastest instructions of this machine.
func top(v []float32) float32 {
	n := len(v) &^ 7
	if !hasAVX2 || n == 0 {
		return topScalar(v)
	}
	return max(topAVX2(&v[0], n), topScalar(v[n:]))
}

// pack is packScalar, by the fastest instructions of this machine.
func (k *quantiser) pack(v []float32, codes []int8) float64 {
	var sums [lanes]float64
	n := len(v) &^ 7
	if !hasAVX2 || n == 0 {
		k.packScalar(v, codes, &sums)
		return added(&sums)
	}
	quantiseAVX2(&v[0], n, &codes[0], k, &sums)
	k.packScalar(v[n:], codes[n:], &sums)
	return added(&sums)
}

// pack is packScalar, by the fastest instructions of this machine.
func (k *splitter) pack(v []float32, codes []int8, fine []byte) {
	n := len(v) &^ 7
	if hasAVX2 && n > 0 {
		splitAVX2(&v[0], n, &codes[0], &fine[0], k)
		v, codes, fine = v[n:], codes[n:], fine[n:]
	}
	k.packScalar(v, codes, fine)
}

// Of the functions in assembly, n is a multiple of 8 above 0.

//go:noescape
func topAVX2(v *float32, n int) float32

//go:noescape
func quantiseAVX2(v *float32, n int, codes *int8, k *quantiser, sums *[lanes]float64)

//go:noescape
func splitAVX2(v *float32, n int, codes *int8, fine *byte, k *splitter)
