package rank

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/duijie/duijie/internal/match"
)

// Reference is a fixed sample of patents and demands with which every pair can be
// compared: it tells whether a score is high for this demand, and for this patent,
// without a search. It is safe for concurrent use.
type Reference struct {
	patents, demands []*pieces
	crowd            *crowd // the demands together
}

// Sampled is a record of the reference sample with its vectors.
type Sampled struct {
	Record  *match.Record
	Vectors Vectors
}

// NewReference prepares the sample, for every fusion of the same lexicon.
func (f *Fusion) NewReference(patents, demands []Sampled) *Reference {
	prepare := func(of []Sampled) []*pieces {
		out := make([]*pieces, len(of))
		for i, s := range of {
			out[i] = takeApart(f.lexicon, s.Record, s.Vectors)
		}
		return out
	}
	r := &Reference{patents: prepare(patents), demands: prepare(demands)}
	r.crowd = newCrowd(f.lexicon, r.demands)
	return r
}

// Scale is how the embedder's cosines are spread over the sample's pairs.
func (r *Reference) Scale() Scale {
	var titles, texts []float64
	for _, d := range r.demands {
		for _, p := range r.patents {
			titles, texts = append(titles, Cosine(d.Title, p.Title)), append(texts, Cosine(d.Text, p.Text))
		}
	}
	var s Scale
	s.TitleMean, s.TitleSpread = spread(titles)
	s.TextMean, s.TextSpread = spread(texts)
	return s
}

func spread(of []float64) (mean, deviation float64) {
	for _, x := range of {
		mean += x
	}
	mean /= float64(max(len(of), 1))
	for _, x := range of {
		deviation += float64((x - mean) * (x - mean))
	}
	return mean, math.Sqrt(deviation / float64(max(len(of), 1)))
}

// With is the fusion that places its scores in the sample.
func (f *Fusion) With(r *Reference) *Fusion {
	out := *f
	out.reference = r
	return &out
}

// standings are the legs of a record with each record of the other side of the sample
// that has other texts than itself: measured once, when they are asked for.
type standings struct {
	once sync.Once
	legs [][fusionLegs]float64
}

// ofDemand measures a demand against the sample's patents.
func (r *Reference) ofDemand(d *pieces) [][fusionLegs]float64 {
	d.standing.once.Do(func() {
		for _, p := range r.patents {
			d.standing.legs = append(d.standing.legs, measure(d, p))
		}
	})
	return d.standing.legs
}

// ofPatent measures a patent against the sample's demands.
func (r *Reference) ofPatent(p *pieces) [][fusionLegs]float64 {
	p.standing.once.Do(func() { p.standing.legs = r.crowd.measure(p) })
	return p.standing.legs
}

// place sets where the legs stand.
func (r *Reference) place(legs []match.Leg, x *[fusionLegs]float64, d, p *pieces) {
	byPatent, byDemand := r.ofDemand(d), r.ofPatent(p)
	for i := range legs {
		legs[i].Standing = &match.Standing{
			Patents: quantile(x[i], i, byPatent, r.patents, p.texts), Demands: quantile(x[i], i, byDemand, r.demands, d.texts),
		}
	}
}

// quantile is the share of the sample with a lower value, equal ones counted half;
// what has the very texts of the pair's own record is left out.
func quantile(v float64, leg int, of [][fusionLegs]float64, sample []*pieces, own uint64) float64 {
	lower, n := 0.0, 0
	for i := range of {
		if sample[i].texts == own {
			continue
		}
		n++
		switch cmp.Compare(of[i][leg], v) {
		case -1:
			lower++
		case 0:
			lower += 0.5
		}
	}
	if n == 0 {
		return 0
	}
	return lower / float64(n)
}

// rivals is how many of the sample's demands a demand is held against.
const rivals = 5

// Reverse is how well a demand suits a patent: the mean chance that it is preferred
// to one of the sample's five demands that suit the patent best, 1/(1 + exp(l' − l))
// for the logits l of the pair and l' of the other (Bradley and Terry, Biometrika 39,
// 1952). It grows with the logit of the pair. The fusion must have a reference.
func (f *Fusion) Reverse(demand, patent Prepared) float64 {
	d, p := demand.(*pieces), patent.(*pieces)
	own := f.Logit(d, p)
	var others []float64
	for i, x := range f.reference.ofPatent(p) {
		if f.reference.demands[i].texts != d.texts {
			others = append(others, f.logit(&x))
		}
	}
	slices.SortFunc(others, func(a, b float64) int { return cmp.Compare(b, a) })
	others = others[:min(len(others), rivals)]
	sum := 0.0
	for _, l := range others {
		sum += chance(own - l)
	}
	return sum / float64(max(len(others), 1))
}
