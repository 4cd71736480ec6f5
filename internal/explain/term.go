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
		for _, piece := range pieces(f, patent, weights) {
			key := string(f.folded[piece.Start:piece.End])
			if !telling(key) {
				continue
			}
			t := found[key]
			if t == nil {
				t = &match.Term{Text: f.slice(piece), Weight: pieceWeight(key, weights) / total, Patent: places(patent, []rune(key))}
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

// common weighs the terms that both sides have, each by how rare it is.
func common(demand, patent *Side) (weights map[string]float64, total float64) {
	have := map[string]bool{}
	for _, f := range patent.fields {
		text.Each(string(f.text), func(term []rune, _ int) { have[string(term)] = true })
	}
	weights = map[string]float64{}
	for _, f := range demand.fields {
		text.Each(string(f.text), func(term []rune, _ int) {
			if t := string(term); have[t] && weights[t] == 0 {
				weights[t] = verdict.Rarity(t)
				total += weights[t]
			}
		})
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

// pieces joins neighbouring terms of the field for as long as the patent contains
// them in one piece.
func pieces(f *field, patent *Side, weights map[string]float64) []text.Range {
	var out []text.Range
	open := false
	for _, t := range text.Terms(string(f.text)) {
		if weights[t.Text] == 0 {
			open = false
			continue
		}
		if open {
			last := &out[len(out)-1]
			if t.Start < last.End && contains(patent, f.folded[last.Start:t.End]) {
				last.End = t.End
				continue
			}
		}
		if contains(patent, f.folded[t.Start:t.End]) {
			out = append(out, text.Range{Start: t.Start, End: t.End})
			open = true
		}
	}
	return out
}

func pieceWeight(piece string, weights map[string]float64) float64 {
	sum := 0.0
	counts, _ := text.Counts(piece)
	for _, t := range slices.Sorted(maps.Keys(counts)) {
		sum += weights[t]
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
