package verdict

import (
	"slices"

	"github.com/duijie/duijie/internal/index"
)

// The features of a demand and a patent as a whole.
const (
	pairTitles    = iota // cosine of the titles
	pairTexts            // cosine of the whole texts
	pairTitleText        // cosine of the demand's title with the patent's whole text
	pairTextTitle
	pairWords      // how well the demand's words are matched
	pairTitleWords // how well the words of the patent's title are matched
	pairTerms      // share of the demand's terms
	pairNear       // mean over the demand's parts of how near the nearest part comes
	pairNearLow    // the lower quartile of that
	pairNearHigh
	pairNearTitle // that of the demand's title
	pairLimit     // nearness of the nearest part that limits
	pairFeatures
)

// pairInputs is what models see of a pair: the logits of levels, and its features.
const pairInputs = 3 + pairFeatures

// whole is what is known of a pair as a whole.
type whole struct {
	inputs               []float64 // pairInputs of them
	met, unmet, required float64
}

// whole asks the models of levels about the pair.
func (m *models) whole(c *meeting) *whole {
	features := c.compare()
	out := &whole{inputs: make([]float64, 0, pairInputs)}
	for k := range m.Levels {
		out.inputs = append(out.inputs, m.Levels[k].logit(features))
	}
	out.inputs = append(out.inputs, features...)
	return out
}

// maxAsked is the number of parts of a demand that each part of a patent is compared with.
const maxAsked = 200

// meeting is a demand and a patent side by side.
type meeting struct {
	d, p *Record
	like likeness // of the demand's words, and of its elements' behind them
	// cosines are by part of the patent those with the demand's first maxAsked parts.
	cosines [][]float64
}

// newMeeting compares the words of a bag that begins with the demand's, and all parts.
func newMeeting(d, p *Record, words *bag) *meeting {
	m := &meeting{d: d, p: p, like: words.like(p.bag), cosines: make([][]float64, len(p.parts))}
	n := min(len(d.parts), maxAsked)
	flat := make([]float64, n*len(p.parts))
	for i := range p.parts {
		m.cosines[i] = flat[i*n : (i+1)*n]
		for k := range n {
			m.cosines[i][k] = cosine(d.parts[k].vector, p.parts[i].vector)
		}
	}
	return m
}

// cosine of two vectors of length 1; 0 where one is missing.
func cosine(a, b []float32) float64 {
	if len(a) != len(b) {
		return 0
	}
	return float64(index.Dot(a, b))
}

// compare measures the pair.
func (m *meeting) compare() []float64 {
	d, p := m.d, m.p
	x := make([]float64, pairFeatures)
	x[pairTitles], x[pairTexts] = cosine(d.heading, p.heading), cosine(d.mean, p.mean)
	x[pairTitleText], x[pairTextTitle] = cosine(d.heading, p.mean), cosine(d.mean, p.heading)
	own := m.like[:len(d.bag.entries)]
	x[pairWords] = own.aligned(d.bag.weights, nil)
	x[pairTitleWords] = own.backwards(p)
	x[pairTerms] = share(&d.terms, &p.terms)
	var bests []float64
	for i := range min(len(d.parts), maxAsked) {
		q := &d.parts[i]
		rows, weights := own.rows(q.words), make([]float32, len(q.words))
		for n, w := range q.words {
			weights[n] = d.bag.weights[w]
		}
		best := 0.0
		for k := range p.parts {
			o := &p.parts[k]
			near := nearCosine*max(0, m.cosines[k][i]) + nearWords*rows.aligned(weights, some(o.words)) + nearTerms*share(&q.terms, &o.terms)
			best = max(best, near)
			if o.limit {
				x[pairLimit] = max(x[pairLimit], near)
			}
		}
		if q.field == 0 {
			x[pairNearTitle] = max(x[pairNearTitle], best)
		}
		bests = append(bests, best)
	}
	if n := len(bests); n > 0 {
		for _, b := range bests {
			x[pairNear] += b / float64(n)
		}
		slices.Sort(bests)
		x[pairNearLow], x[pairNearHigh] = bests[n/4], bests[n*3/4]
	}
	return x
}

// backwards tells how well the words of a patent's title are matched by those of the rows.
func (l likeness) backwards(p *Record) float64 {
	sum, total := 0.0, 0.0
	for _, w := range p.title {
		best := 0.0
		for _, row := range l {
			best = max(best, float64(row[w]))
		}
		weight := float64(p.bag.weights[w])
		sum += weight * max(0, (best-strangers)/(1-strangers))
		total += weight
	}
	if total == 0 {
		return 0
	}
	return sum / total
}
