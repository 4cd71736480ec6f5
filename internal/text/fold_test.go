package text

import (
	"slices"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestTheCommonIdeographsAreWhatTheTablesOfUnicodeSay(t *testing.T) {
	for r := rune(0x4DF0); r <= 0xA010; r++ {
		if !isCommon(r) {
			continue
		}
		if !unicode.Is(unicode.Han, r) || unicode.ToLower(r) != r || unicode.IsSpace(r) {
			t.Errorf("%U is treated as a plain ideograph", r)
		}
	}
}

func TestATextIsFoldedOneCodePointAfterAnother(t *testing.T) {
	check := func(t rapid.TB, s string) {
		t.Helper()
		var want []rune
		for _, r := range s {
			want = append(want, Fold(r))
		}
		if got := Folded(s); !slices.Equal(got, want) {
			t.Fatalf("%q is folded to %q, want %q", s, string(got), string(want))
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r < 0x20000 || r%97 == 0 {
			check(t, string(r)+"x")
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, string(rapid.SliceOfN(rapid.SampledFrom([]byte("aZ\xe4\xb8\x80\xe9\xbf\xbf\xe3\xef\xbc\xa1\xf0")), 0, 12).Draw(t, "bytes")))
	})
}

func TestEachGivesTheTermsAndTheirPlaces(t *testing.T) {
	in := "ＣＢＮ单晶 100/120粒度，铜\xff𠀀𠀁"
	terms := Terms(in)
	n := 0
	Each(in, func(term []rune, start int) {
		if want := terms[n]; want != (Term{string(term), start, start + len(term)}) {
			t.Errorf("term %d is %q at %d, want %v", n, string(term), start, want)
		}
		n++
	})
	if n != len(terms) || n != 7 {
		t.Errorf("%d terms, want 7", n)
	}
}
