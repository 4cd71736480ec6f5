package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTermsAreBigramsOfIdeographsAndWholeWords(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"锂离子电池", "锂离 离子 子电 电池"},
		{"铜", "铜"},
		{"ＰＣＤ刀片 80/90目数", "pcd 刀片 80 90 目数"},
		{"5G通讯, LiFePO4!", "5g 通讯 lifepo4"},
		{"", ""},
		{" \n，。", ""},
		{"α-氧化铝", "α 氧化 化铝"},
		{"The use of a Cu-Ni alloy, in which we anneal", "use cu ni alloy anneal"},
	} {
		var got []string
		for _, term := range Terms(c.in) {
			got = append(got, term.Text)
			if s := string(Folded(Slice(c.in, Range{term.Start, term.End}))); s != term.Text {
				t.Errorf("%q: term %q is at a place that reads %q", c.in, term.Text, s)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("Terms(%q) = %q, want %q", c.in, s, c.want)
		}
	}
}

func TestSentencesAreCutWhereAReaderWouldCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"本发明公开了一种电池。成本低；寿命长！", []string{"本发明公开了一种电池。", "成本低；", "寿命长！"}},
		{"要求：\n  降低噪声\n\n指标：≤45dB，2.5米", []string{"要求：", "降低噪声", "指标：≤45dB，2.5米"}},
		{"The ratio is 1.5 to 2. It works. Fine", []string{"The ratio is 1.5 to 2.", "It works.", "Fine"}},
		{"。。。\n", nil},
		{"", nil},
	} {
		var got []string
		for _, r := range Sentences(c.in) {
			got = append(got, Slice(c.in, r))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("Sentences(%q):\n%s", c.in, d)
		}
	}
}

func TestALongRunIsCutAndNothingIsLost(t *testing.T) {
	in := strings.Repeat("电", 1000)
	total := 0
	for _, r := range Sentences(in) {
		if r.End-r.Start > 2*MaxSentence {
			t.Errorf("a sentence of %d code points", r.End-r.Start)
		}
		total += r.End - r.Start
	}
	if total != 1000 {
		t.Errorf("%d of 1000 code points are in a sentence", total)
	}
}

func TestCoverageIsTheShareOfTheNeedThatIsOffered(t *testing.T) {
	for _, c := range []struct {
		need, offer string
		want        float64
	}{
		{"锂离子", "一种锂离子电池", 1},
		{"锂离子", "离子风机", 0.5},
		{"锂离子", "", 0},
		{"", "锂离子", 0},
	} {
		if got := Coverage(c.need, c.offer); got != c.want {
			t.Errorf("Coverage(%q, %q) = %v, want %v", c.need, c.offer, got, c.want)
		}
	}
}

func FuzzTextIsTakenApartInPlace(f *testing.F) {
	for _, s := range []string{"锂离子电池，寿命长。", "a\xffb", "\u2028𝔘𝔫𝔦", "１２３ＡＢＣ", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := utf8.RuneCountInString(s)
		last := 0
		EachSentence(s, func(sentence string, r Range) bool {
			if r.Start < last || r.End <= r.Start || r.End > n || sentence != Slice(s, r) {
				t.Fatalf("sentence %q at %v after %d in %d code points", sentence, r, last, n)
			}
			last = r.End
			return true
		})
		last = 0
		for _, term := range Terms(s) {
			if term.Start < last || term.End <= term.Start || term.End > n {
				t.Fatalf("term %v", term)
			}
			last = term.Start
		}
	})
}
