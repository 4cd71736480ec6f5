package match

import "time"

// Request asks for the other side of the market: with a demand (stored or as
// plain text) for patents, with a patent for demands.
type Request struct {
	// ID names the request in logs, answers and events.
	ID     string
	Tenant string
	// From is the stored record to match; its ID is empty where Texts are given
	// instead. Its Kind is needed in either case.
	From  Ref
	Texts Texts

	Filter Filter
	// Limit is the number of hits wanted, 1 to MaxLimit.
	Limit int
	// Offset skips that many hits of the ranking.
	Offset int
	// Explain adds an explanation to each hit.
	Explain bool
	// Model asks for a ranker by an alias, such as "sector/battery", or by the id of one
	// that is in production; empty leaves the choice to the engine.
	Model string
	// Party is who asks, such as an enterprise: one party sees one model while two are
	// compared. Empty is the enterprise of the demand, or the record itself.
	Party string
	// Order is what the hits are ordered by; empty is ForwardOrder.
	Order Order
	// Shape is how the list is put together; zero is the plain ranking.
	Shape Shape
	// Snapshot goes on with the list of an earlier answer; see Answer.Snapshot. Empty makes
	// a list anew.
	Snapshot string
	// Rerank has a chat model re-rank the first hits, in ForwardOrder alone.
	Rerank bool
	// Review has a chat model review the explanations of the first hits; it takes Explain.
	Review bool
}

// Order is what the hits of an answer are ordered by.
type Order string

const (
	// ForwardOrder is by how well the patent serves the demand: Score.Logit.
	ForwardOrder Order = "forward"
	// ReverseOrder is by how well the demand suits the patent: TwoSidedFit.Reverse.
	ReverseOrder Order = "reverse"
	// MutualOrder is by both, with both sides' ratings: TwoSidedFit.Mutual.
	MutualOrder Order = "mutual"
)

// Orders lists them.
var Orders = []Order{ForwardOrder, ReverseOrder, MutualOrder}

// MaxLimit is the largest number of hits in one answer, and MaxDepth the last
// rank that paging reaches.
const (
	MaxLimit = 100
	MaxDepth = 200
)

// Pair names a demand and a patent.
type Pair struct{ Demand, Patent Ref }

// Answer is a ranking, best first; equal scores are in the order of their ids.
type Answer struct {
	RequestID string
	// Query is the record matched; of a plain text it has the kind and the texts alone.
	Query Record
	Hits  []Hit
	// More tells whether the ranking goes on after the last hit.
	More bool
	// Considered counts the candidates that were scored: at most MaxDepth of those
	// that the legs nominated.
	Considered int
	// Degraded lists the parts that could not take part and why. It is empty in
	// a healthy system.
	Degraded []string
	Versions Versions
	// Route tells which ranker was chosen, and why; zero where there is no choice.
	Route Route
	// Calibration says what the probabilities of levels mean; nil where there are none.
	Calibration *Calibration
	// Supply says whether anything found is likely to serve the demand; nil where a
	// patent was matched, or the ranker is not calibrated.
	Supply *Supply
	// Shaped says what Request.Shape did; nil where it asked for nothing.
	Shaped *Shaped
	// Snapshot names the list of the answer, for Request.Snapshot of the next page, which goes
	// on with it whatever is written in between; empty where there is no next page.
	Snapshot string
	// CanReview tells that Request.Review can be asked for.
	CanReview bool
	Took      time.Duration
}

// Versions says with what an answer was made.
type Versions struct {
	Binary   string
	Embedder string
	Ranker   string
	// Rival is the other ranker of an interleaved answer; empty elsewhere.
	Rival string
	// Catalog is the sequence number of the newest write that was searched.
	Catalog int64
}

// Hit is one record of an answer with the reasons for its place.
type Hit struct {
	Record Record
	// Rank counts from 1.
	Rank  int
	Score Score
	// Explanation is set where it was asked for.
	Explanation *Explanation
	// Team is the side of a pilot that put the hit into an interleaved answer, and Model
	// the identity of its ranker, which gave it Score; empty elsewhere. There, scores are
	// comparable among the hits of one ranker alone.
	Team, Model string
	// Placement is set where Request.Shape asked for something.
	Placement *Placement
	// Ordering is set where a chat model re-ranked the hit among the first ones.
	Ordering *Ordering
}

// Score is how well a demand and a patent fit, and why. It depends on the two
// alone: not on the page, the filters or the other hits.
//
//	Logit = Bias + Σ Legs[i].Contribution (in that order)
//	Value = 1 / (1 + exp(−Logit))
type Score struct {
	Value float64
	Logit float64
	Bias  float64
	Legs  []Leg

	// Levels are the probabilities of the levels 1 to 4, by Logit alone, in the
	// population that Answer.Calibration names; empty where the ranker is not calibrated.
	// Level is their median.
	Levels []float64
	Level  Level
	// InCatalog is the probability of level 3 or 4 of a pair out of a whole catalog,
	// where nearly all pairs are unrelated; see Calibration. 0 where Levels are empty.
	InCatalog float64
	// TwoSided is the fit of either side; nil where there is no reference sample.
	TwoSided *TwoSidedFit
}

// Leg is one way of comparing a demand with a patent.
type Leg struct {
	Name LegName
	// Score is on the leg's own scale: a cosine from −1 to 1, a share from 0 to
	// 1, or a BM25 score.
	Score float64
	// Rank is the place among the leg's own nominations, from 1; 0 where the leg
	// did not nominate the record, or nominates nothing at all.
	Rank int
	// Weight is 0 where Contribution is not a product with Score: a feature of a tuned
	// model contributes what it moves the logit of the average pair that was learned from.
	Weight       float64
	Contribution float64 // Weight × Score, where there is a weight
	// Unknown is set where the feature has no value for the pair, such as the level of a
	// demand's labels where it has none; Score is 0 then.
	Unknown bool
	// Standing is where Score stands in the reference sample; nil where it is not known.
	Standing *Standing
}

