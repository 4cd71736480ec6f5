package explain

import (
	"cmp"
	"maps"
	"slices"
	"unicode"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
	"github.com/duijie/duijie/internal/verdict"
)

// shared finds the longest pieces of the demand that the patent contains as well
// and orders them by how telling their terms are. A piece is made of neighbouring terms.
func shared(demand, patent *Side) []match.Term {
	weights, total := common(demand, patent)
	if total == 0 {
		return nil
	}
	found := map[string]*match.Term{}
	for i := range demand.fields {
		f := &demand.fields[i]
		for _, piece := range pieces(f, demand.wording.terms[i], patent, weights) {
			key := string(f.folded[piece.Start:piece.End])
			if !telling(key) {
				continue
			}
			t := found[key]
			if t == nil {
				t = &match.Term{Text: f.slice(piece), Weight: demand.wording.weightOf(key, weights) / total, Patent: places(patent, []rune(key))}
				found[key] = t
			}
			t.Demand = append(t.Demand, demand.span(f, piece))
		}
	}
	out := make([]match.Term, 0, len(found))
	for _, t := range found {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b match.Term) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Text, b.Text))
	})
	return out[:min(len(out), maxTerms)]
}

// wording is the terms of a text with their places, and numbered: the distinct ones from 0,
// in the order of their first places.
type wording struct {
	terms   [][]placed // by field
	numbers map[uint64]int32
	rarity  []float64
}

type placed struct {
	at     text.Range
	number int32
}

func wordingOf(fields []field) wording {
	w := wording{terms: make([][]placed, len(fields)), numbers: map[uint64]int32{}}
	for i, f := range fields {
		text.Each(f.source, func(term []rune, start int) {
			h := text.Hash(term)
			number, known := w.numbers[h]
			if !known {
				number = int32(len(w.rarity))
				w.numbers[h], w.rarity = number, append(w.rarity, verdict.Rarity(h))
			}
			w.terms[i] = append(w.terms[i], placed{text.Range{Start: start, End: start + len(term)}, number})
		})
	}
	return w
}

// bytes is about what the wording takes in memory.
func (w *wording) bytes() int {
	n := 48 * len(w.rarity)
	for _, terms := range w.terms {
		n += 24 * len(terms)
	}
	return n
}

// common weighs the terms of a demand, by their numbers, that the patent has as well, each by
// how rare it is, and all others with 0.
func common(demand, patent *Side) (weights []float64, total float64) {
	weights = make([]float64, len(demand.wording.rarity))
	for _, f := range patent.fields {
		text.Each(f.source, func(term []rune, _ int) {
			if n, ok := demand.wording.numbers[text.Hash(term)]; ok {
				weights[n] = demand.wording.rarity[n]
			}
		})
	}
	for _, w := range weights {
		total += w
	}
	return weights, total
}

// telling tells whether a reader learns anything from a shared piece: a bare number
// or a single letter says nothing.
func telling(piece string) bool {
	letters := 0
	for _, r := range piece {
		if unicode.Is(unicode.Han, r) {
			return true
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 1
}

// pieces joins neighbouring terms of a field of the demand for as long as the patent contains
// them in one piece.
func pieces(f *field, terms []placed, patent *Side, weights []float64) []text.Range {
	var out []text.Range
	open := false
	for _, t := range terms {
		if weights[t.number] == 0 {
			open = false
			continue
		}
		if open {
			last := &out[len(out)-1]
			if t.at.Start < last.End && contains(patent, f.folded[last.Start:t.at.End]) {
				last.End = t.at.End
				continue
			}
		}
		if contains(patent, f.folded[t.at.Start:t.at.End]) {
			out = append(out, t.at)
			open = true
		}
	}
	return out
}

// weightOf is the weight of the distinct terms of a piece, added up in their order.
func (w *wording) weightOf(piece string, weights []float64) float64 {
	sum := 0.0
	counts, _ := text.Counts(piece)
	for _, t := range slices.Sorted(maps.Keys(counts)) {
		if n, ok := w.numbers[text.Hash([]rune(t))]; ok {
			sum += weights[n]
		}
	}
	return sum
}

func contains(s *Side, piece []rune) bool {
	return slices.ContainsFunc(s.fields, func(f field) bool { return indexOf(f.folded, piece, 0) >= 0 })
}

// maxPlaces is the number of places that are shown of one term on the patent's side.
const maxPlaces = 5

func places(s *Side, piece []rune) []match.Span {
	var out []match.Span
	for i := range s.fields {
		f := &s.fields[i]
		for at := indexOf(f.folded, piece, 0); at >= 0 && len(out) < maxPlaces; at = indexOf(f.folded, piece, at+1) {
			out = append(out, s.span(f, text.Range{Start: at, End: at + len(piece)}))
		}
	}
	return out
}

// indexOf finds piece in runes at or after from.
func indexOf(runes, piece []rune, from int) int {
	for i := from; i+len(piece) <= len(runes); i++ {
		if runes[i] == piece[0] && slices.Equal(runes[i:i+len(piece)], piece) {
			return i
		}
	}
	return -1
}
