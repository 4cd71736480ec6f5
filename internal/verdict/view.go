package verdict

import (
	"math"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
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
		if q.idle {
			continue
		}
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
	ofMet // share of the required figures that are met, weighted by how likely the right one was found
	ofUnmet
	ofRequired // whether any figure is required
	ofRefusing // the element refuses something
	ofPlain    // nearness of the core to the nearest part that refuses nothing
	ofRefused  // and to the nearest part that does
	ofRefusingPlain
	ofRefusingRefused
	ofRun      // the longest run of code points that core and patent share, over the core's length
	ofLongRun  // in code points, over maxRun
	ofTitleRun // that of the title, over the core's length
	ofTail     // the last two code points of the core stand in the patent
	ofCore     // the core's length, over maxCore
	// How the element compares with the others of the demand.
	ofMeanWords // mean of ofWords over all elements
	ofMeanTerms
	ofMeanAllTerms
	ofMeanTail
	ofMoreWords // what the element has above the mean
	ofMoreTerms
	ofMeanNear // mean of the nearness of the nearest part
	ofMaxNear
	ofMoreNear
	ofNearer // share of the elements that come nearer
	elementFeatures
)

const (
	maxRun  = 8
	maxCore = 20
)

var kindFeatures = map[match.ElementKind]int{
	match.MaterialElement: ofMaterial, match.MethodElement: ofMethod, match.EfficacyElement: ofEfficacy,
	match.ProductElement: ofProduct, match.ApplicationElement: ofApplication,
}

// measure writes the features of an element.
func (v *view) measure(w *wanted, p *Record, pair *whole) []float64 {
	x := make([]float64, elementFeatures)
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
	v.measureCore(x, w, p)
	return x
}

// measureCore writes what the core of an element shares with a patent.
func (v *view) measureCore(x []float64, w *wanted, p *Record) {
	x[ofRefusing] = is(w.refusing)
	for i := range p.parts {
		near := (share(&w.coreTerms, &p.parts[i].terms) + v.words[i]) / 2
		if p.parts[i].refusal {
			x[ofRefused] = max(x[ofRefused], near)
		} else {
			x[ofPlain] = max(x[ofPlain], near)
		}
	}
	x[ofRefusingPlain], x[ofRefusingRefused] = x[ofRefusing]*x[ofPlain], x[ofRefusing]*x[ofRefused]
	length := float64(max(1, len(w.core)))
	run, title := 0, 0
	for i := range p.fields {
		folded := p.fields[i].folded
		n := text.Longest(folded, w.core)
		run = max(run, n)
		if i == 0 {
			title = n
		}
		if n >= 2 && x[ofTail] == 0 {
			x[ofTail] = is(text.Longest(folded, w.core[len(w.core)-2:]) == 2)
		}
	}
	x[ofRun], x[ofTitleRun] = float64(run)/length, float64(title)/length
	x[ofLongRun], x[ofCore] = float64(min(run, maxRun))/maxRun, min(length, maxCore)/maxCore
}

// compareElements writes how each element compares with the others of its demand.
func compareElements(all []*trial, x [][]float64) {
	mean := func(of func(i int) float64) float64 {
		sum := 0.0
		for i := range all {
			sum += of(i)
		}
		return sum / float64(len(all))
	}
	nears, most := make([]float64, len(all)), 0.0
	for i, c := range all {
		if c.view.best >= 0 {
			nears[i] = c.view.near[c.view.best]
		}
		most = max(most, nears[i])
	}
	near := mean(func(i int) float64 { return nears[i] })
	means := map[int]float64{}
	for _, f := range [][2]int{{ofMeanWords, ofWords}, {ofMeanTerms, ofTerms}, {ofMeanAllTerms, ofAllTerms}, {ofMeanTail, ofTail}} {
		means[f[0]] = mean(func(i int) float64 { return x[i][f[1]] })
	}
	for i := range all {
		for f, m := range means {
			x[i][f] = m
		}
		x[i][ofMoreWords], x[i][ofMoreTerms] = x[i][ofWords]-means[ofMeanWords], x[i][ofTerms]-means[ofMeanTerms]
		x[i][ofMeanNear], x[i][ofMaxNear], x[i][ofMoreNear] = near, most, nears[i]-near
		x[i][ofNearer] = mean(func(k int) float64 { return is(nears[k] > nears[i]) })
	}
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
