package static

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// plainCut cuts a text as doc.go says, by trying every length at every place.
func plainCut(entries []string, text string) []int32 {
	numbers, most := map[string]int32{}, 0
	for i, e := range entries {
		numbers[e], most = int32(i), max(most, len(e))
	}
	runes := []rune(Fold(text))
	longest := func(prefix string, from, limit int, allowed func(end int) bool) (int32, int) {
		for end := min(limit, from+most); end > from; end-- {
			if e, ok := numbers[prefix+string(runes[from:end])]; ok && allowed(end) {
				return e, end
			}
		}
		return -1, from
	}
	same := func(end int) bool {
		if end == len(runes) {
			return true
		}
		a, b := runes[end-1], runes[end]
		return !(isLatin(a) && isLatin(b)) && !(isDigit(a) && isDigit(b))
	}
	run := func(from int, of func(rune) bool) int {
		for from < len(runes) && of(runes[from]) {
			from++
		}
		return from
	}
	always := func(int) bool { return true }
	var out []int32
	for at := 0; at < len(runes); {
		entry, end := longest("", at, len(runes), same)
		limit, prefix := at+1, ""
		switch {
		case entry >= 0:
			out, at = append(out, entry), end
			continue
		case isLatin(runes[at]):
			limit = run(at, isLatin)
		case isDigit(runes[at]):
			limit = run(at, isDigit)
		}
		for at < limit {
			entry, end = -1, at+1
			if isLatin(runes[at]) {
				if entry, end = longest(prefix, at, limit, always); entry < 0 {
					end = at + 1
				}
				prefix = Continuation
			} else if isDigit(runes[at]) {
				entry, _ = longest("", at, at+1, always)
			}
			if entry >= 0 {
				out = append(out, entry)
			}
			at = end
		}
	}
	return out
}

// letters are few of each kind, so that entries and texts share beginnings: letters of
// words, digits, others, beyond the basic plane, and some that fold to one another.
const letters = "abé0123电池材料，#ＡＢ１B²𠮷🙂\uFFFD"

func TestTextsAreCutAsByTryingEveryLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune(letters)), 1, 5, -1)
		entries := rapid.SliceOfNDistinct(word, 1, 60, func(s string) string { return s }).Draw(t, "entries")
		for _, e := range rapid.SliceOfNDistinct(rapid.StringMatching("[abé]{1,3}"), 0, 8, rapid.ID).Draw(t, "pieces") {
			if !slices.Contains(entries, Continuation+e) {
				entries = append(entries, Continuation+e)
			}
		}
		v, err := NewVocabulary(entries)
		if err != nil {
			t.Fatal(err)
		}
		text := rapid.OneOf(
			rapid.StringOfN(rapid.SampledFrom([]rune(letters)), 0, 40, -1),
			rapid.String(),
		).Draw(t, "text")
		if diff := cmp.Diff(plainCut(entries, text), v.Cut(nil, text)); diff != "" {
			t.Errorf("%q by %q: %s", text, entries, diff)
		}
	})
}

// Many words of one beginning fill tables in which places are shared.
func TestEntriesWithManyContinuationsAreAllFound(t *testing.T) {
	var entries []string
	for i := range 3000 {
		entries = append(entries, "电"+string(rune(0x4E00+i*5)))
		if i%3 == 0 {
			entries = append(entries, "电池"+string(rune(0x4E00+i*7))+string(rune(0x4E00+i)))
		}
	}
	v, err := NewVocabulary(entries)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if got := v.Cut(nil, e); !slices.Equal(got, []int32{int32(i)}) {
			t.Fatalf("%s is cut into %v, want %d", e, got, i)
		}
	}
	text := strings.Join(entries, "，")
	if diff := cmp.Diff(plainCut(entries, text[:9000]), v.Cut(nil, text[:9000])); diff != "" {
		t.Error(diff)
	}
}

func TestVocabulariesThatNoModelCanHaveAreRefused(t *testing.T) {
	var many []string
	for r := rune(0x100); r < 0x11000; r++ {
		if r < 0xD800 || r > 0xDFFF {
			many = append(many, string(r))
		}
	}
	over := make([]string, maxEntries+1)
	for i := range over {
		over[i] = fmt.Sprint(i)
	}
	long := make([]string, 9000)
	for i := range long {
		long[i] = fmt.Sprint(i, strings.Repeat("x", 250))
	}
	for name, entries := range map[string][]string{
		"more characters than codes": many, "too many entries": over, "too many edges": long,
		"an empty entry": {""}, "an entry twice": {"a", "b", "a"},
	} {
		if _, err := NewVocabulary(entries); match.KindOf(err) != match.Invalid {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
