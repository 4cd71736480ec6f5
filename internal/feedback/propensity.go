package feedback

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Propensities tell how likely a hit at a rank is to be looked at, against one at the
// first rank.
type Propensities struct {
	// At[k] is that of rank k+1, from 1 down; ranks behind the last have the last one's.
	At []float64
	// RankPairs counts the pairs of ranks that had hits shown at both of them with
	// enough views to measure by; 0 says that At is the fixed curve.
	RankPairs int
}

// Of is the propensity of a rank.
func (p Propensities) Of(rank int) float64 {
	return p.At[min(max(rank, 1), len(p.At))-1]
}

const (
	// ranked is how many ranks are told apart.
	ranked = 50
	// clip is the least propensity: without it one view at a deep rank would outweigh
	// all else (clipping as in Joachims et al. 2017, section 4.2).
	clip = 0.05
	// fixedPower is that of the curve (1/rank)^η which stands for what is not known, in
	// the middle of what eye-tracking and interventions found for lists (η = 1 in
	// Joachims et al. 2017; 0.5 to 1 in Agarwal et al. 2019).
	fixedPower = 0.7
	// curveWeight is how many views the fixed curve is worth at each rank.
	curveWeight = 1
	// leastViews is how many views a pair of ranks needs, those at both of them together.
	// A bound for each would leave out just those deep ranks that had few by chance.
	leastViews = 6
)

// FixedPropensities are those of the curve.
func FixedPropensities() Propensities {
	p := Propensities{At: make([]float64, ranked)}
	for k := range p.At {
		p.At[k] = max(clip, math.Pow(float64(k+1), -fixedPower))
	}
	return p
}

// shown counts the showings and views of one item at one rank.
type shown struct{ n, views float64 }

// Shown is what is known of one item (a pair of demand and patent): how often it was
// shown at each rank, and how often viewed there.
type Shown map[int]shown

// Add counts one showing.
func (s Shown) Add(rank int, viewed bool) {
	c := s[rank]
	c.n++
	if viewed {
		c.views++
	}
	s[rank] = c
}

// Estimate harvests interventions: an item that was shown at two ranks, by different
// models or at different times, tells by its views what the ranks are worth, for the item
// is the same (Agarwal, Zaitsev, Wang, Li, Najork and Joachims, Estimating Position Bias
// without Intrusive Interventions, WSDM 2019). For each pair of ranks k and l, with the
// items shown at both, weighted alike at both,
//
//	log θ(k) − log θ(l) ≈ log views(k)/views(l)
//
// and all these differences are fitted by weighted least squares, the weight being the
// inverse variance of the logarithm, together with the fixed curve, which holds ranks in
// place that little is known of. The result does not increase with the rank.
func Estimate(items []Shown) Propensities {
	sums := map[[2]int]*[2]float64{} // weighted views at k and at l
	for _, item := range items {
		ranks := slices.DeleteFunc(slices.Sorted(maps.Keys(item)), func(k int) bool { return k < 1 || k > ranked })
		for i, k := range ranks {
			for _, l := range ranks[i+1:] {
				a, b := item[k], item[l]
				weight := a.n * b.n / (a.n + b.n)
				sum := sums[[2]int{k, l}]
				if sum == nil {
					sum = new([2]float64)
					sums[[2]int{k, l}] = sum
				}
				sum[0] += weight * a.views / a.n
				sum[1] += weight * b.views / b.n
			}
		}
	}
	return fit(sums)
}

// fit solves for the logarithms.
func fit(sums map[[2]int]*[2]float64) Propensities {
	out := FixedPropensities()
	a, b := mat.NewSymDense(ranked, nil), mat.NewVecDense(ranked, nil)
	plus := func(i, j int, v float64) { a.SetSym(i, j, a.At(i, j)+v) }
	for k := range ranked {
		plus(k, k, curveWeight)
		b.SetVec(k, curveWeight*math.Log(out.At[k]))
	}
	plus(0, 0, 1e6) // the first rank is what others are told against
	for _, at := range slices.SortedFunc(maps.Keys(sums), func(x, y [2]int) int { return slices.Compare(x[:], y[:]) }) {
		v := sums[at]
		if v[0]+v[1] < leastViews {
			continue
		}
		out.RankPairs++
		x, y := v[0]+0.5, v[1]+0.5 // a rank without a view says something too
		weight, difference := x*y/(x+y), math.Log(x/y)
		i, j := at[0]-1, at[1]-1
		plus(i, i, weight)
		plus(j, j, weight)
		plus(i, j, -weight)
		b.SetVec(i, b.AtVec(i)+weight*difference)
		b.SetVec(j, b.AtVec(j)-weight*difference)
	}
	if out.RankPairs == 0 {
		return out
	}
	var c mat.Cholesky
	x := mat.NewVecDense(ranked, nil)
	if !c.Factorize(a) || c.SolveVecTo(x, b) != nil {
		return FixedPropensities() // the matrix is positive definite by its diagonal
	}
	logs := falling(x.RawVector().Data)
	for k := range out.At {
		out.At[k] = max(clip, math.Exp(min(0, logs[k]-logs[0])))
	}
	return out
}

// falling is the nearest sequence that does not increase, by pooling adjacent violators.
func falling(x []float64) []float64 {
	type block struct{ sum, n float64 }
	var blocks []block
	for _, v := range x {
		blocks = append(blocks, block{v, 1})
		for n := len(blocks); n > 1 && blocks[n-1].sum*blocks[n-2].n > blocks[n-2].sum*blocks[n-1].n; n = len(blocks) {
			last := blocks[n-1]
			blocks = blocks[:n-1]
			blocks[n-2].sum, blocks[n-2].n = blocks[n-2].sum+last.sum, blocks[n-2].n+last.n
		}
	}
	out := make([]float64, 0, len(x))
	for _, b := range blocks {
		for range int(b.n) {
			out = append(out, b.sum/b.n)
		}
	}
	return out
}
