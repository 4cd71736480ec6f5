package catalog_test

import (
	"context"
	"testing"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/match"
)

// renamed is moody under another name, with the state of the first.
type renamed struct{ *moody }

func (renamed) Identity() string { return "moody/2" }

func TestASuccessorTakesOverWordsWaitersAndWrites(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	write(t, c, patent(1, "电池"), patent(2, "隔膜"))
	vectors := memory(t)
	e := renamed{&moody{}}
	e.down.Store(true)
	next, err := catalog.Open(context.Background(), catalog.Config{Store: f.store, Embedder: e, Vectors: vectors})
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
	a, err := next.Advance(context.Background())
	if err != nil || a.CaughtUp() || a.Waiting != 2 || a.Done != a.Total {
		t.Errorf("with its embedder down: %+v, %v; want 2 that wait, and no take-over", a, err)
	}
	e.down.Store(false)
	if _, _, err := next.RetryNow(context.Background()); err != nil {
		t.Fatal(err)
	}
	if a, err = next.Advance(context.Background()); err != nil || !a.CaughtUp() {
		t.Errorf("with its embedder back: %+v, %v; want caught up", a, err)
	}
	c.Succeed(context.Background(), next)
	write(t, c, patent(1, "新电池"), patent(3, "电解液"))
	if err := c.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
	old, words := f.counts(t)
	if old != 2 || words != 3 {
		t.Errorf("%d old vectors and %d words, want the 2 as they were and 3", old, words)
	}
	if n, err := vectors[match.PatentKind].Count(context.Background(), nil); n != 3 || err != nil {
		t.Errorf("%d new vectors, %v; want 3", n, err)
	}
	if c.Applied(match.PatentKind) != next.Applied(match.PatentKind) {
		t.Error("the old catalog does not speak for the new one")
	}
	closed(t, c)
}
