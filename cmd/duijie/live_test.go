package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/instance"
)

// hosted is a folder of 30 patents whose live model is that of an endpoint, and what
// calls a command on it.
func hosted(t *testing.T, bin string, e *endpoint) (data string, run func(args ...string) string) {
	t.Helper()
	data = t.TempDir()
	run = func(args ...string) string {
		t.Helper()
		code, out := command(t, bin, append(args, "--data", data, "--lang", "en", "--log-level", "error")...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s", args, code, out)
		}
		return out
	}
	run("import", "--kind", "patents", writeRows(t, 0, 30))
	run(append([]string{"reembed"}, e.flags()...)...)
	return data, run
}

func modelsIn(t *testing.T, data string) instance.Models {
	t.Helper()
	m, err := instance.ReadModels(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestNoCommandThatReadsOrImportsChangesTheLiveModel(t *testing.T) {
	bin, e := built(t), newEndpoint(t)
	data, run := hosted(t, bin, e)
	want := modelsIn(t, data)
	if !strings.HasPrefix(want.Live, "openai/") {
		t.Fatalf("%+v", want)
	}
	pairs := filepath.Join(t.TempDir(), "pairs.tsv")
	if err := os.WriteFile(pairs, []byte("D1\tCN000000001A\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"match", "--text", "电池隔膜涂层"}, {"import", "--kind", "patents", writeRows(t, 30, 33)},
		{"retry"}, {"reembed"}, {"status"}, {"doctor"}, {"doctor", "--repair"},
	} {
		run(args...)
		if diff := cmp.Diff(want, modelsIn(t, data)); diff != "" {
			t.Errorf("after %v (-want +got):\n%s", args, diff)
		}
	}
	_, _ = command(t, bin, "score", "--pairs", pairs, "--data", data) // the demand is not there
	serving(t, bin, data)
	if diff := cmp.Diff(want, modelsIn(t, data)); diff != "" {
		t.Errorf("after score and serve (-want +got):\n%s", diff)
	}
}

func TestFlagsOfAnotherModelAreRefusedByCommandsThatDoNotChangeIt(t *testing.T) {
	bin, e := built(t), newEndpoint(t)
	data, run := hosted(t, bin, e)
	want := modelsIn(t, data)
	for _, args := range [][]string{
		{"match", "--text", "电池隔膜涂层"}, {"import", "--kind", "patents", writeRows(t, 30, 33)}, {"retry"},
	} {
		args = append(args, "--data", data, "--embedder", "static")
		fails(t, exitFailed, []string{want.Live, "duijie reembed"}, bin, append(args, "--lang", "en")...)
		fails(t, exitFailed, []string{want.Live, "要更换请用 duijie reembed"}, bin, append(args, "--lang", "zh")...)
	}
	if diff := cmp.Diff(want, modelsIn(t, data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	run(append([]string{"match", "--text", "电池隔膜涂层"}, e.flags()...)...) // the live one may be named
}

func TestTheDoctorLooksAtTheLiveModelWithoutItsFlags(t *testing.T) {
	bin, e := built(t), newEndpoint(t)
	data, run := hosted(t, bin, e)
	live := modelsIn(t, data).Live
	e.setDown(true)
	if out := run("doctor"); !strings.Contains(out, "vectors of 30 records compared (model "+live+")") {
		t.Errorf("doctor says %s", out)
	}
	fails(t, exitUnsound, nil, bin, "doctor", "--data", ruined(t, data, live))
}

// ruined is the folder without the vectors of the patents of a model.
func ruined(t *testing.T, data, model string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(instance.VectorDir(data, model), "patents*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v, %v", paths, err)
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	return data
}

// TestReembedTellsWhatTheAPITells compares the state as JSON of the folder, of the server
// and of the API itself.
func TestReembedTellsWhatTheAPITells(t *testing.T) {
	bin, e := built(t), newEndpoint(t)
	data, run := hosted(t, bin, e)
	run("reembed", "--rate", "7")
	run("reembed", "--pause")
	url := serving(t, bin, data)
	var api struct {
		Reembedding map[string]any `json:"reembedding"`
	}
	if m := (&mortal{url: url}); !m.call("GET", reembeddingPath, "", &api) {
		t.Fatal("the server does not tell")
	}
	if api.Reembedding["paused"] != true || api.Reembedding["texts_per_second"] != 7.0 {
		t.Errorf("the API tells %v", api.Reembedding)
	}
	for _, where := range [][]string{nil, {"--server", url}} {
		var got map[string]any
		if err := json.Unmarshal([]byte(run(append([]string{"reembed", "--json"}, where...)...)), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(api.Reembedding, got); diff != "" {
			t.Errorf("reembed %v (-API +got):\n%s", where, diff)
		}
		if out := run(append([]string{"reembed"}, where...)...); !strings.Contains(out, "paused, at most 7 texts a second") {
			t.Errorf("reembed %v says %s", where, out)
		}
	}
}
