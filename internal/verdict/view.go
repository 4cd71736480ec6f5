package verdict

import (
	"math"

	"github.com/duijie/duijie/internal/match"
)

// view is a patent as one element sees it.
type view struct {
	// cosine, words and terms tell for each part how near it comes, each from 0 to 1,
	// and near is their weighted mean.
	cosine, words, terms, near []float64
	likeness                   likeness
	best                       int // the nearest part; −1 where there is none
	limit                      int // the nearest part that limits; −1 where there is none
}

// Weights of what makes a part near.
const (
	nearCosine = 0.4
	nearWords  = 0.4
	nearTerms  = 0.2
)

func (w *wanted) look(p *Record, like likeness) *view {
	n := len(p.parts)
	flat := make([]float64, 4*n)
	v := &view{cosine: flat[:n], words: flat[n : 2*n], terms: flat[2*n : 3*n], near: flat[3*n:], best: -1, limit: -1}
	v.likeness = like.rows(w.words)
	for i := range p.parts {
		q := &p.parts[i]
		v.cosine[i] = max(0, cosine(w.vector, q.vector))
		v.words[i] = v.likeness.aligned(w.weigh, some(q.words))
		v.terms[i] = share(&w.terms, &q.terms)
		v.near[i] = nearCosine*v.cosine[i] + nearWords*v.words[i] + nearTerms*v.terms[i]
		if v.best < 0 || v.near[i] > v.near[v.best] {
			v.best = i
		}
		if q.limit && (v.limit < 0 || v.near[i] > v.near[v.limit]) {
			v.limit = i
		}
	}
	return v
}

// some makes sure that no words are not all words.
func some(words []int) []int {
	if words == nil {
		return []int{}
	}
	return words
}

// The features of an element and a patent.
const (
	ofCosine = iota // of the nearest part
	ofWords
	ofTerms
	ofSecond   // nearness of the next part
	ofSentence // cosine with the sentence of the nearest part
	ofAround   // and of the element's sentence with it
	ofAllWords // with all words of the patent
	ofAllTerms
	ofTitleCosine
	ofTitleWords
	ofLimited   // the nearest part limits
	ofLimit     // nearness of the nearest part that limits
	ofLimitGap  // how much nearer the nearest part is
	ofNegation  // of the nearest part
	ofNegated   // of the element
	ofNegations // of both
	ofGain      // of the nearest part
	ofFigured   // it has a figure
	ofExcluded
	ofExcludedNear
	ofExcludedNegation
	ofLength // of the element, in words
	ofMaterial
	ofMethod
	ofEfficacy
	ofProduct
	ofApplication
	ofLevels // logits of the levels 2, 3 and 4 of the pair, or better
	_
	_
	ofMet // share of the required figures that are met, weighted by how likely the right one was found
	ofUnmet
	ofRequired // whether any figure is required
	elementFeatures
)

var kindFeatures = map[match.ElementKind]int{
	match.MaterialElement: ofMaterial, match.MethodElement: ofMethod, match.EfficacyElement: ofEfficacy,
	match.ProductElement: ofProduct, match.ApplicationElement: ofApplication,
}

// measure writes the features of an element.
func (v *view) measure(w *wanted, p *Record, pair *whole) []float64 {
	x := make([]float64, elementFeatures)
	copy(x[ofLevels:], pair.levels[:])
	x[ofMet], x[ofUnmet], x[ofRequired] = pair.met, pair.unmet, pair.required
	if v.best < 0 {
		return x
	}
	best := &p.parts[v.best]
	x[ofCosine], x[ofWords], x[ofTerms] = v.cosine[v.best], v.words[v.best], v.terms[v.best]
	for i := range p.parts {
		if i != v.best {
			x[ofSecond] = max(x[ofSecond], v.near[i])
		}
		if p.parts[i].field == 0 {
			x[ofTitleCosine], x[ofTitleWords] = max(x[ofTitleCosine], v.cosine[i]), max(x[ofTitleWords], v.words[i])
		}
	}
	x[ofSentence] = cosine(w.vector, p.sentences[v.best])
	x[ofAround] = cosine(w.around, p.sentences[v.best])
	x[ofAllWords] = v.likeness.aligned(w.weigh, nil)
	x[ofAllTerms] = share(&w.terms, &p.terms)
	if v.limit >= 0 {
		x[ofLimit], x[ofLimitGap] = v.near[v.limit], v.near[v.best]-v.near[v.limit]
	}
	x[ofLimited], x[ofNegation], x[ofNegated] = is(best.limit), is(best.negation), is(w.negated)
	x[ofNegations], x[ofGain] = is(best.negation && w.negated), is(best.gain)
	for i := range p.figures {
		if p.figures[i].part == v.best {
			x[ofFigured] = 1
		}
	}
	if w.excluded {
		x[ofExcluded], x[ofExcludedNear], x[ofExcludedNegation] = 1, v.near[v.best], is(best.negation)*v.near[v.best]
	}
	x[ofLength] = math.Log1p(float64(len(w.words)))
	if at, ok := kindFeatures[w.Kind]; ok {
		x[at] = 1
	}
	return x
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
