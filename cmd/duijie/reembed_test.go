package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/instance"
)

// TestAChangeOfModelFromTheCommandLine goes from the built-in model to an endpoint and
// back, with the vectors of either kept until they are dropped.
func TestAChangeOfModelFromTheCommandLine(t *testing.T) {
	bin, e, data := built(t), newEndpoint(t), t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		code, out := command(t, bin, append(args, "--data", data, "--lang", "en", "--log-level", "error")...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s", args, code, out)
		}
		return out
	}
	models := func(args ...string) instance.Models {
		t.Helper()
		run(append([]string{"reembed"}, args...)...)
		m, err := instance.ReadModels(data)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	toBuiltin := []string{"--embedder", "static"}
	run("import", "--kind", "patents", writeRows(t, 0, 30))
	builtin := models().Live
	if got := run("reembed", "--rate", "5000"); !strings.Contains(got, "at most 5000 texts a second") {
		t.Errorf("--rate says %q", got)
	}
	m := models(e.flags()...)
	if !strings.HasPrefix(m.Live, "openai/m/") || m.Previous != builtin || m.Next != "" || m.Refused != 0 {
		t.Errorf("after the change: %+v", m)
	}
	paid := len(e.requests())
	if back := models(); back.Live != m.Live { // tells, and does nothing
		t.Errorf("without flags: %+v", back)
	}
	if back := models(toBuiltin...); back.Live != builtin || back.Previous != m.Live {
		t.Errorf("after the way back: %+v", back)
	}
	if again := models(e.flags()...); again.Live != m.Live || len(e.requests()) > paid+2 { // 2 starts compare the dimensions
		t.Errorf("after the second change: %+v, %d requests, before %d", again, len(e.requests()), paid)
	}
	if got := run("reembed", "--drop-old"); !strings.Contains(got, "vectors of 0 old models") {
		t.Errorf("--drop-old says %q", got)
	}
	if got := run("reembed", "--drop-former"); !strings.Contains(got, "vectors of 1 old model.") {
		t.Errorf("--drop-former says %q", got)
	}
	if back := models(toBuiltin...); back.Live != builtin {
		t.Errorf("after the way back to vectors that were dropped: %+v", back)
	}
}

// TestTheModelOfAnotherStartAnswersAndARollbackNeedsNoFlags is about a folder whose live
// model is that of an endpoint, of which the flags say nothing.
func TestTheModelOfAnotherStartAnswersAndARollbackNeedsNoFlags(t *testing.T) {
	bin, e, data := built(t), newEndpoint(t), t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		code, out := command(t, bin, append(args, "--data", data, "--lang", "en", "--log-level", "error")...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s", args, code, out)
		}
		return out
	}
	read := func() instance.Models {
		t.Helper()
		m, err := instance.ReadModels(data)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	run("import", "--kind", "patents", writeRows(t, 0, 30))
	builtin := read().Live
	run(append([]string{"reembed"}, e.flags("--document-prefix", "passage: ")...)...)
	hosted := read().Live
	if way := read().Known[hosted]; way.URL != e.URL || way.Model != "m" || way.Dim != 2 || way.DocumentPrefix != "passage: " {
		t.Errorf("the way to the hosted model is %+v", way)
	}
	run("reembed", "--pause")
	ask := func(want, degraded string) {
		t.Helper()
		out := run("match", "--text", "电池隔膜涂层 "+degraded, "--json") // a text that was asked for is in the cache
		var a struct {
			Hits     []any
			Versions struct{ Embedder string }
			Degraded []any
		}
		if err := json.Unmarshal([]byte(out), &a); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if len(a.Hits) == 0 || a.Versions.Embedder != want || (degraded == "") != (len(a.Degraded) == 0) || !strings.Contains(fmt.Sprint(a.Degraded...), degraded) {
			t.Errorf("%d hits by %s, degraded %v; want %s, degraded %q", len(a.Hits), a.Versions.Embedder, a.Degraded, want, degraded)
		}
	}
	ask(hosted, "")
	wish(t, data)
	ask(hosted, "") // the built-in model is being built
	if read().Next != builtin {
		t.Errorf("a match has ended the building: %+v", read())
	}
	e.setDown(true)
	ask(hosted, "embedder")
	e.setDown(false)
	if got := run("reembed", "--rollback"); !strings.Contains(got, "rolled back: "+builtin) || read().Live != hosted {
		t.Errorf("giving up the building says %q", got)
	}
	run("reembed", "--resume")
	ask(hosted, "")
	if got := run("reembed", "--again"); !strings.Contains(got, "live model: "+builtin) || !strings.Contains(got, "former model: "+hosted) {
		t.Errorf("--again says %q", got)
	}
	if got := run("reembed", "--rollback"); !strings.Contains(got, "live model: "+hosted) {
		t.Errorf("--rollback says %q", got)
	}
	ask(hosted, "")
	url := serving(t, bin, data)
	if got := run("reembed", "--again", "--server", url); !strings.Contains(got, "live model: "+builtin) {
		t.Errorf("--again says %q of the server", got)
	}
	if got := run("reembed", "--rollback", "--server", url); !strings.Contains(got, "live model: "+hosted) || !strings.Contains(got, "rolled back: "+builtin) {
		t.Errorf("--rollback says %q of the server", got)
	}
	if got := run("reembed", "--rate", "7", "--server", url, "--json"); !strings.Contains(got, `"texts_per_second": 7`) {
		t.Errorf("--rate says %q of the server", got)
	}
	fails(t, exitFailed, []string{"--server http"}, bin, "reembed", "--rollback", "--data", data, "--lang", "en")
}

// wish begins a change to the built-in model, which a pause keeps from being complete.
func wish(t *testing.T, data string) {
	t.Helper()
	in, err := instance.Open(t.Context(), instance.Config{Data: data, Way: instance.Way{Kind: "static"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}
