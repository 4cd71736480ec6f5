package distill

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed/static"
)

// choose picks the entries, ascending by bytes: always the pieces, the glossary, the
// digits and the Latin words found twice in the texts; then the words of the texts by
// how often they occur; then the word list by frequency, until there are size.
func choose(size int, in Input, texts []string) []string {
	chosen := map[string]bool{}
	for term := range glossary() {
		chosen[term] = true
	}
	for _, p := range in.Pieces {
		chosen[static.Fold(p)] = true
	}
	for d := '0'; d <= '9'; d++ {
		chosen[string(d)] = true
	}
	for word, n := range latinWords(texts) {
		if n > 1 && len(word) > 1 {
			chosen[word] = true
		}
	}
	for _, word := range ranked(in.Words, texts) {
		if len(chosen) >= size {
			break
		}
		chosen[word] = true
	}
	return slices.Sorted(maps.Keys(chosen))
}

// latinWords counts the words of a to z.
func latinWords(texts []string) map[string]int {
	counts := map[string]int{}
	for _, t := range texts {
		for _, w := range strings.FieldsFunc(static.Fold(t), func(r rune) bool { return r < 'a' || r > 'z' }) {
			counts[w]++
		}
	}
	return counts
}

// ranked are the words that may be entries: those that occur in the texts, and then
// the others. Words of the texts are there whatever they name.
func ranked(words []Word, texts []string) []string {
	known := make(map[string]Word, len(words))
	for _, w := range words {
		known[w.Text] = w
	}
	counts := map[string]int{}
	cutter := newSegmenter(words)
	for _, t := range texts {
		cutter.words(static.Fold(t), func(w string) {
			if (Word{Text: w}).fit() {
				counts[w]++
			}
		})
	}
	out := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	for _, w := range words {
		if w.fit() && counts[w.Text] == 0 {
			out = append(out, w.Text)
		}
	}
	return out
}

const commonPiece = 0.003 // p of what says little alone

// saysLittle reports whether an entry is an inner piece, a letter or a digit.
func saysLittle(entry string) bool {
	r, n := utf8.DecodeRuneInString(entry)
	return strings.HasPrefix(entry, static.Continuation) || n == len(entry) && (static.IsLatin(r) || static.IsDigit(r))
}

// weights are a/(a+p) of smooth inverse frequency (Arora et al. 2017), with p half
// from the texts' own entries and half from the word list.
func weights(entries []string, in Input, cuts [][]int32, a float64) []float32 {
	here, general := make([]float64, len(entries)), make([]float64, len(entries))
	for _, cut := range cuts {
		for _, e := range cut {
			here[e]++
		}
	}
	counts := make(map[string]int, len(in.Words))
	for _, w := range in.Words {
		counts[w.Text] = w.Count
	}
	for i, e := range entries {
		general[i] = float64(counts[e])
	}
	totalHere, totalGeneral := max(sum(here), 1), max(sum(general), 1)
	english := common()
	out := make([]float32, len(entries))
	for i, e := range entries {
		p := max((here[i]/totalHere+general[i]/totalGeneral)/2, english[e])
		if saysLittle(e) {
			p = max(p, commonPiece)
		}
		out[i] = float32(a / (a + p))
	}
	return out
}

func sum(numbers []float64) float64 {
	total := 0.0
	for _, x := range numbers {
		total += x
	}
	return total
}
