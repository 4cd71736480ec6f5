package text

import (
	"slices"
	"sync"
)

// Term is a unit of the lexical index at a place of a text: two neighbouring
// ideographs, an ideograph that stands alone, or a whole word of letters and
// digits that is not an English function word. Text is folded; Start and End count code points.
type Term struct {
	Text       string
	Start, End int
}

// MaxWord is the number of code points after which a word is cut: longer ones
// are not words.
const MaxWord = 40

// Terms returns the terms of s in the order of their places. Terms of the same
// text repeat.
func Terms(s string) []Term {
	var out []Term
	Each(s, func(term []rune, start int) {
		out = append(out, Term{string(term), start, start + len(term)})
	})
	return out
}

// rooms holds *[]rune of maxRoom code points at most.
var rooms = sync.Pool{New: func() any {
	room := make([]rune, 0, 512)
	return &room
}}

const maxRoom = 1 << 14

// Each calls visit with the folded code points of every term of s, in the order
// of their places, and with the place of the first. It is Terms without a string
// for every term. The code points are good until visit returns.
func Each(s string, visit func(term []rune, start int)) {
	room := rooms.Get().(*[]rune)
	defer rooms.Put(room)
	runes := appendFolded((*room)[:0], s)
	if cap(runes) <= maxRoom {
		*room = runes
	}
	for i := 0; i < len(runes); {
		c := classOf(runes[i])
		end := i + 1
		for end < len(runes) && classOf(runes[end]) == c {
			end++
		}
		switch c {
		case ideograph:
			eachBigram(runes, i, end, visit)
		case word:
			if w := runes[i:min(end, i+MaxWord)]; !stop(w) {
				visit(w, i)
			}
		}
		i = end
	}
}

func eachBigram(runes []rune, start, end int, visit func(term []rune, start int)) {
	if end-start == 1 {
		visit(runes[start:end], start)
		return
	}
	for i := start; i+1 < end; i++ {
		visit(runes[i:i+2], i)
	}
}

// Counts returns how often each term occurs in s, and the number of all terms,
// which is the length of s for BM25.
func Counts(s string) (counts map[string]int, total int) {
	counts = make(map[string]int, len(s)/3)
	Each(s, func(term []rune, _ int) {
		counts[string(term)]++
		total++
	})
	return counts, total
}

// Coverage is the share of the distinct terms of need that occur in offer, from 0
// to 1. It is 0 where need has no term.
func Coverage(need, offer string) float64 {
	wanted, _ := Counts(need)
	if len(wanted) == 0 {
		return 0
	}
	have, _ := Counts(offer)
	shared := 0
	for t := range wanted {
		if have[t] > 0 {
			shared++
		}
	}
	return float64(shared) / float64(len(wanted))
}

// Hashes are the distinct terms of s by their hashes, sorted.
func Hashes(s string) []uint64 {
	out := make([]uint64, 0, len(s)/3)
	Each(s, func(term []rune, _ int) { out = append(out, Hash(term)) })
	slices.Sort(out)
	return slices.Compact(out)
}

// Hash is FNV-1a in 64 bits over the code points of a term.
func Hash(term []rune) uint64 {
	h := uint64(14695981039346656037)
	for _, r := range term {
		h = (h ^ uint64(r)) * 1099511628211
	}
	return h
}
