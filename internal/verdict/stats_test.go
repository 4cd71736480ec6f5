package verdict

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
)

// folds is the number of parts of the first half that are judged by what the others teach.
const folds = 13

// measured is how well verdicts agree with an annotation.
type measured struct{ words, figures confusion }

func (m *measured) add(e match.ElementKind, want, got match.Verdict) {
	if e == match.QuantityElement {
		m.figures.add(want, got)
	} else {
		m.words.add(want, got)
	}
}

func (m *measured) all() *confusion {
	both := m.words
	both.join(&m.figures)
	return &both
}

func (m *measured) String() string {
	return fmt.Sprintf("all\n%sfigures\n%swords\n%s", m.all(), &m.figures, &m.words)
}

// crossed judges each demand of the first half by what the others teach, and a share of
// the demands that were written to teach.
func crossed(t *testing.T, l *library, share float64) *measured {
	first, _ := halves(t)
	pairs := teaching(t, share) // begins with the first half
	all := lessons(t, l, pairs)
	var demands []string
	for _, a := range first {
		if !slices.Contains(demands, a.Demand) {
			demands = append(demands, a.Demand)
		}
	}
	var out measured
	for fold := range folds {
		held := func(d string) bool { return slices.Contains(demands, d) && slices.Index(demands, d)%folds == fold }
		var in, apart []*lesson
		for _, e := range all {
			switch {
			case !held(e.demand):
				in = append(in, e)
			case e.pair < len(first):
				apart = append(apart, e)
			}
		}
		for _, c := range trials(l, learn(t, l, pairs, in, held), pairs, apart) {
			out.add(c.trial.wanted.Kind, c.want, find(c.trial, l.patents[c.patent]).Verdict)
		}
	}
	return &out
}

func judge(t testing.TB, j *Judge, d, p *Record, elements []Element) Verdicts {
	t.Helper()
	w, err := j.Wants(t.Context(), d, elements)
	if err != nil {
		t.Fatal(err)
	}
	return j.Judge(w, p)
}

// given judges the annotated elements of pairs.
func given(t *testing.T, j *Judge, l *library, pairs []annotated) *measured {
	t.Helper()
	var out measured
	for _, a := range pairs {
		for i, f := range judge(t, j, l.demands[a.Demand], l.patents[a.Patent], a.elements()).Findings {
			out.add(f.Kind, a.Elements[i].Verdict, f.Verdict)
		}
	}
	return &out
}

// own judges the elements that ElementsOf finds, and compares each annotated element with
// the one that shares most of its text.
func own(t *testing.T, j *Judge, l *library, pairs []annotated) string {
	t.Helper()
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	elements := map[string][]Element{}
	for i := range s.Demands {
		elements[s.Demands[i].ID] = ElementsOf(s.Demands[i].Texts())
	}
	var out measured
	wanted, matched, ours, right := 0, 0, 0, 0
	places, agree := 0, 0
	for _, a := range pairs {
		mine := elements[a.Demand]
		found := judge(t, j, l.demands[a.Demand], l.patents[a.Patent], mine).Findings
		used := make([]bool, len(mine))
		for i, e := range a.elements() {
			wanted++
			best := -1
			for k, o := range mine {
				if o.overlaps(e) {
					used[k] = true
					if best < 0 || sharing(o, e) > sharing(mine[best], e) {
						best = k
					}
				}
			}
			if best < 0 {
				continue
			}
			matched++
			out.add(e.Kind, a.Elements[i].Verdict, found[best].Verdict)
			if len(a.Elements[i].Patent) > 0 && found[best].In != "" {
				places++
				if slices.ContainsFunc(a.Elements[i].Patent, func(s place) bool {
					return s.Field == found[best].In && s.Start < found[best].At.End && found[best].At.Start < s.End
				}) {
					agree++
				}
			}
		}
		for _, u := range used {
			ours++
			right += int(is(u))
		}
	}
	return fmt.Sprintf("%d of %d annotated elements are found (%.3f); %d of ours meet one (%.3f of %d)\n%d of %d places meet one of the annotation (%.3f)\n%v",
		matched, wanted, float64(matched)/float64(wanted), right, float64(right)/float64(ours), ours, agree, places, float64(agree)/float64(places), out.all())
}

func sharing(a, b Element) int { return min(a.End, b.End) - max(a.Start, b.Start) }

// least is what the second half must reach at the least.
const least = 0.45

var curve = flag.Float64("curve", 1, "the share of the written demands that teach; below 1 the first half is judged, and no more")

func TestTheFirstHalfByAShareOfWhatWasWritten(t *testing.T) {
	if *curve == 1 {
		t.Skip("-curve gives a point of the learning curve")
	}
	t.Log("\n", crossed(t, open(t), *curve))
}

// TestVerdictsAgreeWithThoseByHand compares the figures with the reviewed ones.
func TestVerdictsAgreeWithThoseByHand(t *testing.T) {
	if raceEnabled {
		t.Skip("the same without the race detector is enough")
	}
	if kept, err := os.ReadFile("weights.json"); err != nil || !bytes.Equal(kept, weightsFile) {
		t.Fatalf("weights.json was rewritten after this test was built (%v): run it again", err)
	}
	l := open(t)
	j, err := New(l.judge.Embedder)
	if err != nil {
		t.Fatal(err)
	}
	first, second := halves(t)
	other := given(t, j, l, second)
	if got := other.all().macro(); got < least {
		t.Errorf("macro-F1 %.3f on the second half, want %.2f", got, least)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Verdicts on elements against those by hand; halves by demand, weights from the first half and what was written to teach.\n\n")
	fmt.Fprintf(&b, "== first half, %d pairs: each demand by what the others teach; elements given\n%v\n", len(first), crossed(t, l, 1))
	fmt.Fprintf(&b, "== second half, %d pairs; elements given\n%v\n", len(second), other)
	fmt.Fprintf(&b, "== first half, elements found by us\n%s\n", own(t, j, l, first))
	fmt.Fprintf(&b, "== second half, elements found by us\n%s", own(t, j, l, second))
	golden.Check(t, "testdata/verdict_stats.txt", b.String(), *update)
}
