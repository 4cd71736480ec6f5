// Package logistic fits multinomial logistic regressions. What needs one at run time reads
// weights from a file that a test has written with this package, and adds them up itself.
//
// Callers rely on this: the same problem gives the same weights on one machine.
package logistic

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/optimize"
)

// Term is a feature of a row with its value.
type Term struct {
	Feature int
	Value   float64
}

// Row is the features of one example; those left out are 0.
type Row []Term

// Dense gives the row of all values.
func Dense(values []float64) Row {
	out := make(Row, len(values))
	for i, v := range values {
		out[i] = Term{i, v}
	}
	return out
}

// Problem is what is learned from.
type Problem struct {
	Rows     []Row
	Labels   []int // of Rows, each from 0 to below Classes
	Classes  int
	Features int
	// Penalty is half of what the squares of weights cost, beside the negative
	// log-likelihood of all rows. Biases cost nothing.
	Penalty float64
	// Weights say how much rows of a class count; nil is 1 each.
	Weights []float64
}

// Model gives a row the logits Biases[k] + Σ Weights[k][i]·x[i] of its classes.
type Model struct {
	Biases  []float64
	Weights [][]float64
}

// tolerance is the largest slope, per row, of a solution.
const tolerance = 1e-6

// Fit minimises the penalised negative log-likelihood by L-BFGS (Nocedal and Wright,
// Numerical Optimization, algorithm 7.5). It fails where the problem has no rows, or the
// search does not end.
func (p *Problem) Fit() (*Model, error) {
	if len(p.Rows) == 0 {
		return nil, fmt.Errorf("fitting a logistic regression: no rows")
	}
	n := p.Features + 1
	result, err := optimize.Minimize(optimize.Problem{
		Func: func(x []float64) float64 { return p.loss(x, nil) },
		Grad: func(slope, x []float64) { p.loss(x, slope) },
	}, make([]float64, p.Classes*n), &optimize.Settings{
		GradientThreshold: tolerance * float64(len(p.Rows)),
		MajorIterations:   1000,
	}, &optimize.LBFGS{Store: 12})
	if err != nil {
		return nil, fmt.Errorf("fitting a logistic regression: %w", err)
	}
	m := &Model{}
	for k := range p.Classes {
		m.Biases = append(m.Biases, result.X[k*n+p.Features])
		m.Weights = append(m.Weights, result.X[k*n:k*n+p.Features:k*n+p.Features])
	}
	return m, nil
}

// loss is what is minimised, at x: by class the weights of features, then the bias. slope is
// set to its gradient unless it is nil.
func (p *Problem) loss(x, slope []float64) float64 {
	n, sum := p.Features+1, 0.0
	clear(slope)
	chances := make([]float64, p.Classes)
	for r, row := range p.Rows {
		weight := 1.0
		if p.Weights != nil {
			weight = p.Weights[p.Labels[r]]
		}
		p.chances(x, row, chances)
		sum -= weight * math.Log(max(chances[p.Labels[r]], math.SmallestNonzeroFloat64))
		if slope == nil {
			continue
		}
		for k, chance := range chances {
			off := weight * chance
			if k == p.Labels[r] {
				off -= weight
			}
			for _, t := range row {
				slope[k*n+t.Feature] += off * t.Value
			}
			slope[k*n+p.Features] += off
		}
	}
	for k := range p.Classes {
		for i := k * n; i < k*n+p.Features; i++ {
			sum += p.Penalty / 2 * x[i] * x[i]
			if slope != nil {
				slope[i] += p.Penalty * x[i]
			}
		}
	}
	return sum
}

// chances sets the chances of the classes of a row.
func (p *Problem) chances(x []float64, row Row, out []float64) {
	n, top := p.Features+1, math.Inf(-1)
	for k := range out {
		out[k] = x[k*n+p.Features]
		for _, t := range row {
			out[k] += x[k*n+t.Feature] * t.Value
		}
		top = max(top, out[k])
	}
	total := 0.0
	for k := range out {
		out[k] = math.Exp(out[k] - top)
		total += out[k]
	}
	for k := range out {
		out[k] /= total
	}
}
