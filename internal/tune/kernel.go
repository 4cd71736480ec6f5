package tune

import (
	"cmp"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/rank"
)

// kernel says how much the label of one pair tells of another pair's:
//
//	k((d,p), (d',p')) = demands(d,d') · patents(p,p')
//	demands = exp(−(1 − s)/Demand), s the mean of the cosines of the demands' texts'
//	          vectors and of their terms
//	patents = Vector·exp(−(1 − cosine)/VectorScale) + Terms·exp(−(1 − cosine)/TermScale)
//	          + Bias + Title·[same title] + Features·exp(−|x − x'|²/2)
//
// Cosines of vectors are of centred ones. Noise is the variance of a label. The
// values were chosen by cross-validation on real labels; the surface is flat.
type kernel struct {
	Vector, VectorScale float64
	Terms, TermScale    float64
	Bias, Title         float64
	Features, Width     float64
	Demand, Noise       float64
}

func defaultKernel() kernel {
	return kernel{
		Vector: 1.3, VectorScale: 0.7, Terms: 0.6, TermScale: 0.8, Bias: 0.3, Title: 0.1,
		Features: 2, Width: 1.5, Demand: 0.5, Noise: 0.5,
	}
}

// point is a pair as the kernel sees it.
type point struct {
	patent *offer
	x      []float32 // standardised features
}

// offer is a patent as the kernel sees it.
type offer struct {
	vector        // of the whole text
	terms  []term // a vector of length 1
	title  uint64 // hash; 0 is no title
}

// need is a demand as the kernel sees it.
type need struct {
	vector
	terms []term
}

// vector is centred and of length 1: the codes times the step.
type vector struct {
	codes []int8
	step  float32
}

// cosine is that of the two vectors, of the dot product of their codes.
func (v *vector) cosine(other *vector, product int32) float64 {
	return float64(v.step) * float64(other.step) * float64(product)
}

// widen gives the codes, in the memory of out where that is large enough.
func (v *vector) widen(out []int16) []int16 {
	out = slices.Grow(out[:0], len(v.codes))[:len(v.codes)]
	quant.Widen(out, v.codes)
	return out
}

// term is a coordinate of a sparse vector, ordered by hash.
type term struct {
	hash  uint32
	value float32
}

// needs compares two demands.
func (k *kernel) needs(a, b *need) float64 {
	var product [1]int32
	quant.DotRows(a.widen(nil), b.codes, product[:])
	return k.demands(a.cosine(&b.vector, product[0]) + sparseDot(a.terms, b.terms))
}

// demands is the demands' part, of the sum of the cosines of their vectors and of their terms.
func (k *kernel) demands(cosines float64) float64 {
	return math.Exp(-(1 - min(cosines/2, 1)) / k.Demand)
}

// strange is what the terms of patents that share none add, as most pairs do.
func (k *kernel) strange() float64 { return k.Terms * decay(1/k.TermScale) }

// value is the patents' part for cosines that are known, and what strange gives.
func (k *kernel) value(strange, vector, terms float64, a, b *point) float64 {
	v := k.Bias + k.Vector*decay((1-vector)/k.VectorScale)
	if terms == 0 {
		v += strange
	} else {
		v += k.Terms * decay((1-terms)/k.TermScale)
	}
	if a.patent.title != 0 && a.patent.title == b.patent.title {
		v += k.Title
	}
	if k.Features > 0 {
		sum := float32(0)
		for i, x := range a.x {
			d := x - b.x[i]
			sum += d * d
		}
		v += k.Features * decay(float64(sum)/(2*float64(len(a.x))*k.Width*k.Width))
	}
	return v
}

// decay is exp(−x) to 4e−5, by lines between the points of a table: a page of candidates
// asks for it 60,000 times. It is 1 below 0 and 0 from decayEnd on.
func decay(x float64) float64 {
	if !(x > 0) {
		return 1
	}
	at := x * decaySteps
	if at >= decayEnd*decaySteps {
		return 0
	}
	i := int(at)
	from, to := decays[i], decays[i+1]
	return from + float64((at-float64(i))*(to-from))
}

const (
	decaySteps = 64 // for each unit
	decayEnd   = 12
)

var decays = func() (table [decayEnd*decaySteps + 1]float64) {
	for i := range table {
		table[i] = math.Exp(-float64(i) / decaySteps)
	}
	return table
}()

func sparseDot(a, b []term) float64 {
	sum := float32(0)
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].hash < b[j].hash:
			i++
		case a[i].hash > b[j].hash:
			j++
		default:
			sum += float32(a[i].value * b[j].value)
			i++
			j++
		}
	}
	return float64(sum)
}

// sparse makes a vector of length 1 of terms, each with the value that of gives: of the
// most terms with the highest ones.
func sparse(terms []rank.Term, most int, of func(rank.Term) float64) []term {
	out := make([]term, len(terms))
	for i, t := range terms {
		out[i] = term{t.Hash, float32(of(t))}
	}
	if len(out) > most {
		slices.SortFunc(out, func(a, b term) int { return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.hash, b.hash)) })
		out = slices.Clone(out[:most])
		slices.SortFunc(out, func(a, b term) int { return cmp.Compare(a.hash, b.hash) })
	}
	squares := 0.0
	for _, t := range out {
		squares += float64(t.value) * float64(t.value)
	}
	for i := range out {
		out[i].value = float32(float64(out[i].value) / math.Sqrt(squares))
	}
	return out
}

// centred is v minus the mean, of length 1, rounded to one of 255 steps in each
// dimension; zero where v is.
func centred(v, mean []float32) vector {
	out := vector{codes: make([]int8, len(mean))}
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return out
	}
	squares, top := 0.0, 0.0
	for i, x := range v {
		d := float64(x) - float64(mean[i])
		squares += d * d
		top = max(top, math.Abs(d))
	}
	if squares == 0 {
		return out
	}
	step := top / 127
	for i, x := range v {
		out.codes[i] = int8(math.Round((float64(x) - float64(mean[i])) / step))
	}
	out.step = float32(step / math.Sqrt(squares))
	return out
}
