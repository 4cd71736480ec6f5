package verdict

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
)

// folds is the number of parts in which the annotated demands are judged by what the others
// teach.
const folds = 13

// measured is how well verdicts agree with an annotation.
type measured struct{ words, figures golden.Confusion }

func (m *measured) add(e match.ElementKind, want, got match.Verdict) {
	if e == match.QuantityElement {
		m.figures.Add(want, got)
	} else {
		m.words.Add(want, got)
	}
}

func (m *measured) all() *golden.Confusion {
	both := m.words
	both.Join(&m.figures)
	return &both
}

func (m *measured) String() string {
	return fmt.Sprintf("all\n%sfigures\n%swords\n%s", m.all(), &m.figures, &m.words)
}

// parted are judges for parts of the annotation: each was taught by all others.
func parted(t *testing.T, l *library) (parts [][]annotated, judges []*Judge) {
	t.Helper()
	pairs := l.teaching(t)
	all := lessons(t, l, pairs)
	var demands []string
	for _, a := range annotation(t) {
		if !slices.Contains(demands, a.Demand) {
			demands = append(demands, a.Demand)
		}
	}
	for fold := range folds {
		held := func(d string) bool { return slices.Contains(demands, d) && slices.Index(demands, d)%folds == fold }
		var in []*lesson
		for _, e := range all {
			if !held(e.demand) {
				in = append(in, e)
			}
		}
		j := *l.judge
		j.models = learn(t, l, pairs, in, held)
		judges = append(judges, &j)
		parts = append(parts, slices.DeleteFunc(annotation(t), func(a annotated) bool { return !held(a.Demand) }))
	}
	return parts, judges
}

// byOthers judges the pairs of each author by what everybody else teaches.
func byOthers(t *testing.T, l *library) *measured {
	out := &measured{}
	pairs := l.teaching(t)
	all := lessons(t, l, pairs)
	for _, own := range l.authors {
		held := func(d string) bool { return slices.ContainsFunc(own, func(a annotated) bool { return a.Demand == d }) }
		var in, apart []*lesson
		for _, e := range all {
			if held(e.demand) {
				apart = append(apart, e)
			} else {
				in = append(in, e)
			}
		}
		for _, c := range trials(l, learn(t, l, pairs, in, held), pairs, apart) {
			out.add(c.trial.wanted.Kind, c.want, find(c.trial, l.patents[c.patent]).Verdict)
		}
	}
	return out
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
func (m *measured) given(t *testing.T, j *Judge, l *library, pairs []annotated) {
	t.Helper()
	for _, a := range pairs {
		for i, f := range judge(t, j, l.demands[a.Demand], l.patents[a.Patent], a.elements()).Findings {
			m.add(f.Kind, a.Elements[i].Verdict, f.Verdict)
		}
	}
}

// found is how well elements that ElementsOf finds, and verdicts on them, agree with an annotation.
type found struct {
	measured
	wanted, matched, ours, right, places, agree int
}

// own judges the elements that ElementsOf finds, and compares each annotated element with
// the one that shares most of its text.
func (f *found) own(t *testing.T, j *Judge, l *library, pairs []annotated) {
	t.Helper()
	for _, a := range pairs {
		mine := l.demands[a.Demand].elements()
		findings := judge(t, j, l.demands[a.Demand], l.patents[a.Patent], mine).Findings
		used := make([]bool, len(mine))
		for i, e := range a.elements() {
			f.wanted++
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
			f.matched++
			f.add(e.Kind, a.Elements[i].Verdict, findings[best].Verdict)
			if len(a.Elements[i].Patent) > 0 && findings[best].In != "" {
				f.places++
				if slices.ContainsFunc(a.Elements[i].Patent, func(s place) bool {
					return s.Field == findings[best].In && s.Start < findings[best].At.End && findings[best].At.Start < s.End
				}) {
					f.agree++
				}
			}
		}
		for _, u := range used {
			f.ours++
			f.right += int(is(u))
		}
	}
}

func (f *found) String() string {
	return fmt.Sprintf("%d of %d annotated elements are found (%.3f); %d of ours meet one (%.3f of %d)\n%d of %d places meet one of the annotation (%.3f)\n%v",
		f.matched, f.wanted, float64(f.matched)/float64(f.wanted), f.right, float64(f.right)/float64(f.ours), f.ours, f.agree, f.places, float64(f.agree)/float64(f.places), f.all())
}

func sharing(a, b Element) int { return min(a.End, b.End) - max(a.Start, b.Start) }

// elements are those that ElementsOf finds.
func (r *Record) elements() []Element {
	return ElementsOf(match.Texts{Title: string(r.fields[0].runes), Body: string(r.fields[1].runes)})
}

// least is what the held out pairs must reach at the least, and leastReal the share of right verdicts
// on the real ones.
const (
	least     = 0.45
	leastReal = 0.9
)

// TestVerdictsOnTheHeldOutPairs needs no data but what is here.
func TestVerdictsOnTheHeldOutPairs(t *testing.T) {
	l := open(t)
	j, err := New(l.judge.Embedder)
	if err != nil {
		t.Fatal(err)
	}
	var held measured
	held.given(t, j, l, l.authored(t, "testdata/held/pairs.jsonl"))
	if got := held.all().Macro(); got < least {
		t.Errorf("macro-F1 %.3f on the held out pairs, want %.2f", got, least)
	}
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
	if len(l.real) == 0 {
		t.Skip("no real demands and patents, which teach too: set DUIJIE_DATA")
	}
	j, err := New(l.judge.Embedder)
	if err != nil {
		t.Fatal(err)
	}
	apart := l.authored(t, "testdata/held/pairs.jsonl")
	var crossed, held measured
	var crossedOwn, heldOwn found
	parts, judges := parted(t, l)
	for i := range parts {
		crossed.given(t, judges[i], l, parts[i])
		crossedOwn.own(t, judges[i], l, parts[i])
	}
	held.given(t, j, l, apart)
	heldOwn.own(t, j, l, apart)
	var b strings.Builder
	fmt.Fprintf(&b, "Verdicts on elements against those by hand.\n\n")
	fmt.Fprintf(&b, "== the annotation, %d pairs: each demand by what all others teach; elements given\n%v\n", len(annotation(t)), &crossed)
	fmt.Fprintf(&b, "== five authors: each by what all others teach; elements given\n%v\n", byOthers(t, l))
	fmt.Fprintf(&b, "== a sixth author, held out, %d pairs; elements given\n%v\n", len(apart), &held)
	var real measured
	real.given(t, j, l, l.realHeld)
	if got := real.all().Accuracy(); got < leastReal {
		t.Errorf("%.3f of the verdicts on real pairs are right, want %.2f", got, leastReal)
	}
	fmt.Fprintf(&b, "== real demands and patents, held out, %d pairs; elements as we find them\n%v\n", len(l.realHeld), &real)
	fmt.Fprintf(&b, "== the annotation, elements found by us\n%v\n", &crossedOwn)
	fmt.Fprintf(&b, "== the sixth author, elements found by us\n%v", &heldOwn)
	golden.Check(t, "testdata/verdict_stats.txt", b.String(), *update)
}
