package text

import (
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestClausesAreCutAtCommasToo(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"commas and full stops", "锂收率96%，铝含量28ppm。废水少", []string{"锂收率96%，", "铝含量28ppm。", "废水少"}},
		{"a colon", "要求如下：漏检率≤1%", []string{"要求如下：", "漏检率≤1%"}},
		{"a comma between digits", "耗电1,200 kWh, at most", []string{"耗电1,200 kWh,", "at most"}},
		{"a short beginning stays", "首先，将粉料制浆", []string{"首先，将粉料制浆"}},
		{"nothing but signs", "，。：", nil},
		{"nothing", "", nil},
	} {
		var got []string
		for _, at := range Clauses(c.in) {
			got = append(got, Slice(c.in, at))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func FuzzClausesCoverAllWords(f *testing.F) {
	f.Add("锂收率96%，铝含量28ppm。废水少: 1,2")
	f.Fuzz(func(t *testing.T, s string) {
		runes := []rune(s)
		covered, last := make([]bool, len(runes)), 0
		EachClause(s, func(clause string, at Range) bool {
			if at.Start < last || at.End <= at.Start || at.End > len(runes) || clause != Slice(s, at) {
				t.Fatalf("%q at %v after %d of %d", clause, at, last, len(runes))
			}
			last = at.End
			for i := at.Start; i < at.End; i++ {
				covered[i] = true
			}
			return true
		})
		for i, r := range runes {
			if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !covered[i] && classOf(Fold(r)) != other {
				t.Errorf("%q at %d of %q is in no clause", r, i, s)
			}
		}
	})
}
