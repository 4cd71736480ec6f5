package boost

import (
	"math"
	"slices"
)

// objective is a loss that trees lower: base is the best constant, gradients fills
// the first and second derivatives of each row's loss at its prediction.
type objective interface {
	base() float64
	gradients(predicted []float64, g, h []float32)
	loss(row int, predicted float64) float64
}

// squared is half the squared error.
type squared struct{ y []float32 }

func (o squared) base() float64 {
	sum := 0.0
	for _, v := range o.y {
		sum += float64(v)
	}
	return sum / float64(max(1, len(o.y)))
}

func (o squared) gradients(predicted []float64, g, h []float32) {
	for i, p := range predicted {
		g[i], h[i] = float32(p-float64(o.y[i])), 1
	}
}

func (o squared) loss(i int, p float64) float64 {
	d := p - float64(o.y[i])
	return d * d / 2
}

// ordinal is the proportional odds model (McCullagh 1980): P(level > l) =
// σ(f − cuts[l−1]), with the cuts fixed where the shares of the levels put them.
type ordinal struct {
	y    []float32 // levels from 1
	cuts []float64
}

func newOrdinal(y []float32, levels int) ordinal {
	o := ordinal{y: y}
	above := make([]float64, levels+1)
	for _, v := range y {
		for l := 1; l < levels && float64(v) > float64(l); l++ {
			above[l]++
		}
	}
	for l := 1; l < levels; l++ {
		share := (above[l] + 0.5) / (float64(len(y)) + 1)
		o.cuts = append(o.cuts, -math.Log(share/(1-share)))
	}
	for l := 1; l < len(o.cuts); l++ { // levels that nobody gave
		o.cuts[l] = max(o.cuts[l], o.cuts[l-1]+1e-3)
	}
	return o
}

func (o ordinal) base() float64 { return 0 }

// sides are P(level >= y) and P(level > y).
func (o ordinal) sides(i int, f float64) (a, b float64) {
	l := int(o.y[i])
	a = 1
	if l > 1 {
		a = sigmoid(f - o.cuts[l-2])
	}
	if l <= len(o.cuts) {
		b = sigmoid(f - o.cuts[l-1])
	}
	return a, b
}

func (o ordinal) gradients(predicted []float64, g, h []float32) {
	for i, f := range predicted {
		a, b := o.sides(i, f)
		g[i], h[i] = float32(a+b-1), float32(max(a*(1-a)+b*(1-b), 1e-6))
	}
}

func (o ordinal) loss(i int, f float64) float64 {
	a, b := o.sides(i, f)
	return -math.Log(max(a-b, 1e-12))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func objectiveOf(loss Loss, y []float32) objective {
	if loss == Ordinal {
		return newOrdinal(y, int(slices.Max(append([]float32{4}, y...))))
	}
	return squared{y}
}
