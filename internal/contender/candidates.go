package contender

import (
	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// candidatesBM25 is the reference to bm25Candidates.
const candidatesBM25 = "bm25=candidates"

// bm25Candidates is BM25 whose collection is the demand's own judged candidates. With
// their number N, n(t) of them that have term t, their mean length avgdl in terms, and
// the demand's title and text, in which t stands q(t) times:
//
//	Σ over the distinct terms t of the demand:  q(t) · idf(t) · tf·(k1+1) / (tf + k1·(1−b+b·|d|/avgdl))
//	idf(t) = ln(1 + (N − n(t) + 0.5) / (n(t) + 0.5)),  k1 = 1.2,  b = 0.75
//
// Terms are those of the word index, and those of a document that of its title and text.
// The reference bm25 differs in two things: N, n(t) and avgdl are of the whole corpus
// there, and q(t) is 1. A few dozen candidates chosen for one demand share what is most
// telling about it, so that this weighs it for little: it is weaker, and is what a
// figure published for bdci2019 was measured with, as far as can be told. It has no
// score for a document that is no candidate.
func bm25Candidates(d *evaluation.Dataset) evaluation.Scorer {
	rows := rowCache[map[int32]float64]{rows: map[int32]map[int32]float64{}}
	return func(q, doc int32) (float64, error) {
		row, err := rows.get(q, func() (map[int32]float64, error) { return scoreCandidates(d, q), nil })
		if err != nil {
			return 0, err
		}
		score, ok := row[doc]
		if !ok {
			return 0, match.Invalidf("--model", "%s ranks judged candidates alone (--candidates judged)", candidatesBM25)
		}
		return score, nil
	}
}

// termCounts is how often each term stands in a text, and how many there are.
type termCounts struct {
	of    map[string]uint32
	total uint32
}

func countTerms(s string) termCounts {
	c := termCounts{of: map[string]uint32{}}
	text.Each(s, func(term []rune, _ int) {
		c.of[string(term)]++
		c.total++
	})
	return c
}

// scoreCandidates is the score of every candidate of a demand.
func scoreCandidates(d *evaluation.Dataset, q int32) map[int32]float64 {
	judged := d.Judgements(q)
	candidates, with, length := make([]termCounts, len(judged)), map[string]int{}, 0.0
	for i, j := range judged {
		candidates[i] = countTerms(documentTexts(d, j.Document).Full())
		length += float64(candidates[i].total)
		for term := range candidates[i].of {
			with[term]++
		}
	}
	demand := text.Terms(queryTexts(d, q).Full()) // in order, each as often as it stands there
	scores := make(map[int32]float64, len(judged))
	for i, c := range candidates {
		norm, sum := lexical.Norm(c.total, length/float64(len(judged))), 0.0
		for _, t := range demand {
			if tf := c.of[t.Text]; tf > 0 {
				sum += float64(lexical.IDF(len(judged), with[t.Text]) * lexical.Saturation(tf, norm))
			}
		}
		scores[judged[i].Document] = sum
	}
	return scores
}
