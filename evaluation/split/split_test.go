package split

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// twinned has 20 queries; 4 and 5 are near twins, 7 and 12 share a title. Each
// judges six documents; the third title is the same everywhere, and so are the
// fifth and sixth of each query.
func twinned(t testing.TB) *evaluation.Dataset {
	t.Helper()
	d := evaluation.NewDataset(metric.Levels4)
	for q := range 20 {
		rare := string(rune(0x4e00 + 100*q))
		text := ""
		for i := range 30 {
			text += string(rune(0x4e00+100*q+i)) + rare
		}
		query := evaluation.Query{ID: fmt.Sprint("q", q), Title: "需求" + rare, Text: text, Time: time.Unix(int64(1000-q), 0)}
		switch q {
		case 5:
			query.Title, query.Text = "另一个", d.Query(4).Text+"！再加一句"
		case 12:
			query.Title = " " + d.Query(7).Title
		}
		_, _ = d.AddQuery(query)
		for i := range 6 {
			title := fmt.Sprintf("文档 %d %d", q, min(i, 4))
			if i == 2 {
				title = "相同"
			}
			doc, _ := d.AddDocument(evaluation.Document{ID: fmt.Sprintf("d%d-%d", q, i), Title: title})
			if err := d.Judge(int32(q), doc, 1+i%4); err != nil {
				t.Fatal(err)
			}
		}
	}
	return d
}

func TestNearTwinsAndIdenticalTitlesAreOneGroup(t *testing.T) {
	d := twinned(t)
	groups := Groups(d, 0.8, BigramCosine(d))
	if groups[4] != groups[5] || groups[7] != groups[12] {
		t.Errorf("groups are %v", groups)
	}
	distinct := map[int]bool{}
	for _, g := range groups {
		distinct[g] = true
	}
	if len(distinct) != 18 {
		t.Errorf("%d groups, want 18", len(distinct))
	}
	if titles := Groups(d, 0.8, nil); titles[4] == titles[5] || titles[7] != titles[12] {
		t.Errorf("by titles alone: %v", titles)
	}
}

