package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation/report"
	"golang.org/x/text/width"
	"pgregory.net/rapid"
)

// columns counts as a terminal does, for texts without combining marks.
func columns(line string) int {
	n := 0
	for _, r := range line {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
		n++
	}
	return n
}

func TestTheSummaryFitsTheTerminal(t *testing.T) {
	r, o := small(t)
	for _, l := range []report.Language{report.Chinese, report.English} {
		for _, w := range []int{60, 80, 120} {
			o.Language, o.Width = l, w
			got := text(t, r, o)
			for line := range strings.Lines(got) {
				if n := columns(strings.TrimSuffix(line, "\n")); n > w {
					t.Errorf("%d columns of %d: %s", n, w, line)
				}
			}
			golden(t, fmt.Sprintf("small.%s.%d.txt", l, w), got)
		}
	}
}

func TestANarrowTerminalLosesNoSentenceAndNoFigureOfTheModels(t *testing.T) {
	r, o := small(t)
	o.Language = report.Chinese
	words := func(s string) string { return strings.Join(strings.Fields(s), "") }
	wide := text(t, r, o)
	o.Width = 60
	narrow := words(text(t, r, o))
	for line := range strings.Lines(wide) {
		if strings.Contains(line, "，") && !strings.Contains(narrow, words(line)) {
			t.Errorf("is lost: %s", line)
		}
	}
	for i, m := range r.Models {
		for _, name := range []string{"ndcg@10", "mrr", "map"} {
			if e := r.Estimate(i, name); !strings.Contains(narrow, fmt.Sprintf("%.4f[%.4f,%.4f]", e.Value.Float(), e.Interval.Low, e.Interval.High)) {
				t.Errorf("%s of %s is lost", name, m.Name)
			}
		}
	}
}

func TestAnyTitleFitsAnyWidth(t *testing.T) {
	r, o := small(t)
	rapid.Check(t, func(t *rapid.T) {
		o.Width = rapid.IntRange(50, 140).Draw(t, "width")
		o.Language = rapid.SampledFrom([]report.Language{report.Chinese, report.English}).Draw(t, "language")
		o.Title = rapid.StringMatching(`[a-z 炉渣，。（）“”-]{0,200}`).Draw(t, "title")
		var b strings.Builder
		if err := report.Text(&b, r, o); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := columns(strings.TrimSuffix(line, "\n")); n > o.Width {
				t.Fatalf("%d columns of %d: %s", n, o.Width, line)
			}
		}
	})
}