// Standing is where a pair's leg stands among the pairs of a fixed reference sample:
// the share of them with a lower value, equal ones counted half, 0 to 1.
type Standing struct {
	Patents float64 // of the sample's patents, for this demand
	Demands float64 // of the sample's demands, for this patent
}

// LegName is the name of a leg.
type LegName string

const (
	// TitleLeg is the cosine of the two titles' vectors.
	TitleLeg LegName = "title"
	// TextLeg is the cosine of the vectors of title and body together.
	TextLeg LegName = "text"
	// CoverageLeg is the share of the demand's distinct character bigrams that
	// are found in the patent.
	CoverageLeg LegName = "coverage"
	// LexicalLeg is the BM25 score over character bigrams. It nominates
	// candidates; its weight is 0, since it depends on the whole catalog.
	LexicalLeg LegName = "lexical"
	// TitleWordsLeg is how far the demand has the words of the patent's title, or words
	// near them.
	TitleWordsLeg LegName = "title-words"
	// AskedWordsLeg is how far the patent's title has the words of the demand's title.
	AskedWordsLeg LegName = "asked-words"
	// PassagesLeg is how near the best three sentences of the demand come to a sentence
	// of the patent.
	PassagesLeg LegName = "passages"
)

// Explanation is what carried a match, as data.
type Explanation struct {
	// Evidence lists what of the patent carries the score, most first: together at
	// most 30 % of its text.
	Evidence []Evidence
	// Terms lists what both texts have in common, the most telling first.
	Terms []Term
	// Summary says the same in words.
	Summary LocalText
	// Elements lists what the demand asks for, in its order, and how far the patent
	// gives it.
	Elements []ElementMatch
	// Offers lists what the patent offers and the demand does not ask for; nothing where the
	// demand keeps its title or text confidential.
	Offers []Offer
	// Why says what lifts the pair and what pulls it down, the strongest first.
	Why []LocalText
	// Holder says what the patent's holder wants to know: why this enterprise would want
	// the patent, and what is missing to win it.
	Holder HolderView
	// Wording says it in sentences of a chat model, where one is configured. Each cites
	// spans of this explanation.
	Wording []Sentence
	// Reviewer names the chat model that reviewed Elements; empty where none did.
	Reviewer string
}

// Sentence is a sentence about spans.
type Sentence struct {
	Text  LocalText
	Cites []Span // at least one
}

// Offer is something that a patent offers beyond what was asked for.
type Offer struct {
	Kind   ElementKind
	Patent Span
	Note   LocalText
}

// HolderView is an explanation for the holder of the patent. It says nothing of
// confidential fields of the demand.
type HolderView struct {
	// Wanted says why this enterprise would want the patent.
	Wanted []LocalText
	// Gaps says what is missing to win it, or stands in the way.
	Gaps []LocalText
}

// ElementMatch is one thing that a demand asks for, and the patent's answer.
type ElementMatch struct {
	Kind   ElementKind
	Demand Span
	// Patent is where the patent answers; empty where it does not.
	Patent Span
	// Score tells how far the element is served, 0 to 1.
	Score   float64
	Verdict Verdict
	// Note says the verdict in words.
	Note LocalText
	// Review is what a chat model says, where one was asked; nil where it was not, or gave
	// no verdict that stands up.
	Review *Review
}

// Explained is a pair of records with its explanation.
type Explained struct {
	Demand, Patent *Record
	Explanation    *Explanation
}

// Review is a chat model's verdict on an element. It stands beside the built-in one, and
// changes neither that nor the score.
type Review struct {
	Verdict Verdict
	// Patent is what proves it, at least one unless Verdict is Missing.
	Patent []Span
}

// ElementKind is a sort of thing that a demand asks for.
type ElementKind string

// The kinds of elements.
const (
	ProductElement     ElementKind = "product"
	MaterialElement    ElementKind = "material"
	MethodElement      ElementKind = "method"
	EfficacyElement    ElementKind = "efficacy"
	ApplicationElement ElementKind = "application"
	QuantityElement    ElementKind = "quantity"
)

// Verdict is how far a patent serves an element of a demand.
type Verdict string

// The verdicts.
const (
	Covered      Verdict = "covered"
	Partly       Verdict = "partly"
	Contradicted Verdict = "contradicted" // the patent says otherwise
	Missing      Verdict = "missing"      // the patent does not speak of it
)

// Verdicts lists all of them.
var Verdicts = []Verdict{Covered, Partly, Contradicted, Missing}

// Evidence is a clause of the patent that carries the score, and the clause of the
// demand that comes closest to it.
type Evidence struct {
	Demand, Patent Span
	// Similarity is the cosine of the two clauses.
	Similarity float64
}

// Term is a piece of text that both sides contain.
type Term struct {
	Text string
	// Weight is its share of how telling all shared terms are, 0 to 1.
	Weight float64
	Demand []Span
	Patent []Span
}

// Span is a part of a stored text. Offsets count Unicode code points, End being
// the first one after it.
type Span struct {
	Ref      Ref
	Revision int64
	Field    string // title, abstract, claims, text
	Start    int
	End      int
	Text     string
}

// LocalText is a text for end users in both languages.
type LocalText struct{ ZH, EN string }
