package bigram

import "iter"

// stream is a list of (number, term frequency) with an exact frequency and one
// word of memory where that is 1, as it mostly is:
//
//	┌──────────────────────────┬───┐ ┌─────────────────────┐
//	│ number, 31 bits          │ m │ │ tf, 32 bits, if m=1 │ …
//	└──────────────────────────┴───┘ └─────────────────────┘
//
// The number is a slot in the postings of a term, and the id of a term in the
// list of a document.
type stream []uint32

// maxNumber is the largest number that a stream can hold.
const maxNumber = 1<<31 - 1

func (s stream) append(number, tf uint32) stream {
	if tf == 1 {
		return append(s, number<<1)
	}
	return append(s, number<<1|1, tf)
}

// all gives the pairs in their order.
func (s stream) all() iter.Seq2[uint32, uint32] {
	return func(yield func(number, tf uint32) bool) {
		for i := 0; i < len(s); i++ {
			word, tf := s[i], uint32(1)
			if word&1 != 0 {
				i++
				tf = s[i]
			}
			if !yield(word>>1, tf) {
				return
			}
		}
	}
}
