package rank

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// How much of a text is compared word by word and passage by passage: all of an
// abstract, and of longer texts the most telling words and the first sentences.
const (
	maxWords      = 256
	maxTitleWords = 32
	maxPassages   = 48
	// bestPassages of the demand count.
	bestPassages = 3
)

// pieces is a record as the fusion sees it.
type pieces struct {
	*Side
	lexicon    Lexicon
	texts      uint64 // hash of title and body
	words      []Word // of the whole text; none but of a demand
	titleWords []Word
	passages   Passages
	memo       *memo     // of titles' words among words; nil but for demands
	standing   standings // among the reference sample
}

// SideOf is the side of a record that a fusion prepared.
func SideOf(p Prepared) *Side { return p.(*pieces).Side }

// rowBytes is about what a word takes among a memo's rows.
const rowBytes = 256 + 4

// standingBytes is about what the standings of one record take.
const standingBytes = 8 * fusionLegs * 84

// takeApart cuts a record into words and passages of a lexicon.
func takeApart(lexicon Lexicon, r *match.Record, v Vectors) *pieces {
	t := r.Texts()
	p := &pieces{Side: NewSide(t.Title, t.Body, v.Title, v.Text), lexicon: lexicon, texts: textsHash(t)}
	title, body := t.Title, t.Body
	if title == "" {
		title = body
	}
	if body == "" {
		body = title
	}
	p.titleWords = most(lexicon.Words(nil, title), maxTitleWords)
	var sentences []string
	text.EachSentence(body, func(sentence string, _ text.Range) bool {
		sentences = append(sentences, sentence)
		return len(sentences) < maxPassages
	})
	p.passages = lexicon.Passages(sentences)
	if r.Kind == match.DemandKind {
		p.words = most(lexicon.Words(nil, t.Full()), maxWords)
		p.memo = &memo{}
	}
	return p
}

// most keeps the n most telling words, in the order of their entries.
func most(words []Word, n int) []Word {
	if len(words) <= n {
		return words
	}
	slices.SortFunc(words, func(a, b Word) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), ByEntry(a, b))
	})
	words = slices.Clone(words[:n])
	slices.SortFunc(words, ByEntry)
	return words
}

// textsHash is FNV-1a in 64 bits over title and body.
func textsHash(t match.Texts) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range []string{t.Title, "\x00", t.Body} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
	}
	return h
}

// Bytes is about what the pieces take in memory, with a memo and the standings.
func (p *pieces) Bytes() int {
	n := p.Side.Bytes() + 8*(len(p.words)+len(p.titleWords)) + len(p.passages.Codes) + 4*len(p.passages.Inverse)
	if p.memo != nil {
		n += 8<<memoBits + rowBytes*len(p.words)
	}
	return n + standingBytes
}

// met is the mean, weighted by how telling words are, of how near the words of a text
// come to those of another one; 0 without words.
func met(words []Word, nearest []float32) float64 {
	sum, total := 0.0, 0.0
	for i, w := range words {
		sum += float64(float64(w.Weight) * float64(nearest[i]))
		total += float64(w.Weight)
	}
	if total == 0 {
		return 0
	}
	return max(sum/total, 0)
}

// titleWordsMet is how far the demand has the words of the patent's title.
func titleWordsMet(demand, patent *pieces) float64 {
	if len(demand.words) == 0 {
		return 0
	}
	var room [maxTitleWords]float32
	near := room[:len(patent.titleWords)]
	demand.memo.nearest(demand.lexicon, patent.titleWords, demand.words, near)
	return met(patent.titleWords, near)
}

// askedWordsMet is how far the patent's title has the words of the demand's.
func askedWordsMet(demand, patent *pieces) float64 {
	if len(patent.titleWords) == 0 {
		return 0
	}
	var room [maxTitleWords]float32
	near := room[:len(demand.titleWords)]
	demand.lexicon.Nearest(demand.titleWords, patent.titleWords, near)
	return met(demand.titleWords, near)
}

// passagesMet is the mean cosine of the sentences of the demand that come nearest to a
// sentence of the patent, the best three.
func passagesMet(demand, patent *pieces) float64 {
	if len(demand.passages.Inverse) == 0 || len(patent.passages.Inverse) == 0 {
		return 0
	}
	var room [maxPassages]float32
	near := room[:len(demand.passages.Inverse)]
	demand.lexicon.NearestPassages(demand.passages, patent.passages, near)
	slices.SortFunc(near, func(a, b float32) int { return cmp.Compare(b, a) })
	near = near[:min(len(near), bestPassages)]
	sum := 0.0
	for _, x := range near {
		sum += float64(x)
	}
	return sum / float64(len(near))
}
