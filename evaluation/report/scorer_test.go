package report_test

import (
	"math"
	"unicode"

	"github.com/duijie/duijie/evaluation"
)

// bigrams lists the pairs of neighbouring letters and digits, lower case.
func bigrams(text string) []string {
	var out []string
	last := ' '
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = ' '
			continue
		}
		r = unicode.ToLower(r)
		if last != ' ' {
			out = append(out, string([]rune{last, r}))
		}
		last = r
	}
	return out
}

func counted(terms []string) map[string]float64 {
	counts := map[string]float64{}
	for _, term := range terms {
		counts[term]++
	}
	return counts
}

// bigramScorer is BM25 over character bigrams with k1 1.2 and the given b.
func bigramScorer(d *evaluation.Dataset, b float64) evaluation.Scorer {
	n, total, df := d.Documents(), 0.0, map[string]float64{}
	terms := make([][]string, n)
	for i := range n {
		terms[i] = bigrams(d.Document(int32(i)).Title)
		for term := range counted(terms[i]) {
			df[term]++
		}
		total += float64(len(terms[i]))
	}
	queries := make([]map[string]float64, d.Queries())
	for q := range queries {
		query := d.Query(int32(q))
		queries[q] = counted(bigrams(query.Title + "\n" + query.Text))
	}
	return func(query, document int32) (float64, error) {
		counts, sum := counted(terms[document]), 0.0
		norm := 1.2 * (1 - b + b*float64(len(terms[document]))*float64(n)/total)
		seen := map[string]bool{}
		for _, term := range terms[document] {
			if qtf := queries[query][term]; qtf > 0 && !seen[term] {
				seen[term] = true
				idf := math.Log(1 + (float64(n)-df[term]+0.5)/(df[term]+0.5))
				sum += idf * qtf * counts[term] * 2.2 / (counts[term] + norm)
			}
		}
		return sum, nil
	}
}

// guessedLevels makes levels and probabilities of scores by a fixed curve, to have
// something to draw.
func guessedLevels(d *evaluation.Dataset, run *evaluation.Run) *evaluation.Levels {
	l := &evaluation.Levels{Predictions: make([][]evaluation.Prediction, d.Queries())}
	for q, hits := range run.Hits {
		for _, h := range hits {
			s := 1 / (1 + math.Exp(3-h.Score/25))
			p := []float64{(1 - s) * 0.7, (1 - s) * 0.3, s * 0.5, s * 0.5}
			level := 1 + min(3, int(4*s))
			l.Predictions[q] = append(l.Predictions[q], evaluation.Prediction{Document: h.Document, Level: int8(level), P: p})
		}
	}
	return l
}
