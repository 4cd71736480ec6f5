package evaluation_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"unicode"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
)

// realData is the train split of BDCI 2019, or skips the test where it is absent.
func realData(t testing.TB) *evaluation.Dataset {
	t.Helper()
	folders := []string{filepath.Join(os.Getenv("DUIJIE_DATA"), "bdci2019"), "../../shared/data/bdci2019"}
	for _, dir := range folders {
		if _, err := os.Stat(filepath.Join(dir, "qrels", "train.tsv")); err != nil {
			continue
		}
		d, w, err := format.ReadBEIR(dir, "train", format.Options{})
		if err != nil || len(w) > 0 {
			t.Fatal(err, w)
		}
		return d
	}
	t.Skip("real data is not here: set DUIJIE_DATA to a folder with bdci2019")
	return nil
}

// bigrams counts the pairs of neighbouring letters and digits, lower case, in the
// order in which they first occur.
func bigrams(text string) (terms []string, counts map[string]float64) {
	counts = map[string]float64{}
	last := ' '
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = ' '
			continue
		}
		r = unicode.ToLower(r)
		if term := string([]rune{last, r}); last != ' ' {
			if counts[term] == 0 {
				terms = append(terms, term)
			}
			counts[term]++
		}
		last = r
	}
	return terms, counts
}

// bigramBM25 scores by BM25 over character bigrams of title and text, k1 1.2 and
// b 0.75, a bigram of the query counting as often as it occurs.
func bigramBM25(d *evaluation.Dataset) evaluation.Scorer {
	n, total, df := d.Documents(), 0.0, map[string]float64{}
	terms, counts, lengths := make([][]string, n), make([]map[string]float64, n), make([]float64, n)
	for i := range n {
		doc := d.Document(int32(i))
		terms[i], counts[i] = bigrams(doc.Title + "\n" + doc.Text)
		for _, term := range terms[i] {
			df[term]++
			lengths[i] += counts[i][term]
		}
		total += lengths[i]
	}
	queries := make([]map[string]float64, d.Queries())
	for q := range queries {
		query := d.Query(int32(q))
		_, queries[q] = bigrams(query.Title + "\n" + query.Text)
	}
	return func(query, document int32) (float64, error) {
		sum, norm := 0.0, 1.2*(0.25+0.75*lengths[document]*float64(n)/total)
		for _, term := range terms[document] {
			if qtf := queries[query][term]; qtf > 0 {
				tf := counts[document][term]
				idf := math.Log(1 + (float64(n)-df[term]+0.5)/(df[term]+0.5))
				sum += idf * qtf * tf * 2.2 / (tf + norm)
			}
		}
		return sum, nil
	}
}

// Random order is 0.41 as data/README.md says. Its 0.61 for BM25 is not that of
// this tokeniser: character bigrams of the whole demand reach 0.65.
func TestBaselinesOnRealData(t *testing.T) {
	d := realData(t)
	var models []evaluation.Model
	for _, m := range []struct {
		name   string
		scorer evaluation.Scorer
	}{{"random", evaluation.Random(d, 1)}, {"bm25", bigramBM25(d)}} {
		run, latencies, err := evaluation.Rank(d, evaluation.CandidatesAuto, 0, 2, m.scorer)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, evaluation.Model{Name: m.name, Run: run, Latencies: latencies})
	}
	r, err := evaluation.Evaluate(d, models, evaluation.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary.Queries != 236 || r.Summary.Rankable != 221 || r.Summary.Judgements != 7376 {
		t.Errorf("summary is %+v", r.Summary)
	}
	for i, want := range []float64{0.413, 0.654} {
		e := r.Estimate(i, "nDCG@10")
		t.Logf("%s: nDCG@10 %v [%.4f, %.4f] over %d", models[i].Name, e.Value, e.Interval.Low, e.Interval.High, e.Queries)
		if math.Abs(e.Value.Float()-want) > 0.015 || e.Queries != 221 {
			t.Errorf("nDCG@10 of %s is %v over %d queries, want %v over 221", models[i].Name, e.Value, e.Queries, want)
		}
	}
	if c := r.Comparisons[0]; c.PHolm.Float() > 0.001 || c.Interval.Low < 0.1 {
		t.Errorf("BM25 is not clearly better than chance: %+v", c)
	}
}
