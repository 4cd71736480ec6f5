package instance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// changes has the models a, b and c, opened by ways that name them.
type changes struct {
	dir    string
	models map[string]*other
	opened []string // by their ways
}

func newChanges(t *testing.T, held ...string) *changes {
	t.Helper()
	c := &changes{models: map[string]*other{}}
	c.dir, _ = sample30(t)
	for _, name := range []string{"a", "b", "c"} {
		c.models[name] = newOther(t, name, strings.Contains(fmt.Sprint(held), name))
	}
	return c
}

func (c *changes) config(name string) instance.Config {
	return instance.Config{Data: c.dir, Embedder: c.models[name], Way: instance.Way{Kind: "test", Path: name},
		Other: func(_ context.Context, way instance.Way) (embed.Embedder, error) {
			c.opened = append(c.opened, way.Path)
			if c.models[way.Path] == nil {
				return nil, fmt.Errorf("%s is gone", way.Path)
			}
			return c.models[way.Path], nil
		}}
}

// changedFromAToB is a folder whose model was a, and is b now, and which is open.
func changedFromAToB(t *testing.T) (*changes, *instance.Instance) {
	t.Helper()
	c := newChanges(t)
	in := open(t, c.config("a"))
	settled(t, in)
	shut(t, in)
	in = open(t, c.config("b"))
	settled(t, in)
	return c, in
}

func (c *changes) wantAnswer(t *testing.T, in *instance.Instance, n int, by string) {
	t.Helper()
	a := ask(t, in, fmt.Sprintf("电池隔膜 %d", n))
	if len(a.Degraded) != 0 || a.Versions.Embedder != by || len(a.Hits) == 0 || a.Hits[0].Record.ID != fmt.Sprint("CN", n) {
		t.Errorf("the answer of %s is %+v, degraded %v; want CN%d by %s", a.Versions.Embedder, a.Hits, a.Degraded, n, by)
	}
}

func rolledBack(t *testing.T, in *instance.Instance, want instance.Models) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	m, err := in.Rollback(ctx, nil)
	if err != nil || m.Live != want.Live || m.Previous != want.Previous || m.RolledBack != want.RolledBack || m.Next != "" {
		t.Errorf("%+v, %v; want %+v", m, err, want)
	}
}

func TestARollbackBringsTheFormerModelUpToDateAndOutlastsRestarts(t *testing.T) {
	c, in := changedFromAToB(t)
	write(t, in, 30, 40) // b alone knows them
	c.models["a"].texts.Store(0)
	rolledBack(t, in, instance.Models{Live: "a", Previous: "b", RolledBack: "b"})
	c.wantAnswer(t, in, 37, "a")
	if n := c.models["a"].texts.Load(); n < 10 || n > 30 {
		t.Errorf("%d texts were embedded, want those of 10 records", n)
	}
	write(t, in, 40, 45)
	c.wantAnswer(t, in, 42, "a")
	shut(t, in)
	for _, flags := range []string{"b", "a", "b"} {
		in = open(t, c.config(flags))
		settled(t, in)
		c.wantAnswer(t, in, 42, "a")
		if m, err := instance.ReadModels(c.dir); m.Live != "a" || m.RolledBack != "b" || m.Next != "" || err != nil {
			t.Errorf("started with %s: %+v, %v", flags, m, err)
		}
		shut(t, in)
	}
	in = open(t, c.config("b")) // until it is asked for
	defer shut(t, in)
	m, err := in.Reembed(t.Context(), nil)
	if err != nil || m.Live != "b" || m.Previous != "a" || m.RolledBack != "" {
		t.Errorf("asked for again: %+v, %v", m, err)
	}
	c.wantAnswer(t, in, 42, "b")
}

