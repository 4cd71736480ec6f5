package onnx

import (
	"fmt"
	"math"

	"github.com/duijie/duijie/internal/match"
)

// pool writes the text's unit vector to dst.
func (p Pooling) pool(dst []float32, s states) error {
	if s.dim != len(dst) {
		return match.Invalidf("output", fmt.Sprintf("has %d dimensions, and had %d before", s.dim, len(dst)))
	}
	switch {
	case p == Last:
		copy(dst, s.numbers[(s.rows-1)*s.dim:])
	case p == Mean && s.rows > 1:
		mean(dst, s)
	default:
		copy(dst, s.numbers)
	}
	return normalise(dst)
}

func mean(dst []float32, s states) {
	sums := make([]float64, s.dim)
	for row := range s.rows {
		for i, x := range s.numbers[row*s.dim : (row+1)*s.dim] {
			sums[i] += float64(x)
		}
	}
	for i, sum := range sums {
		dst[i] = float32(sum / float64(s.rows))
	}
}

// normalise scales v to length 1.
func normalise(v []float32) error {
	squares := 0.0
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	length := math.Sqrt(squares)
	if length == 0 || math.IsNaN(length) || math.IsInf(length, 0) {
		return match.Invalidf("output", fmt.Sprintf("is a vector of length %v", length))
	}
	for i, x := range v {
		v[i] = float32(float64(x) / length)
	}
	return nil
}
