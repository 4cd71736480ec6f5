package ident

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTheHeadOfAnIDIsItsFirstBytesAndZeros(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "id")
		var want, got [headSize]byte
		copy(want[:], id)
		h := headOf(id)
		for i := range 8 {
			got[i], got[8+i] = byte(h.low>>(8*i)), byte(h.high>>(8*i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
