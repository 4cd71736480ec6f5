package bigram

import (
	"testing"

	"pgregory.net/rapid"
)

func TestATableIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few keys next to each other, and some far away, so that runs meet.
		keys := rapid.OneOf(rapid.Uint64Range(1, 200), rapid.Uint64Range(1<<63-3, 1<<63+3), rapid.Uint64Min(1))
		have, want := newTable(rapid.IntRange(0, 20).Draw(t, "room")), map[uint64]uint32{}
		for _, key := range rapid.SliceOfN(keys, 0, 300).Draw(t, "keys") {
			value, ok := have.get(key)
			if before, stored := want[key]; value != before || ok != stored {
				t.Fatalf("get(%d) = %d, %v, want %d, %v", key, value, ok, before, stored)
			}
			if !ok {
				want[key] = uint32(len(want))
				have.put(key, want[key])
			}
		}
		for key, value := range want {
			if got, ok := have.get(key); !ok || got != value {
				t.Fatalf("get(%d) = %d, %v, want %d", key, got, ok, value)
			}
		}
		if have.used != len(want) {
			t.Fatalf("%d keys, want %d", have.used, len(want))
		}
	})
}

func TestTheDictionaryKeepsTermsApart(t *testing.T) {
	d := newDictionary(0)
	terms := []string{"a", "aa", "aaa", "aaaa", "电", "电池", "池电", "\U0010FFFF\U0010FFFF\U0010FFFF", "aaaab", "\u0001\u0001"}
	for range 2 {
		for want, term := range terms {
			if got := d.intern([]rune(term)); int(got) != want {
				t.Errorf("intern(%q) = %d, want %d", term, got, want)
			}
		}
	}
	if _, ok := d.find([]rune("aaaaa")); ok || d.size() != len(terms) {
		t.Errorf("%d terms, want %d", d.size(), len(terms))
	}
}
