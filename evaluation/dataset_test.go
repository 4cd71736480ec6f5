package evaluation_test

import (
	"sync"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/google/go-cmp/cmp"
)

func TestEnsuringAnIDTwiceAddsItOnce(t *testing.T) {
	d := evaluation.NewDataset(metric.Levels4)
	for _, c := range []struct {
		ensure func(string) (int32, error)
		count  func() int
	}{{d.EnsureQuery, d.Queries}, {d.EnsureDocument, d.Documents}} {
		for i, id := range []string{"a", "b", "a", "an id of more than sixteen bytes", "an id of more than sixteen bytes"} {
			got, err := c.ensure(id)
			if want := []int32{0, 1, 0, 2, 2}[i]; err != nil || got != want {
				t.Errorf("%q is %d, %v; want %d", id, got, err, want)
			}
		}
		if _, err := c.ensure(""); err == nil || c.count() != 3 {
			t.Errorf("%d ids, and of an empty one: %v", c.count(), err)
		}
	}
}

func TestDocumentsOfAnIDAloneStandBetweenOthers(t *testing.T) {
	d := evaluation.NewDataset(metric.Levels4)
	_, _ = d.AddDocument(evaluation.Document{ID: "a", Title: "A"})
	_, _ = d.EnsureDocument("b")
	_, _ = d.AddDocument(evaluation.Document{ID: "c", Title: "C"})
	_, _ = d.EnsureDocument("d")
	check := func(want ...evaluation.Document) {
		t.Helper()
		var got []evaluation.Document
		for i := range int32(d.Documents()) {
			got = append(got, d.Document(i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	a, b, c := evaluation.Document{ID: "a", Title: "A"}, evaluation.Document{ID: "b"}, evaluation.Document{ID: "c", Title: "C"}
	check(a, b, c, evaluation.Document{ID: "d"})
	d.Truncate(0, 3)
	check(a, b, c)
	d.Truncate(0, 1)
	check(a)
	if _, ok := d.DocumentIndex("b"); ok {
		t.Error("a dropped document is found")
	}
}

func TestJudgingTogetherIsJudgingOneByOne(t *testing.T) {
	d := evaluation.NewDataset(metric.Levels4)
	for _, id := range []string{"a", "b", "c"} {
		_, _ = d.EnsureQuery(id)
		_, _ = d.EnsureDocument(id)
	}
	list := func() []evaluation.Judgement {
		return []evaluation.Judgement{{Document: 0, Level: 1}, {Document: 2, Level: 4}}
	}
	var wait sync.WaitGroup
	for q := range int32(3) {
		wait.Go(func() {
			if err := d.JudgeAll(q, list()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if err := d.JudgeAll(1, []evaluation.Judgement{{Document: 1, Level: 2}}); err != nil {
		t.Error(err)
	}
	for _, wrong := range []evaluation.Judgement{{Document: 3, Level: 1}, {Document: -1, Level: 1}, {Document: 1, Level: 5}} {
		if err := d.JudgeAll(0, []evaluation.Judgement{{Document: 1, Level: 2}, wrong}); err == nil {
			t.Errorf("%+v was taken", wrong)
		}
	}
	if err := d.JudgeAll(3, nil); err == nil {
		t.Error("a query that does not exist was judged")
	}
	for q, want := range [][]evaluation.Judgement{list(), append(list(), evaluation.Judgement{Document: 1, Level: 2}), list()} {
		if diff := cmp.Diff(want, d.Judgements(int32(q))); diff != "" {
			t.Error(diff)
		}
	}
}
