package metric

import "math"

// Confusion counts pairs: Confusion[i][j] were judged at level Min+i and
// predicted at level Min+j. It is square, with Scale.Levels() rows.
type Confusion [][]float64

// NewConfusion is an empty matrix for scale.
func NewConfusion(scale Scale) Confusion {
	c := make(Confusion, scale.Levels())
	for i := range c {
		c[i] = make([]float64, scale.Levels())
	}
	return c
}

// Total is the number of pairs.
func (c Confusion) Total() float64 {
	sum := 0.0
	for _, row := range c {
		for _, n := range row {
			sum += n
		}
	}
	return sum
}

// MAE is the mean absolute difference of predicted and judged level over all
// pairs, in levels; NaN without pairs.
func (c Confusion) MAE() float64 {
	sum := 0.0
	for i, row := range c {
		for j, n := range row {
			sum += n * math.Abs(float64(i-j))
		}
	}
	return sum / c.Total()
}

// Official is 1/(1+MAE), the official score of the CCF BDCI 2019 competition on
// technical demands and achievements. Range 0–1, 1 is perfect.
func Official(mae float64) float64 { return 1 / (1 + mae) }

// Accuracy is the share of pairs whose level was predicted exactly.
func (c Confusion) Accuracy() float64 {
	hit := 0.0
	for i := range c {
		hit += c[i][i]
	}
	return hit / c.Total()
}

// WeightedKappa is Cohen's kappa with quadratic weights: one minus the observed
// squared difference of levels over that expected from the margins. 1 is
// agreement, 0 chance. NaN without pairs or when both margins are the same single
// level, for then chance alone agrees. Source: Cohen, Psychological Bulletin 70,
// 1968; scikit-learn's cohen_kappa_score(weights="quadratic") agrees.
func (c Confusion) WeightedKappa() float64 {
	return c.kappa(func(i, j int) float64 { return float64((i - j) * (i - j)) })
}

// Kappa is Cohen's unweighted kappa, Educational and Psychological Measurement
// 20, 1960.
func (c Confusion) Kappa() float64 {
	return c.kappa(func(i, j int) float64 {
		if i == j {
			return 0
		}
		return 1
	})
}

func (c Confusion) kappa(weight func(i, j int) float64) float64 {
	rows, columns := make([]float64, len(c)), make([]float64, len(c))
	for i, row := range c {
		for j, n := range row {
			rows[i] += n
			columns[j] += n
		}
	}
	observed, expected, total := 0.0, 0.0, c.Total()
	for i, row := range c {
		for j, n := range row {
			observed += weight(i, j) * n
			expected += weight(i, j) * rows[i] * columns[j] / total
		}
	}
	if expected == 0 {
		return math.NaN()
	}
	return 1 - observed/expected
}
