package tune

import "math"

// inputs of the stack: what the two forests, the kernel and the zero-shot fusion say of
// a pair.
const inputs = 4

// stack adds the models up to a score and turns it into a probability for each
// level, by the proportional odds model:
//
//	score = Σ weight·input, P(level > l) = σ(score − cuts[l−1])
//
// The probabilities of higher levels grow with the score.
type stack struct {
	Weights [inputs]float64
	Cuts    [levels - 1]float64
}

// trees tells whether the forests have any weight.
func (s *stack) trees() bool { return s.Weights[0] > 0 || s.Weights[1] > 0 }

func (s *stack) score(in [inputs]float64) float64 {
	sum := 0.0
	for i, v := range in {
		sum += s.Weights[i] * v
	}
	return sum
}

// probabilities of the levels 1 to 4.
func (s *stack) probabilities(score float64) (p [levels]float64) {
	above := 1.0
	for l, c := range s.Cuts {
		next := 1 / (1 + math.Exp(c-score))
		p[l] = above - next
		above = next
	}
	p[levels-1] = above
	return p
}

// median is the level with the least expected distance.
func median(p [levels]float64) int8 {
	sum := 0.0
	for l, v := range p {
		if sum += v; sum >= 0.5 {
			return int8(l + 1)
		}
	}
	return levels
}

// fitStack maximises the likelihood by Fisher scoring, with a light penalty on the
// weights and none of them below 0.
func fitStack(in [][inputs]float64, y []int8, use [inputs]bool) stack {
	s := startStack(y)
	const k = inputs + levels - 1
	best := s.loss(in, y)
	for range 60 {
		var a [k * k]float64
		var g [k]float64
		for i, x := range in {
			s.accumulate(x, y[i], &a, &g)
		}
		for j := range inputs {
			if !use[j] || s.Weights[j] <= 0 && g[j] <= 0 { // stays at 0
				for m := range k {
					a[j*k+m], a[m*k+j] = 0, 0
				}
				a[j*k+j], g[j] = 1, 0
			}
			g[j] -= 1e-2 * s.Weights[j]
			a[j*k+j] += 1e-2
		}
		for j := inputs; j < k; j++ {
			a[j*k+j] += 1e-3
		}
		if !cholesky(a[:], k) {
			break
		}
		solve(a[:], k, k, g[:])
		improved := false
		for step := 1.0; step > 1e-3; step /= 2 {
			next := s.moved(g[:], step)
			if loss := next.loss(in, y); loss < best-1e-9 {
				s, best, improved = next, loss, true
				break
			}
		}
		if !improved {
			break
		}
	}
	return s
}

func startStack(y []int8) (s stack) {
	var above [levels]float64
	for _, v := range y {
		for l := 1; l < int(v); l++ {
			above[l]++
		}
	}
	for l := range s.Cuts {
		share := (above[l+1] + 0.5) / (float64(len(y)) + 1)
		s.Cuts[l] = -math.Log(share / (1 - share))
		if l > 0 {
			s.Cuts[l] = max(s.Cuts[l], s.Cuts[l-1]+1e-3)
		}
	}
	return s
}

// sides are P(level >= y), P(level > y).
func (s *stack) sides(score float64, y int8) (a, b float64) {
	a = 1
	if y > 1 {
		a = 1 / (1 + math.Exp(s.Cuts[y-2]-score))
	}
	if y < levels {
		b = 1 / (1 + math.Exp(s.Cuts[y-1]-score))
	}
	return a, b
}

func (s *stack) loss(in [][inputs]float64, y []int8) float64 {
	sum := 0.0
	for i, x := range in {
		a, b := s.sides(s.score(x), y[i])
		sum -= math.Log(max(a-b, 1e-12))
	}
	return sum
}

// accumulate adds the gradient and the outer product of it (an estimate of the
// information) of one row.
func (s *stack) accumulate(x [inputs]float64, y int8, a *[(inputs + levels - 1) * (inputs + levels - 1)]float64, g *[inputs + levels - 1]float64) {
	const k = inputs + levels - 1
	p, q := s.sides(s.score(x), y)
	var own [k]float64
	slope := 1 - p - q
	for j, v := range x {
		own[j] = slope * v
	}
	width := max(p-q, 1e-9)
	if y > 1 {
		own[inputs+int(y)-2] = -p * (1 - p) / width
	}
	if y < levels {
		own[inputs+int(y)-1] = q * (1 - q) / width
	}
	for i, v := range own {
		g[i] += v
		for j := range i + 1 {
			a[i*k+j] += v * own[j]
		}
	}
}

func (s *stack) moved(g []float64, step float64) stack {
	out := *s
	for j := range inputs {
		out.Weights[j] = max(0, s.Weights[j]+step*g[j])
	}
	for l := range out.Cuts {
		out.Cuts[l] += step * g[inputs+l]
		if l > 0 {
			out.Cuts[l] = max(out.Cuts[l], out.Cuts[l-1]+1e-3)
		}
	}
	return out
}
