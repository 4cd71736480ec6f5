//go:build !amd64

package quant

// top is topScalar where there is no assembly, and so it is with pack.
func top(v []float32) float32 { return topScalar(v) }

func (k *quantiser) pack(v []float32, codes []int8) float64 {
	var sums [lanes]float64
	k.packScalar(v, codes, &sums)
	return added(&sums)
}

func (k *splitter) pack(v []float32, codes []int8, fine []byte) { k.packScalar(v, codes, fine) }
