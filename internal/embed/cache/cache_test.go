package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/embedtest"
	"github.com/duijie/duijie/internal/match"
)

func TestConformance(t *testing.T) {
	for name, c := range map[string]Config{
		"in memory":             {},
		"in hardly any memory":  {MemoryBytes: 1},
		"on disk":               {Dir: t.TempDir(), MemoryBytes: 1},
		"on hardly any disk":    {Dir: t.TempDir(), MemoryBytes: 1, DiskBytes: 1},
		"on disk and in memory": {Dir: t.TempDir()},
	} {
		t.Run(name, func(t *testing.T) {
			embedtest.Run(t, func(t *testing.T) embed.Embedder {
				return opened(t, &paid{name: t.Name()}, c)
			})
		})
	}
}

func TestATextIsPaidForOnce(t *testing.T) {
	p := &paid{}
	e := opened(t, p, Config{Dir: t.TempDir()})
	first := embedded(t, e, "a", "b", "a", "")
	again := embedded(t, e, "b", "c", "a")
	if diff := cmp.Diff([]string{"a", "b", "", "c"}, p.asked()); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	for i, text := range []string{"b", "c", "a"} {
		if diff := cmp.Diff(p.vector(embed.Document, text), again[i]); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	if diff := cmp.Diff(first[0], first[2]); diff != "" {
		t.Errorf("a text that stands twice (-first +second):\n%s", diff)
	}
	want := Stats{Memory: 2, Shared: 1, Misses: 4, Entries: 4}
	got := e.Stats()
	got.Bytes = 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}

func TestRolesAndModelsHaveVectorsOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one", "two", "one"} {
		p := &paid{name: name}
		e := opened(t, p, Config{Dir: dir})
		for _, role := range []embed.Role{embed.Document, embed.Query} {
			out, err := e.Embed(t.Context(), role, []string{"a"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(p.vector(role, "a"), out[0]); diff != "" {
				t.Errorf("model %s, role %d (-want +got):\n%s", name, role, diff)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARefusedTextFailsAloneAndIsNotRemembered(t *testing.T) {
	p := &paid{}
	e := opened(t, p, Config{Dir: t.TempDir()})
	for range 2 {
		out, err := e.Embed(t.Context(), embed.Document, []string{"a", "bad", "b", "bad"})
		var partial *embed.PartialError
		if !errors.As(err, &partial) || len(partial.Errs) != 2 {
			t.Fatalf("error %v, want one of two texts", err)
		}
		for _, i := range []int{1, 3} {
			if match.KindOf(partial.Errs[i]) != match.Invalid || out[i] != nil {
				t.Errorf("text %d: error %v, vector %v", i, partial.Errs[i], out[i])
			}
		}
		if out[0] == nil || out[2] == nil {
			t.Error("the other texts have no vectors")
		}
	}
	if diff := cmp.Diff([]string{"a", "bad", "b", "bad"}, p.asked()); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestAnEmbedderThatIsDownIsAskedAgain(t *testing.T) {
	down := true
	p := &paid{before: func([]string) error {
		if down {
			return &match.Error{Kind: match.Unavailable, Reason: "down"}
		}
		return nil
	}}
	e := opened(t, p, Config{})
	if _, err := e.Embed(t.Context(), embed.Document, []string{"a", "a"}); match.KindOf(err) != match.Unavailable {
		t.Fatalf("error %v, want Unavailable", err)
	}
	down = false
	embedded(t, e, "a")
}

func TestEqualTextsOfManyCallersArePaidForOnce(t *testing.T) {
	const callers = 16
	p := &paid{}
	e := opened(t, p, Config{})
	// The embedder answers when all callers but the one it works for are waiting.
	p.before = func([]string) error {
		for e.Stats().Shared < callers-1 {
			runtime.Gosched()
		}
		return nil
	}
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if out, err := e.Embed(context.Background(), embed.Document, []string{"a"}); err != nil || len(out[0]) != 8 {
				t.Errorf("%v, error %v", out, err)
			}
		})
	}
	all.Wait()
	if asked := p.asked(); len(asked) != 1 {
		t.Errorf("paid for %d times, want once", len(asked))
	}
}

func TestWhoWaitsForACallThatIsGivenUpAsksItself(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	began, calls := make(chan struct{}), 0
	p := &paid{before: func([]string) error {
		if calls++; calls > 1 {
			return nil
		}
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}}
	e := opened(t, p, Config{})
	var both sync.WaitGroup
	both.Go(func() {
		if _, err := e.Embed(ctx, embed.Document, []string{"a"}); match.KindOf(err) != match.Canceled {
			t.Errorf("the call that is given up: error %v", err)
		}
	})
	<-began
	both.Go(func() {
		if out, err := e.Embed(context.Background(), embed.Document, []string{"b", "a"}); err != nil || len(out[1]) != 8 {
			t.Errorf("the call that waited: error %v", err)
		}
	})
	cancel()
	both.Wait()
}

func TestAnEmbedderThatPanicsLeavesNobodyWaiting(t *testing.T) {
	p := &paid{before: func([]string) error { panic("boom") }}
	e := opened(t, p, Config{})
	func() {
		defer func() { _ = recover() }()
		_, _ = e.Embed(t.Context(), embed.Document, []string{"a"})
	}()
	p.before = nil
	embedded(t, e, "a")
}

func TestTheLeastRecentlyUsedVectorGoes(t *testing.T) {
	p := &paid{}
	e := opened(t, p, Config{MemoryBytes: 2 * (4*8 + entryOverhead)})
	for _, text := range []string{"a", "b", "a", "c"} { // b goes
		embedded(t, e, text)
	}
	p.asked()
	embedded(t, e, "a")
	embedded(t, e, "b")
	if diff := cmp.Diff([]string{"b"}, p.asked()); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestTheLimitOfTheEmbedderIsTold(t *testing.T) {
	if got := opened(t, &paid{}, Config{}).Limit(); got != 77 {
		t.Errorf("Limit() = %d, want 77", got)
	}
}

func TestManyCallersGetTheRightVectors(t *testing.T) {
	p := &paid{}
	e := opened(t, p, Config{Dir: t.TempDir(), MemoryBytes: 3000, DiskBytes: 20_000})
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 200 {
				texts := []string{fmt.Sprint("t", (g*7+n)%90), fmt.Sprint("t", (g+n*3)%90)}
				out, err := e.Embed(context.Background(), embed.Document, texts)
				if err != nil {
					t.Error(err)
					return
				}
				for i, text := range texts {
					if !cmp.Equal(p.vector(embed.Document, text), out[i]) {
						t.Errorf("%q has the vector of another text", text)
					}
				}
			}
		})
	}
	all.Wait()
}
