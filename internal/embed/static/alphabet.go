package static

import (
	"math"
	"slices"
	"unicode/utf8"
)

// An alphabet gives each character that a vocabulary is written with a number, its
// code, and folds on the way: characters that fold to one have one code. The digits
// come first, then the letters of Latin words, known or not, then the others, those
// that begin or continue more entries first. Code 0 is a character that no entry has,
// and neither a letter of a word nor a digit.
type alphabet struct {
	plane  [plane]uint16   // code of each character of the basic plane
	beyond map[rune]uint16 // and of those beyond
	size   int             // all codes are smaller
}

const (
	plane      = 1 << 16
	maxCodes   = 1 << 16
	firstDigit = 1
	firstLatin = firstDigit + 10
	firstOther = firstLatin + 26 + (lastLatin - 0xDF) // one of which, ÷, is no letter
	lastLatin  = 0x24F
)

// newAlphabet numbers the characters of a tree's edges, and sets their codes in the
// place of the characters. It reports false where there are more than codes.
func newAlphabet(edges []edge) (*alphabet, bool) {
	a := &alphabet{beyond: map[rune]uint16{}, size: firstDigit}
	for r := rune('0'); r <= lastLatin; r++ {
		if isDigit(r) || isLatin(r) {
			a.give(r)
		}
	}
	for _, r := range others(edges) {
		if a.size == maxCodes {
			return nil, false
		}
		a.give(r)
	}
	for i, e := range edges {
		edges[i].by = rune(a.code(e.by))
	}
	a.fold()
	return a, true
}

// others are the characters of edges that are no digits and no letters of Latin words:
// those with more edges first, then in their order.
func others(edges []edge) []rune {
	count, far := make([]int32, plane), map[rune]int32{}
	for _, e := range edges {
		switch {
		case e.by >= plane:
			far[e.by]++
		case !isDigit(e.by) && !isLatin(e.by):
			count[e.by]++
		}
	}
	var keys []uint64
	key := func(r rune, n int32) { keys = append(keys, uint64(math.MaxInt32-n)<<32|uint64(r)) }
	for r, n := range count {
		if n > 0 {
			key(rune(r), n)
		}
	}
	for r, n := range far {
		key(r, n)
	}
	slices.Sort(keys)
	out := make([]rune, len(keys))
	for i, k := range keys {
		out[i] = rune(uint32(k))
	}
	return out
}

func (a *alphabet) give(r rune) {
	if r < plane {
		a.plane[r] = uint16(a.size)
	} else {
		a.beyond[r] = uint16(a.size)
	}
	a.size++
}

// fold gives what folds to another character the code of that one. Nothing beyond the
// basic plane does.
func (a *alphabet) fold() {
	before := a.plane
	for r := range rune(plane) {
		a.plane[r] = before[fold(r)]
	}
}

// code is that of a character of a text.
func (a *alphabet) code(r rune) uint16 {
	if r < plane {
		return a.plane[r]
	}
	return a.beyond[r]
}

// encode writes the code of each character of a text, and a 0 behind them.
func (a *alphabet) encode(codes []uint16, text string) []uint16 {
	codes = slices.Grow(codes[:0], len(text)+1)[:len(text)+1]
	n := 0
	for i := 0; i < len(text); n++ {
		b := text[i]
		switch {
		case b < utf8.RuneSelf:
			codes[n] = a.plane[b]
			i++
		case 0xE0 < b && b < 0xED && i+2 < len(text) && text[i+1]&0xC0 == 0x80 && text[i+2]&0xC0 == 0x80:
			codes[n] = a.plane[uint16(b)<<12|uint16(text[i+1]&0x3F)<<6|uint16(text[i+2]&0x3F)]
			i += 3
		default:
			r, size := utf8.DecodeRuneInString(text[i:])
			codes[n] = a.code(r)
			i += size
		}
	}
	codes[n] = 0
	return codes[:n+1]
}

func latinCode(c uint16) bool { return c-firstLatin < firstOther-firstLatin }

func digitCode(c uint16) bool { return c-firstDigit < firstLatin-firstDigit }

// splits reports whether a cut between two characters would split a Latin word or a
// number.
func splits(a, b uint16) bool {
	return latinCode(a) && latinCode(b) || digitCode(a) && digitCode(b)
}
