package workload

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

func sampled(t testing.TB) *Source {
	t.Helper()
	s, err := Sample()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestARecordDependsOnSeedSizeAndNumberAlone(t *testing.T) {
	a, b := New(sampled(t), 1, 100_000), New(sampled(t), 1, 100_000)
	for i := 99; i >= 0; i-- {
		b.Patent(i)
		if d := cmp.Diff(a.Patent(i), b.Patent(i)); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(a.Demand(i), b.Demand(i)); d != "" {
			t.Fatal(d)
		}
	}
	if other := New(sampled(t), 2, 100_000); other.Patent(5).Abstract == a.Patent(5).Abstract {
		t.Error("another seed makes the same text")
	}
}

func TestRecordsAreValidAndOfTheirLength(t *testing.T) {
	g := New(sampled(t), 1, 10_000)
	seen, characters := map[string]bool{}, [2]int{}
	const n = 600
	for i := range n {
		p, d := g.Patent(i), g.Demand(i)
		for _, err := range []error{p.Validate(), d.Validate()} {
			if err != nil {
				t.Fatal(err)
			}
		}
		seen[p.Abstract], seen[d.Text] = true, true
		characters[0] += utf8.RuneCountInString(p.Abstract)
		characters[1] += utf8.RuneCountInString(d.Text)
	}
	if len(seen) != 2*n {
		t.Errorf("%d of %d texts are distinct", len(seen), 2*n)
	}
	for i, want := range []int{patentSize, demandSize} {
		if got := characters[i] / n; math.Abs(float64(got-want)) > 0.1*float64(want) {
			t.Errorf("texts have %d characters, want about %d", got, want)
		}
	}
}

// A larger catalog speaks of more things.
func TestALargerCatalogHasMoreTopicsAndTerms(t *testing.T) {
	s := sampled(t)
	count := func(size int) int {
		g, terms := New(s, 1, size), map[string]bool{}
		for i := range 1000 {
			for _, term := range text.Terms(g.Patent(i).Abstract) {
				terms[term.Text] = true
			}
		}
		return len(terms)
	}
	if small, large := count(10_000), count(1_000_000); large < small*11/10 {
		t.Errorf("1,000 texts have %d terms in a small catalog and %d in a large one", small, large)
	}
}

// Patents on a demand's own topic must be told from others by their texts and their labels.
func TestLabelledPairsHaveAllLevelsAndThoseOfTheirTopicHigherOnes(t *testing.T) {
	g := New(sampled(t), 1, 10_000)
	const n = 3100
	var count [5]int
	var shared [5]float64
	for i := range n {
		level := g.PairLevel(i)
		count[level]++
		p, d := g.Pair(i), g.Demand(i/PairsOfDemand)
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		terms := map[string]bool{}
		for _, term := range text.Terms(d.Text) {
			terms[term.Text] = true
		}
		for _, term := range text.Terms(p.Abstract) {
			if terms[term.Text] {
				shared[level]++
			}
		}
	}
	for level, least := range []int{1: n / 3, 2: n / 5, 3: n / 20, 4: n / 200} {
		if count[level] < least {
			t.Errorf("%d of %d labels are of level %d", count[level], n, level)
		}
	}
	if low, high := shared[1]/float64(count[1]), (shared[3]+shared[4])/float64(count[3]+count[4]); high < 1.2*low {
		t.Errorf("pairs of level 1 share %.0f terms, those of level 3 and 4 %.0f", low, high)
	}
}

func TestDistinctTermsAreEstimatedWithinTwoPercent(t *testing.T) {
	g := New(sampled(t), 1, 100_000)
	for _, n := range []int{0, 10, 1000} {
		var d Distinct
		terms := map[string]bool{}
		for i := range n {
			abstract := g.Patent(i).Abstract
			d.Add(abstract)
			for _, term := range text.Terms(abstract) {
				terms[term.Text] = true
			}
		}
		if got := d.Count(); math.Abs(float64(got-len(terms))) > 0.02*float64(len(terms)) {
			t.Errorf("%d texts: %d, want about %d", n, got, len(terms))
		}
	}
}

func TestASourceIsReadFromLinesOfTextAndOfJSON(t *testing.T) {
	s, err := Read(strings.NewReader("\uFEFF{\"title\":\"一种锂电池\",\"abstract\":\"电解液耐低温，循环寿命长。\"}\n\n耐磨陶瓷涂层；硬度高\n{\"text\":\"求购净水装置\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.patents) != 3 || len(s.demands) != 3 || len(s.clauses) != 12 {
		t.Errorf("%d patents, %d demands, %d clauses", len(s.patents), len(s.demands), len(s.clauses))
	}
	p := New(s, 1, 10).Patent(0)
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	for _, bad := range []struct{ text, named string }{{"x\n{\"title\":", "line 2"}, {"", "texts"}, {"\xff", "line 1"}} {
		if _, err := Read(strings.NewReader(bad.text)); match.KindOf(err) != match.Invalid || !strings.Contains(fmt.Sprint(err), bad.named) {
			t.Errorf("%q: %v, want an invalid %s", bad.text, err, bad.named)
		}
	}
}

func BenchmarkPatent(b *testing.B) {
	g, i := New(sampled(b), 1, 1_000_000), 0
	for b.Loop() {
		g.Patent(i)
		i++
	}
}
