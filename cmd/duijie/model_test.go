package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/embed/static"
)

// teacherServer is an endpoint that gives each text a vector of 16 numbers, drawn from
// its digest.
func teacherServer(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		type item struct {
			Index     int       `json:"index"`
			Embedding []float64 `json:"embedding"`
		}
		var reply struct {
			Data []item `json:"data"`
		}
		for i, text := range request.Input {
			h := fnv.New64a()
			_, _ = h.Write([]byte(text))
			draw, v := rand.New(rand.NewPCG(h.Sum64(), 1)), make([]float64, 16)
			for k := range v {
				v[k] = draw.NormFloat64()
			}
			reply.Data = append(reply.Data, item{i, v})
		}
		_ = json.NewEncoder(w).Encode(reply)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestDistillWritesAModelThatOpensAndTellsWhatItWasMadeFrom(t *testing.T) {
	server, dir := teacherServer(t), t.TempDir()
	words, texts := filepath.Join(dir, "words.txt"), filepath.Join(dir, "texts.jsonl")
	put(t, words, "电池 900 n\n隔膜 50 n\n材料 400 n\n电 10\n池 9\n膜 8\n")
	put(t, texts, `{"title":"电池隔膜材料","text":"一种电池，含隔膜。"}`+"\n"+`{"title":"材料","text":"膜材料；电池材料"}`+"\n")
	var files [2]string
	for i := range files {
		out := filepath.Join(dir, fmt.Sprintf("own%d.static", i))
		wantExit(t, 0, "model", "distill", "--teacher", "openai", "--openai-url", server.URL, "--openai-model", "m",
			"--words", words, "--texts", texts, "--name", "own", "--dims", "8", "--size", "5000", "--licence", "words.txt=MIT", "--out", out)
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = string(data)
	}
	if files[0] != files[1] {
		t.Error("the same command gave two files")
	}
	m, err := static.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if m.Name() != "own" || m.Dim() != 8 {
		t.Errorf("name %s, %d dimensions", m.Name(), m.Dim())
	}
	for _, want := range []string{"| word list | words.txt |", "| MIT |", "| texts | texts.jsonl |", "openai/m"} {
		if !strings.Contains(m.Card(), want) {
			t.Errorf("the card lacks %q:\n%s", want, m.Card())
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.part")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	wantExit(t, 0, "model", "show", filepath.Join(dir, "own0.static"))
	wantExit(t, 0, "model", "list")
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAModelFileThatIsNoneIsRefused(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none.static")
	broken := filepath.Join(t.TempDir(), "broken.static")
	put(t, broken, "DJSTATIC and nothing else")
	for _, args := range [][]string{
		{"model", "show", none},
		{"model", "show", broken},
		{"match", "--data", t.TempDir(), "--text", "电池", "--static-model", none},
		{"match", "--data", t.TempDir(), "--text", "电池", "--static-model", broken, "--embedder", "openai"},
	} {
		wantExit(t, exitFailed, args...)
	}
}
