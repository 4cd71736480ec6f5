package registry

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// twinned has 30 demands with labels, of which each second one is a near twin of the first
// before it.
func twinned(t *testing.T) *Registry {
	s := openStore(t)
	var items []store.Item
	var labels []match.Label
	for i := range 30 {
		d := match.Demand{ID: fmt.Sprintf("D%02d", i), Title: fmt.Sprintf("第%d件事", i), Text: strings.Repeat(string(rune('一'+97*(i/2))), 30) + strings.Repeat(string(rune('丁'+89*(i/2))), 30)}
		items = append(items, store.Item{Record: match.NewDemand(match.DefaultTenant, d)})
		for j := range 3 {
			labels = append(labels, match.Label{Tenant: match.DefaultTenant, Demand: d.ID, Patent: fmt.Sprint("CN", j), Level: match.Level(1 + j), Rater: "张三", At: time.Unix(1, 0)})
		}
	}
	for j := range 3 {
		items = append(items, store.Item{Record: match.NewPatent(match.DefaultTenant, match.Patent{Number: fmt.Sprint("CN", j), Title: "一种方法"})})
	}
	if _, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutLabels(t.Context(), labels); err != nil {
		t.Fatal(err)
	}
	return open(t, s)
}

func TestAFifthOfTheDemandsIsFrozenByDefaultWithTheirTwins(t *testing.T) {
	r := twinned(t)
	d, left, err := r.Freeze(t.Context(), Freezing{Name: "q4", Tenant: match.DefaultTenant, By: "李四"})
	if err != nil {
		t.Fatal(err)
	}
	if d.Demands != 6 || d.Pairs != 18 || left != (Left{Pairs: 72, Demands: 24}) {
		t.Errorf("%+v, left %+v", d, left)
	}
	frozen, err := r.Frozen(t.Context(), match.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 30; i += 2 {
		one, two := frozen[[2]string{fmt.Sprintf("D%02d", i), "CN0"}], frozen[[2]string{fmt.Sprintf("D%02d", i+1), "CN0"}]
		if one != two {
			t.Errorf("D%02d is frozen: %v; its twin: %v", i, one, two)
		}
	}
}

func TestAllLabelsAreFrozenOnlyWhereAllAreAskedFor(t *testing.T) {
	r := twinned(t)
	f := Freezing{Name: "most", Tenant: match.DefaultTenant, By: "李四", Share: 0.99}
	if _, _, err := r.Freeze(t.Context(), f); match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), "nothing would be left") {
		t.Errorf("%v", err)
	}
	f.Share = 1
	d, left, err := r.Freeze(t.Context(), f)
	if err != nil || d.Demands != 30 || left != (Left{}) {
		t.Errorf("%+v, left %+v, %v", d, left, err)
	}
}

func TestARetiredDatasetIsLearnedFromAgainAndTheHistorySaysWhoRetiredIt(t *testing.T) {
	r := twinned(t)
	if _, _, err := r.Freeze(t.Context(), Freezing{Name: "q4", Tenant: match.DefaultTenant, By: "李四", Share: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Retire(t.Context(), "q4", "李四", ""); match.KindOf(err) != match.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := r.Retire(t.Context(), "q5", "李四", "drawn by mistake"); match.KindOf(err) != match.NotFound {
		t.Errorf("an unknown one: %v", err)
	}
	d, err := r.Retire(t.Context(), "q4", "李四", "drawn by mistake")
	if err != nil || !d.Retired {
		t.Fatalf("%+v, %v", d, err)
	}
	if left, err := r.left(t.Context(), match.DefaultTenant); err != nil || left != (Left{Pairs: 90, Demands: 30}) {
		t.Errorf("left %+v, %v", left, err)
	}
	if _, err := r.Retire(t.Context(), "q4", "李四", "again"); match.KindOf(err) != match.Conflict {
		t.Errorf("again: %v", err)
	}
	if _, err := r.dataset(t.Context(), []string{"q4"}); match.KindOf(err) != match.Conflict {
		t.Errorf("measuring by it: %v", err)
	}
	if all, err := r.dataset(t.Context(), nil); err != nil || all.Queries() != 0 {
		t.Errorf("measuring by all: %v", err)
	}
	history, err := r.History(t.Context(), "", 0, 10)
	if err != nil || len(history) != 1 || history[0].Action != Retired || history[0].Alias != "dataset/q4" || history[0].By != "李四" || history[0].Reason != "drawn by mistake" {
		t.Errorf("%+v, %v", history, err)
	}
}
