package instance_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// other is another model. While it is held it gives nothing.
type other struct {
	*paid
	name     string
	released chan struct{} // closed: not held
}

func newOther(t *testing.T, name string, held bool) *other {
	t.Helper()
	o := &other{paid: newPaid(t), name: name, released: make(chan struct{})}
	if !held {
		close(o.released)
	}
	return o
}

func (o *other) Identity() string { return o.name }

func (o *other) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	select {
	case <-o.released:
		return o.paid.Embed(ctx, role, texts)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func ask(t *testing.T, in *instance.Instance, title string) *match.Answer {
	t.Helper()
	a, err := in.Engine.Match(t.Context(), match.Request{ID: "t", Tenant: match.DefaultTenant, Limit: 5,
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Title: title}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func settled(t *testing.T, in *instance.Instance) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := in.Settled(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(ctx); err != nil {
		t.Fatal(err)
	}
}

func wantModels(t *testing.T, dir string, want instance.Models) {
	t.Helper()
	got, err := instance.ReadModels(dir)
	if err != nil || got.Live != want.Live || got.Previous != want.Previous || got.Next != want.Next {
		t.Errorf("models %+v, %v; want %+v", got, err, want)
	}
}

// sample30 is a folder with 30 patents under the built-in model, whose identity it returns.
func sample30(t *testing.T) (dir, builtin string) {
	t.Helper()
	dir = t.TempDir()
	in := open(t, instance.Config{Data: dir})
	write(t, in, 0, 30)
	builtin = in.Embedder.Identity()
	shut(t, in)
	return dir, builtin
}

func TestTheOldModelAnswersUntilTheNewOneIsComplete(t *testing.T) {
	dir, builtin := sample30(t)
	wantModels(t, dir, instance.Models{Live: builtin})
	o := newOther(t, "other/1", true)
	in := open(t, instance.Config{Data: dir, Embedder: o})
	defer shut(t, in)
	write(t, in, 30, 33) // also writes go on
	if a := ask(t, in, "电池隔膜 31"); len(a.Degraded) != 0 || a.Versions.Embedder != builtin || a.Hits[0].Record.ID != "CN31" {
		t.Errorf("while the new one is built: %+v", a)
	}
	before := in.Engine.Live()
	close(o.released)
	settled(t, in)
	if a := ask(t, in, "电池隔膜 31"); len(a.Degraded) != 0 || a.Versions.Embedder != "other/1" || a.Hits[0].Record.ID != "CN31" || a.Versions.Catalog < 33 {
		t.Errorf("afterwards: %+v", a)
	}
	wantModels(t, dir, instance.Models{Live: "other/1", Previous: builtin})
	write(t, in, 33, 40) // the new one follows
	live := in.Engine.Live().Sides[match.PatentKind]
	vectors, err := live.Vectors.Count(t.Context(), nil)
	words, err2 := live.Words.Count(t.Context())
	if vectors != 40 || words != 40 || err != nil || err2 != nil || before == in.Engine.Live() {
		t.Errorf("%d vectors, %d words, %v, %v; want 40", vectors, words, err, err2)
	}
}

func TestNoAnswerMixesTwoModels(t *testing.T) {
	dir, builtin := sample30(t)
	o := newOther(t, "other/1", true)
	in := open(t, instance.Config{Data: dir, Embedder: o})
	defer shut(t, in)
	// Both models have the same vectors, so that the cosines are equal; each has a weighting
	// of its own, so that an answer of both would have a logit of neither.
	cosines := func(a *match.Answer) (out []float64) {
		for _, l := range a.Hits[0].Score.Legs {
			if l.Name == match.TitleLeg || l.Name == match.TextLeg {
				out = append(out, l.Score)
			}
		}
		return out
	}
	first := ask(t, in, "电池隔膜 7")
	want := map[string]float64{builtin: first.Hits[0].Score.Logit}
	close(o.released)
	seen := map[string]int{}
	for end := time.Now().Add(2 * time.Minute); seen["other/1"] < 20 && time.Now().Before(end); {
		a := ask(t, in, "电池隔膜 7")
		by, logit := a.Versions.Embedder, a.Hits[0].Score.Logit
		seen[by]++
		if _, ok := want[by]; !ok {
			want[by] = logit
		}
		if logit != want[by] || !slices.Equal(cosines(a), cosines(first)) || len(a.Degraded) != 0 {
			t.Fatalf("score %v by %s, want %v; legs %+v, want %+v; degraded: %v", logit, by, want[by], a.Hits[0].Score.Legs, first.Hits[0].Score.Legs, a.Degraded)
		}
	}
	if settled(t, in); ask(t, in, "电池隔膜 7").Hits[0].Score.Logit != want["other/1"] {
		t.Errorf("the answer to one question changed after the change: %v", want)
	}
	if seen["other/1"] < 20 {
		t.Errorf("answers by model: %v", seen)
	}
}

func TestBuildingGoesOnWhereItWasAfterAnEnd(t *testing.T) {
	dir := t.TempDir()
	in := open(t, instance.Config{Data: dir})
	write(t, in, 0, 1200) // more than two pages
	builtin := in.Embedder.Identity()
	shut(t, in)
	o := newOther(t, "other/1", false)
	if err := instance.WritePace(dir, instance.Pace{Texts: 2000}); err != nil {
		t.Fatal(err)
	}
	in = open(t, instance.Config{Data: dir, Embedder: o})
	for end := time.Now().Add(2 * time.Minute); o.texts.Load() == 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	shut(t, in) // in the middle
	wantModels(t, dir, instance.Models{Live: builtin, Next: "other/1"})
	first := o.texts.Load()
	if first == 0 || first >= 2400 {
		t.Fatalf("%d texts before the end, want some and not all", first)
	}
	if err := instance.WritePace(dir, instance.Pace{}); err != nil {
		t.Fatal(err)
	}
	in = open(t, instance.Config{Data: dir, Embedder: o})
	defer shut(t, in)
	settled(t, in)
	const page = 2 * 512 // texts that the end may have interrupted
	if n := o.texts.Load(); n < 2400 || n > 2400+page {
		t.Errorf("%d texts altogether, want each of 2400 once, and those of one page twice at most", n)
	}
}

func TestAPauseStopsTheBuildingAndOtherPacesGoOn(t *testing.T) {
	dir, builtin := sample30(t)
	if err := instance.WritePace(dir, instance.Pace{Paused: true}); err != nil {
		t.Fatal(err)
	}
	o := newOther(t, "other/1", false)
	in := open(t, instance.Config{Data: dir, Embedder: o})
	defer shut(t, in)
	time.Sleep(300 * time.Millisecond)
	if n := o.texts.Load(); n != 0 {
		t.Errorf("%d texts were embedded in a pause", n)
	}
	if a := ask(t, in, "电池隔膜 7"); a.Versions.Embedder != builtin || len(a.Degraded) != 0 {
		t.Errorf("in a pause: %+v", a)
	}
	if err := instance.WritePace(dir, instance.Pace{}); err != nil {
		t.Fatal(err)
	}
	settled(t, in)
	wantModels(t, dir, instance.Models{Live: "other/1", Previous: builtin})
}

func TestTheWayBackToAModelNeedsNoEmbedding(t *testing.T) {
	dir, builtin := sample30(t)
	o := newOther(t, "other/1", false)
	in := open(t, instance.Config{Data: dir, Embedder: o})
	settled(t, in)
	shut(t, in)
	o.texts.Store(0)
	in = open(t, instance.Config{Data: dir}) // back to the built-in model
	settled(t, in)
	if a := ask(t, in, "电池隔膜 7"); a.Versions.Embedder != builtin || len(a.Degraded) != 0 {
		t.Errorf("%+v", a)
	}
	shut(t, in)
	in = open(t, instance.Config{Data: dir, Embedder: o, Other: nil})
	settled(t, in)
	defer shut(t, in)
	if n := o.texts.Load(); n != 0 {
		t.Errorf("%d texts were embedded for vectors that were kept", n)
	}
}

func TestOldVectorsAreDroppedWhenAskedTo(t *testing.T) {
	dir, builtin := sample30(t)
	drop := func(former bool, want int) {
		t.Helper()
		if n, err := instance.DropOld(t.Context(), instance.Config{Data: dir}, former); n != want || err != nil {
			t.Errorf("%d dropped, %v; want %d", n, err, want)
		}
	}
	drop(true, 0)
	for _, name := range []string{"other/0", "other/1"} {
		in := open(t, instance.Config{Data: dir, Embedder: newOther(t, name, false)})
		settled(t, in)
		shut(t, in)
	}
	drop(false, 1) // the built-in one
	wantModels(t, dir, instance.Models{Live: "other/1", Previous: "other/0"})
	drop(false, 0)
	drop(true, 1)
	wantModels(t, dir, instance.Models{Live: "other/1"})
	dirs, _ := filepath.Glob(filepath.Join(dir, "vectors", "*"))
	if !slices.Equal(dirs, []string{instance.VectorDir(dir, "other/1")}) {
		t.Errorf("folders %v are left", dirs)
	}
	in := open(t, instance.Config{Data: dir}) // the way back makes them again
	defer shut(t, in)
	settled(t, in)
	if a := ask(t, in, "电池隔膜 7"); a.Versions.Embedder != builtin || len(a.Degraded) != 0 {
		t.Errorf("%+v", a)
	}
}

func TestWithoutTheOldModelAtHandWordsAnswerUntilTheVectorsAreMade(t *testing.T) {
	dir, _ := sample30(t)
	in := open(t, instance.Config{Data: dir, Embedder: newOther(t, "other/1", false), Way: instance.Way{Kind: "onnx", Path: "moved"}})
	settled(t, in)
	shut(t, in)
	for name, other := range map[string]func(context.Context, instance.Way) (embed.Embedder, error){
		"it is not known how": nil,
		"the folder moved": func(_ context.Context, w instance.Way) (embed.Embedder, error) {
			return nil, fmt.Errorf("the folder %s", w.Path)
		},
		"in its place is digest": func(context.Context, instance.Way) (embed.Embedder, error) {
			return newOther(t, "digest/2", false), nil
		},
	} {
		o := newOther(t, "other/2", true)
		in, err := instance.Open(t.Context(), instance.Config{Data: dir, Embedder: o, Other: other})
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, in, "电池隔膜 17")
		if len(a.Hits) != 5 || a.Hits[0].Record.ID != "CN17" || a.Versions.Embedder != "other/1" || !strings.Contains(fmt.Sprint(a.Degraded), name) {
			t.Errorf("%d hits by %s, degraded: %v; want %q", len(a.Hits), a.Versions.Embedder, a.Degraded, name)
		}
		shut(t, in)
	}
	o := newOther(t, "other/2", false)
	in = open(t, instance.Config{Data: dir, Embedder: o})
	settled(t, in)
	if a := ask(t, in, "电池隔膜 17"); len(a.Degraded) != 0 || a.Versions.Embedder != "other/2" {
		t.Errorf("%+v", a)
	}
	shut(t, in)
}

func TestADamagedNoteOfTheModelsIsNamed(t *testing.T) {
	dir, _ := sample30(t)
	if err := os.WriteFile(filepath.Join(dir, "models.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := instance.Open(t.Context(), instance.Config{Data: dir}); match.KindOf(err) != match.Corrupt || !strings.Contains(err.Error(), "models.json") {
		t.Errorf("%v, want an error of kind corrupt that names the file", err)
	}
}
