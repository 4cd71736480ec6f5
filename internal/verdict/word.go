package verdict

import (
	"unicode"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/quant"
)

// A dictionary compares words by the built-in model: near synonyms have near vectors.
type dictionary struct{ model *static.Model }

// bag is the distinct words of a text with their vectors.
type bag struct {
	entries []int32
	weights []float32 // how telling a word is, above 0 and at most 1
	rows    []int8    // the vectors, one after the other
	lengths []float32
}

// words gives the entries of the words of s that have letters, repeats included.
func (d dictionary) words(s string) []int32 {
	var out []int32
	for _, t := range d.model.Tokens(s) {
		if r, _ := utf8.DecodeRuneInString(s[t.Start:t.End]); unicode.IsLetter(r) {
			out = append(out, int32(t.Entry))
		}
	}
	return out
}

// bagOf makes the bag of some entries.
func (d dictionary) bagOf(entries []int32) *bag {
	b := &bag{}
	seen := make(map[int32]bool, len(entries))
	for _, e := range entries {
		if !seen[e] {
			seen[e] = true
			b.entries = append(b.entries, e)
		}
	}
	n := len(b.entries)
	b.weights, b.lengths, b.rows = make([]float32, n), make([]float32, n), make([]int8, 0, n*d.model.Dim())
	for i, e := range b.entries {
		b.weights[i], b.lengths[i] = d.model.Weight(int(e)), d.model.Length(int(e))
		b.rows = d.model.AppendRow(b.rows, int(e))
	}
	return b
}

// places numbers the entries of the bag.
func (b *bag) places() map[int32]int {
	out := make(map[int32]int, len(b.entries))
	for i, e := range b.entries {
		out[e] = i
	}
	return out
}

// likeness has the cosine of each word of one bag (by row) with each of another.
type likeness [][]float32

// like compares the words of b with those of other.
func (b *bag) like(other *bag) likeness {
	n := len(other.entries)
	out := make(likeness, len(b.entries))
	if n == 0 {
		return out
	}
	dims := len(other.rows) / n
	query, dots, flat := make([]int16, dims), make([]int32, n), make([]float32, n*len(b.entries))
	for i := range b.entries {
		quant.Widen(query, b.rows[i*dims:(i+1)*dims])
		quant.DotRows(query, other.rows, dots)
		row, own := flat[i*n:(i+1)*n], b.lengths[i]
		for j, l := range other.lengths {
			if l *= own; l > 0 {
				row[j] = float32(dots[j]) / l
			}
		}
		out[i] = row
	}
	return out
}

// turned has the words of the other bag by row.
func (l likeness) turned(words int) likeness {
	out, flat := make(likeness, words), make([]float32, words*len(l))
	for j := range out {
		out[j] = flat[j*len(l) : (j+1)*len(l)]
		for i, row := range l {
			out[j][i] = row[j]
		}
	}
	return out
}

// rows picks the rows of some words.
func (l likeness) rows(words []int) likeness {
	out := make(likeness, len(words))
	for i, w := range words {
		out[i] = l[w]
	}
	return out
}

// strangers is about the cosine of words that have nothing to do with each other.
const strangers = 0.3

// aligned tells how well words are matched by some of another text's: for each the
// best likeness, weighted by how telling the word is, 0 to 1. Rows and weights are those
// of the words, among the numbers of the others; nil is all of them.
func (l likeness) aligned(weights []float32, among []int) float64 {
	sum, total := 0.0, 0.0
	for i, row := range l {
		best := float32(0)
		if among == nil {
			for _, x := range row {
				best = max(best, x)
			}
		} else {
			for _, j := range among {
				best = max(best, row[j])
			}
		}
		sum += float64(weights[i]) * max(0, (float64(best)-strangers)/(1-strangers))
		total += float64(weights[i])
	}
	if total == 0 {
		return 0
	}
	return sum / total
}
