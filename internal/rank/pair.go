package rank

import (
	"math"

	"github.com/duijie/duijie/internal/text"
)

// The features of a pair, in the order in which Measure writes them. None depends
// on other records but through the fixed Weights.
const (
	TitleCosine     = iota // cosine of the titles
	TextCosine             // cosine of the whole texts
	DemandTitleText        // cosine of the demand's title with the patent's whole text
	PatentTitleText        // cosine of the patent's title with the demand's whole text
	Coverage               // share of the demand's terms that the patent has
	Offered                // share of the patent title's terms that the demand has
	CoverageWeight         // the same two, weighted by how telling terms are
	OfferedWeight
	TitleCoverage // share of the demand title's terms that the patent has
	TitleOffered  // share of the patent title's terms that the demand's title has
	TitleCoverageWeight
	TitleOfferedWeight
	Words          // BM25 with fixed corpus statistics, for the patent's terms in the demand
	Telling        // weight of the most telling shared term
	Substring      // longest common substring of the titles, in characters
	SubstringShare // and its share of the patent's title
	Characters     // share of the patent title's characters that the demand's title has
	CharactersOf   // share of the demand title's characters that the patent's title has
	PatentLength   // characters of the patent's title
	DemandLength   // distinct terms of the demand
	DemandTitle    // characters of the demand's title
	TitleWords     // legs of the fusion: how far the demand has the words of the patent's title
	AskedWords     // how far the patent's title has the words of the demand's
	PassagesMet    // cosine of the sentences that are nearest
	ZeroShotLogit  // the fusion's logit

	PairFeatures // how many there are
)

// PairNames are the names of the features, in order.
var PairNames = [PairFeatures]string{
	"title", "text", "title-text", "text-title", "coverage", "offered", "coverage-weight", "offered-weight",
	"title-coverage", "title-offered", "title-coverage-weight", "title-offered-weight", "words", "telling",
	"substring", "substring-share", "characters", "characters-of", "patent-length", "demand-length",
	"demand-title-length", "title-words", "asked-words", "passages", "zero-shot",
}

// Measure writes the features of a pair into out, which has room for PairFeatures.
// Both sides come from Prepare of this fusion or of one with the same lexicon, and must
// have been weighed with the same weights. It allocates only for titles of more than 64
// characters.
func (f *Fusion) Measure(of, with Prepared, out []float32) {
	put := func(feature int, v float64) { out[feature] = float32(v) }
	demand, patent := of.(*pieces), with.(*pieces)
	legs := measure(demand, patent)
	put(TitleCosine, legs[titleLeg])
	put(TextCosine, legs[textLeg])
	put(TitleWords, legs[titleWordsLeg])
	put(AskedWords, legs[askedWordsLeg])
	put(PassagesMet, legs[passagesLeg])
	put(ZeroShotLogit, f.logit(&legs))
	titleText, textTitle := Cosines(demand.Title, patent.Text, demand.Text, patent.Title)
	put(DemandTitleText, titleText)
	put(PatentTitleText, textTitle)
	all := share(demand.Terms, patent.Terms)
	put(Coverage, all.ofNeed)
	put(CoverageWeight, all.weightOfNeed)
	offered := share(patent.TitleTerms, demand.Terms)
	put(Offered, offered.ofNeed)
	put(OfferedWeight, offered.weightOfNeed)
	put(Words, offered.words)
	put(Telling, all.telling)
	titles := share(demand.TitleTerms, patent.Terms)
	put(TitleCoverage, titles.ofNeed)
	put(TitleCoverageWeight, titles.weightOfNeed)
	back := share(patent.TitleTerms, demand.TitleTerms)
	put(TitleOffered, back.ofNeed)
	put(TitleOfferedWeight, back.weightOfNeed)
	long := text.Longest(demand.title, patent.title)
	put(Substring, float64(long))
	put(SubstringShare, float64(long)/float64(max(1, len(patent.title))))
	put(Characters, contained(patent.title, demand.title))
	put(CharactersOf, contained(demand.title, patent.title))
	put(PatentLength, float64(len(patent.title)))
	put(DemandLength, float64(len(demand.Terms)))
	put(DemandTitle, float64(len(demand.title)))
}

// overlap is what of a needed text another one has.
type overlap struct{ ofNeed, weightOfNeed, words, telling float64 }

func share(need, have []Term) overlap {
	var o overlap
	total, shared, count := 0.0, 0.0, 0
	for i, j := 0, 0; i < len(need); i++ {
		weight := float64(need[i].Weight)
		total += weight
		for j < len(have) && have[j].Hash < need[i].Hash {
			j++
		}
		if j == len(have) || have[j].Hash != need[i].Hash {
			continue
		}
		count++
		shared += weight
		n := float64(have[j].Count)
		o.words += weight * n * 2.2 / (n + 1.2)
		o.telling = max(o.telling, weight)
	}
	if len(need) > 0 {
		o.ofNeed = float64(count) / float64(len(need))
	}
	if total > 0 {
		o.weightOfNeed = shared / total
	}
	return o
}

// contained is the share of the characters of a that occur in b, repeats counted.
func contained(a, b []rune) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for _, x := range a {
		for _, y := range b {
			if x == y {
				n++
				break
			}
		}
	}
	return float64(n) / float64(len(a))
}

// logRatio is log((n+1) / holding), the weight of a term that so many of n texts hold.
func logRatio(n, holding int) float64 { return math.Log(float64(n+1) / float64(holding+1)) }
