package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/bench"
	"github.com/duijie/duijie/internal/tune"
)

// printed runs the program and returns what it prints on standard output, or what it says
// where it fails, and its exit code.
func printed(t *testing.T, bin string, args ...string) (out string, code int) {
	t.Helper()
	cmd := exec.Command(bin, args...)
	var failure strings.Builder
	cmd.Stderr = &failure
	raw, err := cmd.Output()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	if code = cmd.ProcessState.ExitCode(); code != 0 {
		return string(raw) + failure.String(), code
	}
	return string(raw), 0
}

func TestBenchPrintsOneDocumentAndLeavesNothingBehind(t *testing.T) {
	bin, dir, plot := built(t), t.TempDir(), filepath.Join(t.TempDir(), "cost.svg")
	texts := filepath.Join(t.TempDir(), "texts.jsonl")
	if err := os.WriteFile(texts, []byte("{\"title\":\"一种锂电池\",\"abstract\":\"电解液耐低温，循环寿命长，成本低。\"}\n耐磨陶瓷涂层，硬度高，附着力强\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, code := printed(t, bin, "bench", "search", "--sizes", "120,60", "--queries", "10", "--json", "--texts", texts, "--dir", dir, "--plot", plot, "--qdrant", "")
	var report bench.SearchReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 {
		t.Fatalf("code %d, %v:\n%s", code, err, out)
	}
	if len(report.Runs) != 2 || report.Runs[0].Size != 120 || report.Runs[0].Indexes[0].Searches[0].RecallAt10 != 1 {
		t.Errorf("%+v", report)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	if svg, err := os.ReadFile(plot); err != nil || !strings.HasPrefix(string(svg), "<svg") {
		t.Errorf("plot: %v, %.20s", err, svg)
	}
	for lang, word := range map[string]string{"en": "near duplicates", "zh": "近重复"} {
		if out, code := printed(t, bin, "bench", "search", "--sizes", "60", "--queries", "5", "--no-words", "--lang", lang, "--dir", dir, "--qdrant", ""); code != 0 || !strings.Contains(out, word) || !strings.Contains(out, "recall@10") && !strings.Contains(out, "召回@10") {
			t.Errorf("%s: code %d:\n%s", lang, code, out)
		}
	}
	out, code = printed(t, bin, "bench", "embed", "--records", "50", "--json")
	var embedded bench.EmbedReport
	if err := json.Unmarshal([]byte(out), &embedded); err != nil || code != 0 || embedded.Embedding.RecordsPerSecond <= 0 {
		t.Errorf("code %d, %v:\n%s", code, err, out)
	}
	out, code = printed(t, bin, "bench", "soak", "--duration", "1s", "--patents", "100", "--json", "--dir", dir)
	var soak bench.SoakReport
	if err := json.Unmarshal([]byte(out), &soak); err != nil || code != 0 || soak.Matches == 0 {
		t.Errorf("code %d, %v:\n%s", code, err, out)
	}
}

func TestBenchAsksACatalogForTheDemandsOfAFile(t *testing.T) {
	bin, made, data := built(t), filepath.Join(t.TempDir(), "made"), t.TempDir()
	for _, args := range [][]string{
		{"bench", "generate", "--patents", "60", "--demands", "20", "--out", made},
		{"import", "--kind", "patents", filepath.Join(made, "patents.jsonl"), "--data", data},
	} {
		if out, code := printed(t, bin, args...); code != 0 {
			t.Fatalf("%v: code %d:\n%s", args, code, out)
		}
	}
	if out, code := printed(t, bin, "bench", "match", "--data", data, "--lang", "zh"); code != 1 || !strings.Contains(out, "没有需求") {
		t.Errorf("without demands: code %d:\n%s", code, out)
	}
	out, code := printed(t, bin, "bench", "match", filepath.Join(made, "demands.jsonl"), "--data", data, "--queries", "10", "--json")
	var report bench.MatchReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 {
		t.Fatalf("code %d, %v:\n%s", code, err, out)
	}
	if report.Patents != 60 || report.Demands != 9 || report.Hits != 10 || report.P50 <= 0 || !report.Explained {
		t.Errorf("%+v", report)
	}
}

func TestTuneLearnsFromGeneratedPairs(t *testing.T) {
	bin, made := built(t), filepath.Join(t.TempDir(), "made")
	if out, code := printed(t, bin, "bench", "generate", "--pairs", "280", "--out", made); code != 0 {
		t.Fatalf("code %d:\n%s", code, out)
	}
	out, code := printed(t, bin, "tune", "--dataset", made, "--out", filepath.Join(made, "m.duijie"), "--json")
	var card tune.Card
	if err := json.Unmarshal([]byte(out), &card); err != nil || code != 0 {
		t.Fatalf("code %d, %v:\n%s", code, err, out)
	}
	if card.Labels != 280 || card.Demands != 10 || card.Patents != 280 || card.Report.Labels != 280 {
		t.Errorf("%d labels, %d of them measured, of %d demands and %d patents", card.Labels, card.Report.Labels, card.Demands, card.Patents)
	}
}

func TestBenchRefusesWhatCannotBeMeasured(t *testing.T) {
	bin := built(t)
	for _, c := range []struct {
		args  []string
		named string
	}{
		{[]string{"search", "--sizes", "0"}, "--sizes"},
		{[]string{"search", "--queries", "0"}, "--queries"},
		{[]string{"search", "--texts", "/no/such/file"}, "/no/such/file"},
		{[]string{"search", "--qdrant-ef", "64,0"}, "--qdrant-ef"},
		{[]string{"embed", "--records", "0"}, "--records"},
		{[]string{"soak", "--writes", "0"}, "--writes"},
		{[]string{"match", "--queries", "0"}, "--queries"},
		{[]string{"match", "--limit", "0"}, "--limit"},
		{[]string{"match", "--data", "/no/such/folder"}, "/no/such/folder"},
	} {
		out, code := printed(t, bin, append([]string{"bench"}, c.args...)...)
		if code == 0 || !strings.Contains(out, c.named) {
			t.Errorf("%v: code %d, %s", c.args, code, out)
		}
	}
}
