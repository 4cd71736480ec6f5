package logistic

import (
	"math"
	"math/rand/v2"
	"testing"
)

func problem(rows int) *Problem {
	random := rand.New(rand.NewPCG(1, 2))
	p := &Problem{Classes: 3, Features: 4, Penalty: 2, Weights: []float64{1, 2, 0.5}}
	for range rows {
		x := []float64{random.NormFloat64(), random.NormFloat64(), random.Float64(), 0}
		label := 0
		switch {
		case x[0]+x[2] > 0.7:
			label = 1
		case x[1] > 0.5:
			label = 2
		}
		p.Rows, p.Labels = append(p.Rows, Dense(x)[:3]), append(p.Labels, label)
	}
	return p
}

func TestTheSlopeIsThatOfTheLoss(t *testing.T) {
	p := problem(50)
	random := rand.New(rand.NewPCG(3, 4))
	x := make([]float64, p.Classes*(p.Features+1))
	for i := range x {
		x[i] = random.NormFloat64()
	}
	slope := make([]float64, len(x))
	p.loss(x, slope)
	for i := range x {
		const step = 1e-5
		at := x[i]
		x[i] = at + step
		up := p.loss(x, nil)
		x[i] = at - step
		down := p.loss(x, nil)
		x[i] = at
		if got := (up - down) / (2 * step); math.Abs(got-slope[i]) > 1e-4 {
			t.Errorf("slope %d is %g, by differences %g", i, slope[i], got)
		}
	}
}

func TestAFitHasNoSlopeAndTellsClassesApart(t *testing.T) {
	p := problem(2000)
	m, err := p.Fit()
	if err != nil {
		t.Fatal(err)
	}
	var x []float64
	for k := range m.Biases {
		x = append(append(x, m.Weights[k]...), m.Biases[k])
		if m.Weights[k][3] != 0 {
			t.Errorf("a feature that is always 0 has weight %g", m.Weights[k][3])
		}
	}
	slope := make([]float64, len(x))
	p.loss(x, slope)
	for i, s := range slope {
		if math.Abs(s) > tolerance*float64(len(p.Rows)) {
			t.Errorf("slope %d is %g", i, s)
		}
	}
	right := 0
	chances := make([]float64, p.Classes)
	for r, row := range p.Rows {
		p.chances(x, row, chances)
		best := 0
		for k := range chances {
			if chances[k] > chances[best] {
				best = k
			}
		}
		if best == p.Labels[r] {
			right++
		}
	}
	if share := float64(right) / float64(len(p.Rows)); share < 0.9 {
		t.Errorf("%.2f of the rows are told apart", share)
	}
}

func TestNoRowsAreAnError(t *testing.T) {
	if _, err := (&Problem{Classes: 2}).Fit(); err == nil {
		t.Error("no error")
	}
}
