package layers

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/duijie/duijie"

type pkg struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// layers go from the inside out. A package may import those of its own line's
// packages and of the lines above it.
var layers = [][]string{
	{"internal/match"},
	{"internal/text", "internal/quantity", "internal/intake", "internal/facet", "internal/rank", "internal/sample", "internal/vocabulary", "internal/drift", "internal/recent", "internal/endpoint", "internal/logistic"},
	{"internal/embed", "internal/index", "internal/lexical", "internal/quant", "internal/revision", "internal/store"},
	{"internal/ingest", "internal/verdict", "internal/distill", "internal/chat", "internal/archive", "internal/feedback"},
	{"internal/explain", "internal/wording", "internal/rerank", "internal/review"},
	{"internal/retrieve"},
	{"internal/catalog", "internal/tune", "internal/sweep", "internal/faithful"},
	{"internal/instance", "internal/contender", "internal/registry", "internal/pilot", "internal/worth", "internal/judge", "internal/doctor", "internal/backup", "internal/workload", "internal/bench", "api", "internal/server", "internal/console"},
	{"cmd"},
}

func layerOf(path string) int {
	rel := strings.TrimPrefix(path, module+"/")
	for i, line := range layers {
		for _, prefix := range line {
			if rel == prefix || strings.HasPrefix(rel, prefix+"/") {
				return i
			}
		}
	}
	return -1
}

func TestDependenciesPointInward(t *testing.T) {
	for _, p := range list(t) {
		from := layerOf(p.ImportPath)
		if from < 0 {
			continue
		}
		for _, to := range p.Imports {
			if l := layerOf(to); l > from {
				t.Errorf("%s imports %s, which lies further out", p.ImportPath, to)
			}
		}
	}
}

func TestEveryPackageHasItsLayer(t *testing.T) {
	without := []string{"internal/layers", "internal/golden", "proto", "evaluation", "deploy"}
	for _, p := range list(t) {
		rel := strings.TrimPrefix(p.ImportPath, module+"/")
		known := slices.ContainsFunc(without, func(w string) bool { return rel == w || strings.HasPrefix(rel, w+"/") })
		if layerOf(p.ImportPath) < 0 && !known {
			t.Errorf("%s is in no layer; give it one in this test", p.ImportPath)
		}
	}
}

func TestTheDomainImportsTheStandardLibraryAlone(t *testing.T) {
	for _, p := range list(t) {
		if p.ImportPath != module+"/internal/match" {
			continue
		}
		for _, to := range p.Imports {
			if strings.Contains(strings.SplitN(to, "/", 2)[0], ".") {
				t.Errorf("the domain imports %s", to)
			}
		}
	}
}

// reserved says who alone may import what, directly.
var reserved = []struct {
	what string
	by   []string
}{
	{"google.golang.org/grpc", []string{"internal/server", "api", "internal/index/qdrant"}},
	{"github.com/qdrant/go-client", []string{"internal/index/qdrant"}},
	{"modernc.org/sqlite", []string{"internal/store/sqlite"}},
	{"github.com/jackc/pgx/v5", []string{"internal/store/postgres"}},
	{"github.com/sashabaranov/go-openai", []string{"internal/embed/openai", "internal/chat"}},
	{"github.com/failsafe-go/failsafe-go", []string{"internal/endpoint"}},
	{"github.com/ebitengine/purego", []string{"internal/embed/onnx"}},
	{"github.com/alecthomas/kong", []string{"cmd/duijie"}},
}

func TestLibrariesStayBehindTheirAdapters(t *testing.T) {
	for _, p := range list(t) {
		rel := strings.TrimPrefix(p.ImportPath, module+"/")
		for _, r := range reserved {
			for _, to := range p.Imports {
				if to != r.what && !strings.HasPrefix(to, r.what+"/") {
					continue
				}
				if !slices.ContainsFunc(r.by, func(b string) bool { return rel == b || strings.HasPrefix(rel, b+"/") }) {
					t.Errorf("%s imports %s, which is for %v", p.ImportPath, to, r.by)
				}
			}
		}
	}
}

func TestImplementationsDoNotKnowEachOther(t *testing.T) {
	for _, p := range list(t) {
		for _, contract := range []string{"embed", "index", "lexical", "store"} {
			prefix := module + "/internal/" + contract + "/"
			if !strings.HasPrefix(p.ImportPath, prefix) {
				continue
			}
			self := strings.SplitN(strings.TrimPrefix(p.ImportPath, prefix), "/", 2)[0]
			for _, to := range p.Imports {
				if contract == "index" && self == "segment" && to == prefix+"flat" {
					continue // its newest layer is a flat index
				}
				other, inside := strings.CutPrefix(to, prefix)
				if inside && strings.SplitN(other, "/", 2)[0] != self {
					t.Errorf("%s imports %s", p.ImportPath, to)
				}
			}
		}
	}
}