func TestRollbacksAndReembeddingsTakeTurnsWithoutARestart(t *testing.T) {
	c, in := changedFromAToB(t)
	defer shut(t, in)
	for n := 30; n < 36; n += 2 {
		write(t, in, n, n+1)
		rolledBack(t, in, instance.Models{Live: "a", Previous: "b", RolledBack: "b"})
		c.wantAnswer(t, in, n, "a")
		write(t, in, n+1, n+2)
		if _, err := in.Reembed(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		c.wantAnswer(t, in, n+1, "b")
	}
	side := in.Engine.Live().Sides[match.PatentKind]
	vectors, err := side.Vectors.Count(t.Context(), nil)
	words, err2 := side.Words.Count(t.Context())
	if vectors != 36 || words != 36 || err != nil || err2 != nil {
		t.Errorf("%d vectors, %d words, %v, %v; want 36", vectors, words, err, err2)
	}
}

func TestARollbackWhileAModelIsBuiltEndsTheBuilding(t *testing.T) {
	c := newChanges(t, "b")
	in := open(t, c.config("a"))
	settled(t, in)
	shut(t, in)
	in = open(t, c.config("b"))
	rolledBack(t, in, instance.Models{Live: "a", Previous: c.builtin(t), RolledBack: "b"})
	c.wantAnswer(t, in, 7, "a")
	shut(t, in)
	close(c.models["b"].released)
	in = open(t, c.config("b"))
	settled(t, in)
	c.wantAnswer(t, in, 7, "a")
	shut(t, in)
	in = open(t, c.config("c")) // another wish is another thing
	settled(t, in)
	c.wantAnswer(t, in, 7, "c")
	shut(t, in)
	if m, err := instance.ReadModels(c.dir); m.RolledBack != "" || err != nil {
		t.Errorf("%+v, %v; the rollback from b is over", m, err)
	}
}

func (c *changes) builtin(t *testing.T) string {
	t.Helper()
	m, err := instance.ReadModels(c.dir)
	if err != nil {
		t.Fatal(err)
	}
	return m.Previous
}

func TestARollbackGoesOnAfterAnEnd(t *testing.T) {
	c, in := changedFromAToB(t)
	write(t, in, 30, 40)
	c.models["a"].released = make(chan struct{}) // it is asked for ten records and gives nothing
	ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
	defer cancel()
	if _, err := in.Rollback(ctx, nil); err == nil {
		t.Fatal("the rollback did not wait for the vectors")
	}
	c.wantAnswer(t, in, 37, "b")
	shut(t, in)
	close(c.models["a"].released)
	c.opened = nil
	in = open(t, c.config("b"))
	settled(t, in)
	c.wantAnswer(t, in, 37, "a")
	if fmt.Sprint(c.opened) != "[a]" {
		t.Errorf("opened by their ways: %v, want a, once", c.opened)
	}
	shut(t, in)
}

func TestAPauseKeepsAModelThatIsCompleteFromTakingOverAndNoRollback(t *testing.T) {
	c, in := changedFromAToB(t)
	defer shut(t, in)
	if err := in.SetPace(instance.Pace{Paused: true}); err != nil {
		t.Fatal(err)
	}
	rolledBack(t, in, instance.Models{Live: "a", Previous: "b", RolledBack: "b"})
	ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
	defer cancel()
	if _, err := in.Reembed(ctx, nil); err == nil { // its vectors are all there
		t.Error("the model took over in a pause")
	}
	c.wantAnswer(t, in, 7, "a")
	if err := in.SetPace(instance.Pace{}); err != nil {
		t.Fatal(err)
	}
	settled(t, in)
	c.wantAnswer(t, in, 7, "b")
}

func TestWithHoldNothingIsBuiltBeforeItIsAskedFor(t *testing.T) {
	c, in := changedFromAToB(t)
	shut(t, in)
	config := c.config("c")
	config.Hold = true
	in = open(t, config)
	settled(t, in)
	c.wantAnswer(t, in, 7, "b")
	rolledBack(t, in, instance.Models{Live: "a", Previous: "b", RolledBack: "b"})
	c.wantAnswer(t, in, 7, "a")
	shut(t, in)
	if n := c.models["c"].texts.Load(); n != 0 {
		t.Errorf("%d texts were embedded by the model of the settings", n)
	}
}

func TestARollbackThatCannotBeIsRefusedAndChangesNothing(t *testing.T) {
	c, in := changedFromAToB(t)
	shut(t, in)
	a := c.models["a"]
	delete(c.models, "a")
	in = open(t, c.config("b"))
	if _, err := in.Rollback(t.Context(), nil); match.KindOf(err) != match.Unavailable || !strings.Contains(err.Error(), "a is gone") {
		t.Errorf("%v, want an error of kind unavailable with the reason", err)
	}
	wantModels(t, c.dir, instance.Models{Live: "b", Previous: "a"})
	shut(t, in)
	c.models["a"] = a
	if _, err := instance.DropOld(t.Context(), instance.Config{Data: c.dir}, true); err != nil {
		t.Fatal(err)
	}
	in = open(t, c.config("b"))
	if _, err := in.Rollback(t.Context(), nil); match.KindOf(err) != match.NotFound {
		t.Errorf("%v, want an error of kind not found: its vectors were dropped", err)
	}
	c.wantAnswer(t, in, 7, "b")
	reader := open(t, instance.Config{Data: c.dir, ReadOnly: true, Other: c.config("b").Other})
	if _, err := reader.Rollback(t.Context(), nil); match.KindOf(err) != match.Denied {
		t.Errorf("%v, want an error of kind denied beside the owner", err)
	}
	shut(t, reader)
	shut(t, in)
}

func TestTheWatermarkOfEachModelIsItsOwn(t *testing.T) {
	c, in := changedFromAToB(t)
	write(t, in, 30, 40)
	shut(t, in)
	s, err := sqlite.OpenReadOnly(t.Context(), c.dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, want := range map[string]int64{"a": 30, "b": 40} {
		if mark, err := s.Watermark(t.Context(), "vectors/patents/"+name); mark != want || err != nil {
			t.Errorf("the watermark of %s is %d, %v; want %d", name, mark, err, want)
		}
	}
}