func TestASplitByGroupsLeaksNoTwinAndTheReportFindsThoseOfOthers(t *testing.T) {
	d := twinned(t)
	alike := BigramCosine(d)
	grouped, err := ByGroup(d, Groups(d, 0.8, alike), 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	l := Report(d, grouped, 0.8, alike)
	if l.Queries != 0 || l.RepeatedQueryTitles != 0 || len(l.Twins) != 0 || l.RepeatedPairs != 0 {
		t.Errorf("a split by groups leaks: %+v", l)
	}
	if l.RepeatedDocumentTitles != 1 {
		t.Errorf("%d repeated document titles, want 1", l.RepeatedDocumentTitles)
	}
	byTime, err := ByTime(d, 20)
	if err != nil {
		t.Fatal(err)
	}
	l = Report(d, byTime, 0.8, alike)
	if len(l.Twins) != 1 || l.Twins[0].A != 4 || l.RepeatedQueryTitles != 2 {
		t.Errorf("the report misses twins: %+v", l)
	}
	random, err := Random(d, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	l = Report(d, random, 0.8, alike)
	if l.Queries != 20 || l.RepeatedPairs != 0 || len(l.Twins) == 0 {
		t.Errorf("the report of a random split: %+v", l)
	}
}

func TestByTimePutsTheOldestFirst(t *testing.T) {
	d := twinned(t)
	s, err := ByTime(d, 4)
	if err != nil {
		t.Fatal(err)
	}
	if s.Of[19][0] != 0 || s.Of[0][0] != 3 {
		t.Errorf("oldest in fold %d, newest in %d", s.Of[19][0], s.Of[0][0])
	}
	if _, err := ByTime(d, 1); err == nil {
		t.Error("one fold is accepted")
	}
}

func TestEveryJudgementIsTestedOnceAndTheSeedDecides(t *testing.T) {
	d := twinned(t)
	rapid.Check(t, func(t *rapid.T) {
		folds, seed := rapid.IntRange(2, 10).Draw(t, "folds"), rapid.Uint64().Draw(t, "seed")
		for _, make := range []func(*evaluation.Dataset, int, uint64) (Split, error){Random, ByQuery} {
			s, err := make(d, folds, seed)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := make(d, folds, seed)
			if diff := cmp.Diff(s, again); diff != "" {
				t.Fatal(diff)
			}
			for q := range int32(d.Queries()) {
				tested := 0
				for f := range folds {
					tested += len(s.Test(d, f).Judgements(q))
					if len(s.Test(d, f).Judgements(q))+len(s.Train(d, f).Judgements(q)) != len(d.Judgements(q)) {
						t.Fatal("test and train are not the whole")
					}
				}
				if tested != len(d.Judgements(q)) {
					t.Fatalf("query %d: %d judgements tested", q, tested)
				}
			}
		}
	})
}

func TestLeakageAcrossSplitsIsThatOfFolds(t *testing.T) {
	d := twinned(t)
	s, err := ByQuery(d, 2, 7)
	if err != nil {
		t.Fatal(err)
	}
	want := Report(d, s, 0.8, BigramCosine(d))
	got := Across([]*evaluation.Dataset{s.Test(d, 0), s.Test(d, 1)}, []string{"train", "test"}, 0.8, Only(Twins(d, 0.8, BigramCosine(d))))
	if got.Between != "train, test" || want.Between != "folds" || !want.Any() {
		t.Errorf("between %q and %q, leaking %v", got.Between, want.Between, want.Any())
	}
	got.Between = want.Between
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none := Across(nil, nil, 0.8, nil); none.Any() {
		t.Error(none)
	}
}

func TestTooFewTimesForTheFoldsAreRefused(t *testing.T) {
	d := evaluation.NewDataset(metric.Levels4)
	doc, _ := d.AddDocument(evaluation.Document{ID: "d"})
	for q := range 9 {
		query, _ := d.AddQuery(evaluation.Query{ID: fmt.Sprint(q), Time: time.Unix(int64(q/5), 0)})
		_ = d.Judge(query, doc, 1)
	}
	if s, err := ByTime(d, 3); err == nil {
		t.Errorf("two times make three folds: %v", s.Of)
	}
	s, err := ByTime(d, 2)
	if err != nil || s.Of[0][0] != 0 || s.Of[4][0] != 0 || s.Of[5][0] != 1 {
		t.Errorf("%v, %v", s.Of, err)
	}
}

func TestADrawTakesWholeGroupsUntilTheShareIsReached(t *testing.T) {
	d := evaluation.NewDataset(metric.Levels4)
	groups := make([]int, 100)
	for q := range groups {
		if _, err := d.AddQuery(evaluation.Query{ID: fmt.Sprint("q", q)}); err != nil {
			t.Fatal(err)
		}
		groups[q] = q / 4
	}
	var before []bool
	for _, c := range []struct {
		share float64
		want  int
	}{{0, 4}, {0.01, 4}, {0.2, 20}, {0.5, 52}, {1, 100}} {
		got := Draw(d, groups, c.share, 1)
		n := 0
		for q, is := range got {
			if is {
				n++
			} else if before != nil && before[q] {
				t.Errorf("a share of %v leaves what a smaller one takes", c.share)
			}
			if is != got[q/4*4] {
				t.Errorf("group %d is divided", q/4)
			}
		}
		if n != c.want {
			t.Errorf("a share of %v takes %d, want %d", c.share, n, c.want)
		}
		before = got
	}
	if slices.Equal(Draw(d, groups, 0.5, 1), Draw(d, groups, 0.5, 2)) {
		t.Error("another seed draws the same")
	}
}

func TestADrawBesideGivenQueriesTakesTheseWithTheirTwinsAndThenOthers(t *testing.T) {
	d := evaluation.NewDataset(metric.Levels4)
	for q := range 20 {
		title := fmt.Sprintf("%c%c电池", rune(0x4e00+37*q), rune(0x5e00+61*q))
		if q == 1 {
			title = d.Query(0).Title // a twin
		}
		if _, err := d.AddQuery(evaluation.Query{ID: fmt.Sprint("q", q), Title: title}); err != nil {
			t.Fatal(err)
		}
	}
	given := map[string]bool{"q0": true, "q7": true, "q12": true}
	for _, c := range []struct {
		share float64
		want  int
	}{{0, 4}, {0.1, 4}, {0.2, 4}, {0.5, 10}, {1, 20}} {
		got := DrawIDsBeside(d, given, c.share, 3)
		if len(got) != c.want || !got["q0"] || !got["q1"] || !got["q7"] || !got["q12"] {
			t.Errorf("a share of %v takes %v, want %d with those that are given", c.share, got, c.want)
		}
	}
	if got, want := DrawIDsBeside(d, nil, 0.4, 3), DrawIDs(d, 0.4, 3); !maps.Equal(got, want) {
		t.Errorf("beside nothing %v are drawn, else %v", got, want)
	}
}

func TestTheSearchForTwinsEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := twinned(t)
	if got, err := TwinsContext(ctx, d, NearTwins, BigramCosine(d)); err != nil || !cmp.Equal(got, Twins(d, NearTwins, BigramCosine(d))) {
		t.Errorf("%v, %v", got, err)
	}
	cancel()
	if got, err := TwinsContext(ctx, d, NearTwins, BigramCosine(d)); got != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v, %v", got, err)
	}
}
