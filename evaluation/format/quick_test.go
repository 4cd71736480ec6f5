package format

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/duijie/duijie/evaluation/ident"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// longOnly is parse without quick.
func (p *parser) longOnly(b *block) {
	p.begin(b)
	for at := 0; at < len(b.data) && b.fault == ""; {
		at += p.long(at)
	}
}

// outcome is what a block comes to, for comparison.
type outcome struct {
	Fields             []ident.Field
	Values             string
	Stretches, Tallies string
	Lines, Content, At int
	Fault              string
}

func outcomeOf(b *block) outcome {
	return outcome{b.fields, fmt.Sprint(b.values), fmt.Sprint(b.stretches), fmt.Sprint(b.tallies), b.lines, b.content, b.faultAt, b.fault}
}

func sameBothWays(t interface{ Fatal(...any) }, data []byte) {
	for _, l := range []layout{runLayout, trecQrelsLayout, beirQrelsLayout} {
		p, quick, long := &parser{layout: l, scale: metric.Levels4}, &block{data: data}, &block{data: data}
		p.parse(quick)
		p.longOnly(long)
		if diff := cmp.Diff(outcomeOf(long), outcomeOf(quick)); diff != "" {
			t.Fatal(fmt.Sprintf("%s: %q\n%s", l.what, data, diff))
		}
	}
}

// FuzzQuick holds the quick way of parsing a line to the result of the long way.
func FuzzQuick(f *testing.F) {
	for _, s := range []string{
		"q1 Q0 d1 1 3 t\nq1 Q0 d2 2 -1.5 t\nq2 Q0 d1 1 1e-5 t\n", "q1\tQ0\td1\t1\t0.12345678901234567\tt\nq1 Q0 d9 1 3 t\n",
		"q1 0 d1 2\nq1 0 d2 3\r\n\nq1 0 d3 4\n", "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td 2\t3\nq1 d3 2\n", "q1 Q0 d1 1 . t\n", "q1 Q0 d1 1 -0 t x\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { sameBothWays(t, data) })
}

func TestPlainAndOtherLinesAreReadTheSameQuicklyAndAtLength(t *testing.T) {
	words := []string{"q1", "q2", "q9", "Q0", "0", "d1", "d2", "a document with a long name", "需求", "1", "2", "10", "007", "+3", "3.25", "-0.5", "1e3", "12345678901234567890", "NaN", "", "\r", "\v"}
	separators := []string{" ", "\t", "  ", "\n", "\r\n", " \n"}
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		for range rapid.IntRange(0, 40).Draw(t, "fields") {
			data = append(data, rapid.SampledFrom(words).Draw(t, "word")...)
			data = append(data, rapid.SampledFrom(separators).Draw(t, "separator")...)
		}
		for range rapid.IntRange(0, 20).Draw(t, "lines") {
			document, rank := rapid.SampledFrom(words[5:9]).Draw(t, "document"), rapid.IntRange(0, 1e6).Draw(t, "rank")
			data = fmt.Appendf(data, "q1 Q0 %s %d %v t\n", document, rank, rapid.Float64().Draw(t, "score"))
		}
		sameBothWays(t, data)
	})
}

func TestDecimalsAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{0,12}\.?[0-9]{0,12}`).Draw(t, "text")
		got, end := decimal([]byte(text+" "), 0)
		if end == 0 {
			return // is left to the standard library
		}
		want, err := strconv.ParseFloat(text[:end], 64)
		if err != nil || end != len(text) || cmp.Diff(want, got) != "" || 1/want != 1/got {
			t.Fatalf("%q is %v, %d characters; want %v", text, got, end, want)
		}
	})
}

func TestMostScoresTakeTheQuickWay(t *testing.T) {
	for text, want := range map[string]float64{"12.345678": 12.345678, "-0.000001": -0.000001, "7": 7, "0.1": 0.1, "999999999999999": 999999999999999} {
		if got, end := decimal([]byte(text+" "), 0); end != len(text) || got != want {
			t.Errorf("%s is %v, %d characters", text, got, end)
		}
	}
}
