package text

import (
	"testing"
	"unicode"
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
