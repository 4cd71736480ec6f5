package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const secret = "sk-0123456789-secret"

// endpoint is an embeddings endpoint that notes the keys which it is sent. While it is
// down it repeats the key in its message.
type endpoint struct {
	*httptest.Server
	mu       sync.Mutex
	keys     []string
	down     bool
	embedded int // texts
}

func newEndpoint(t *testing.T) *endpoint {
	e := &endpoint{}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.keys = append(e.keys, r.Header.Get("Authorization"))
	if e.down {
		http.Error(w, "no capacity for "+r.Header.Get("Authorization"), http.StatusServiceUnavailable)
		return
	}
	var request struct{ Input []string }
	_ = json.NewDecoder(r.Body).Decode(&request)
	e.embedded += len(request.Input)
	var data []any
	for i, text := range request.Input {
		data = append(data, map[string]any{"index": i, "embedding": []float64{1, float64(len(text) % 7)}})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
}

func (e *endpoint) setDown(down bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.down = down
}

// requests is how many came so far, and with what keys.
func (e *endpoint) requests() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.keys)
}

func (e *endpoint) texts() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.embedded
}

func (e *endpoint) lastKey() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.keys[len(e.keys)-1]
}

func (e *endpoint) flags(more ...string) []string {
	return append([]string{"--embedder", "openai", "--openai-url", e.URL, "--openai-model", "m", "--openai-dim", "2", "--log-level", "debug"}, more...)
}

// TestTheKeyComesFromTheEnvironmentOrAFileAndIsPrintedNowhere runs the program with an
// endpoint that is up, and with one that fails and repeats the key.
func TestTheKeyComesFromTheEnvironmentOrAFileAndIsPrintedNowhere(t *testing.T) {
	bin := built(t)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ env, flag []string }{
		"environment": {env: []string{"DUIJIE_OPENAI_KEY=" + secret}},
		"file":        {env: []string{"DUIJIE_OPENAI_KEY=another"}, flag: []string{"--openai-key-file", file}},
	} {
		t.Run(name, func(t *testing.T) {
			e, data := newEndpoint(t), t.TempDir()
			for _, down := range []bool{false, true} {
				e.setDown(down)
				rows := writeRows(t, 0, 3)
				if down {
					rows = writeRows(t, 10, 12)
				}
				for _, args := range [][]string{
					{"import", "--kind", "patents", rows}, {"match", "--text", "电池隔膜"}, {"status", "--unsearchable"}, {"retry"},
				} {
					cmd := exec.Command(bin, append(args, e.flags(append(test.flag, "--data", data)...)...)...)
					cmd.Env = append(os.Environ(), test.env...)
					out, _ := cmd.CombinedOutput() // a retry fails while the endpoint is down
					if strings.Contains(string(out), secret) {
						t.Errorf("%v (down: %v) prints the key:\n%s", args, down, out)
					}
				}
			}
			if got := e.lastKey(); got != "Bearer "+secret {
				t.Errorf("the endpoint was sent %q", got)
			}
			notInFiles(t, data)
		})
	}
}

// notInFiles wants no file below dir to hold the key.
func notInFiles(t *testing.T, dir string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), secret) {
			t.Errorf("%s holds the key", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestRecordsWaitForAnEndpointThatIsDown goes the way of a user: import while the
// endpoint is down, look, match by words, retry when it is back.
func TestRecordsWaitForAnEndpointThatIsDown(t *testing.T) {
	bin, e, data := built(t), newEndpoint(t), t.TempDir()
	run := func(want int, args ...string) string {
		t.Helper()
		code, out := command(t, bin, append(args, e.flags("--data", data, "--lang", "en", "--log-level", "error")...)...)
		if code != want {
			t.Fatalf("%v: exit code %d, want %d\n%s", args, code, want, out)
		}
		return out
	}
	contains := func(out string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("no %q in:\n%s", w, out)
			}
		}
	}
	e.setDown(true)
	run(0, "import", "--kind", "patents", writeRows(t, 0, 3))
	contains(run(0, "status", "--unsearchable"), "3 stored, 0 searchable, 0 pending, 3 waiting for the embedder, 0 failed", "embed_pending", "status 503")
	contains(run(0, "match", "--json", "--text", "电池隔膜涂层 "+mark(1)), `"part": "embedder"`, fmt.Sprintf("CN%09dA", 1))
	contains(run(exitFailed, "retry"), "3 of them failed again")
	e.setDown(false)
	contains(run(0, "retry"), "3 records tried again, 0 of them failed again")
	contains(run(0, "status"), "3 stored, 3 searchable, 0 pending, 0 waiting for the embedder, 0 failed")
}
