package ident

import (
	"fmt"
	"slices"
	"sync"
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

// fieldsOf writes ids one behind the other.
func fieldsOf(ids []string) (text []byte, fields []Field) {
	for _, id := range ids {
		fields = append(fields, Field{Hash([]byte(id)), int32(len(text)), int32(len(id))})
		text = append(text, id...)
	}
	return text, fields
}

func TestManyIDsAreFoundAndAddedAsOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOf(rapid.StringMatching(`[a-c]{0,2}|an id of [a-c]{9,12}`)).Draw(t, "ids")
		var many, single Table
		for _, id := range ids[:len(ids)/3] {
			many.Add(id)
			single.Add(id)
		}
		text, fields := fieldsOf(ids)
		found := make([]int32, len(ids))
		many.FindAll(text, fields, found)
		for i, id := range ids {
			want, ok := single.FindString(id)
			if !ok {
				want = -1
			}
			if found[i] != want {
				t.Fatalf("%q is %d, want %d", id, found[i], want)
			}
		}
		many.AddAll(text, fields, found)
		for i, id := range ids {
			if want, _ := single.Add(id); found[i] != want || many.Name(want) != id {
				t.Fatalf("%q is %d, want %d; its name is %q", id, found[i], want, many.Name(want))
			}
		}
		if many.Len() != single.Len() {
			t.Fatalf("%d ids, want %d", many.Len(), single.Len())
		}
		keep := rapid.IntRange(0, many.Len()).Draw(t, "keep")
		many.Truncate(keep)
		for i := range int32(single.Len()) {
			if index, ok := many.FindString(single.Name(i)); ok != (int(i) < keep) || ok && index != i {
				t.Fatalf("of %d ids, %d is %d, %v", keep, i, index, ok)
			}
		}
	})
}

func TestIDsAreFoundWhileOthersAreAdded(t *testing.T) {
	ids := make([]string, 20000)
	for i := range ids {
		ids[i] = fmt.Sprintf("document %d", i)
		if i%2 == 1 {
			ids[i] += " of a long name"
		}
	}
	text, fields := fieldsOf(ids)
	var table Table
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			found := make([]int32, len(ids))
			for found[len(ids)-1] <= 0 {
				table.FindAll(text, fields, found)
				for i, index := range found {
					if index >= 0 && int(index) != i {
						t.Errorf("%q is %d, want %d", ids[i], index, i)
						return
					}
				}
			}
		})
	}
	for from := 0; from < len(fields); from += 100 {
		added := slices.Repeat([]int32{-1}, 100)
		table.AddAll(text, fields[from:from+100], added)
	}
	wait.Wait()
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
