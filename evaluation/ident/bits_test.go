package ident

import (
	"testing"

	"pgregory.net/rapid"
)

func TestBitsAnswerAsAMapDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.IntRange(1, 200).Draw(t, "bound")
		bits, known := NewBits(bound), map[int32]bool{}
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			i := rapid.Int32Range(0, int32(bound-1)).Draw(t, "index")
			switch {
			case rapid.Bool().Draw(t, "drop"):
				bits.Drop(i)
				delete(known, i)
			case bits.Add(i) == known[i]:
				t.Fatalf("Add(%d) with %v", i, known)
			default:
				known[i] = true
			}
			for i := range int32(bound) {
				if bits.Has(i) != known[i] {
					t.Fatalf("Has(%d) is %v", i, bits.Has(i))
				}
			}
		}
	})
}
