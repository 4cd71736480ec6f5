package ident

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestATableAnswersAsAMapDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table Table
		known := map[string]int32{}
		for _, id := range rapid.SliceOf(rapid.StringN(0, 3, 6)).Draw(t, "ids") {
			want, there := known[id]
			if !there {
				want = int32(len(known))
				known[id] = want
			}
			if got, added := table.Add(id); got != want || added == there {
				t.Fatalf("Add(%q) is %d, %v", id, got, added)
			}
		}
		for id, want := range known {
			if got, ok := table.FindString(id); !ok || got != want {
				t.Fatalf("Find(%q) is %d, %v", id, got, ok)
			}
		}
		if _, ok := table.FindString("not there, too long"); ok || table.Len() != len(known) {
			t.Fatal("found what was not added")
		}
	})
}

func BenchmarkFind(b *testing.B) {
	var table Table
	ids := make([][]byte, 1<<17)
	for i := range ids {
		ids[i] = fmt.Appendf(nil, "CN%09dA", i*7919)
		table.Add(string(ids[i]))
	}
	for i := 0; b.Loop(); i++ {
		if _, ok := table.Find(ids[i*65537&(1<<17-1)]); !ok {
			b.Fatal("lost")
		}
	}
}
