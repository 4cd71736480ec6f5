package ident

import (
	"testing"

	"pgregory.net/rapid"
)

func TestASetAnswersAsAMapDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var set Set
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			indices := rapid.SliceOf(rapid.Int32Range(0, 40)).Draw(t, "indices")
			set.Reset(len(indices))
			if set.Find(7) != -1 {
				t.Fatal("an empty set has a member")
			}
			known := map[int32]int32{}
			for _, i := range indices {
				want, there := known[i]
				if !there {
					want = int32(len(known))
					known[i] = want
				}
				if got, added := set.Add(i); got != want || added == there {
					t.Fatalf("Add(%d) is %d, %v", i, got, added)
				}
			}
			for i := range int32(41) {
				want, there := known[i]
				if !there {
					want = -1
				}
				if got := set.Find(i); got != want {
					t.Fatalf("Find(%d) is %d, want %d", i, got, want)
				}
			}
		}
	})
}

func TestASetThatWasEmptiedFourBillionTimesForgetsAllOfThem(t *testing.T) {
	var set Set
	set.Reset(2)
	set.Add(5)
	set.Add(6)
	set.round = 1<<32 - 1
	set.Reset(2)
	set.Add(6)
	if set.Find(5) != -1 {
		t.Error("a member of an older set is back")
	}
}
