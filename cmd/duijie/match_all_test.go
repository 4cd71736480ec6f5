package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// catalogOf imports generated records.
func catalogOf(t *testing.T, bin string, patents, demands string) (data string) {
	t.Helper()
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	if out, code := printed(t, bin, "bench", "generate", "--patents", patents, "--demands", demands, "--out", dir); code != 0 {
		t.Fatal(out)
	}
	for _, kind := range []string{"patents", "demands"} {
		if out, code := printed(t, bin, "import", "--data", data, "--kind", kind, filepath.Join(dir, kind+".jsonl")); code != 0 {
			t.Fatal(out)
		}
	}
	return data
}

func TestEverythingIsMatchedOnceWhateverKillsTheProgram(t *testing.T) {
	bin := built(t)
	data, dir := catalogOf(t, bin, "400", "150"), t.TempDir()
	whole, broken := filepath.Join(dir, "whole.tsv"), filepath.Join(dir, "broken.tsv")
	out, code := printed(t, bin, "match", "--all", "--data", data, "-n", "3", "--out", whole, "--json")
	var report allReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 || report.Records != 150 || report.Targets == 0 || report.Rows != 450 {
		t.Fatalf("code %d, %v:\n%s", code, err, out)
	}
	r := rand.New(rand.NewPCG(4, 4))
	args := []string{"match", "--all", "--data", data, "-n", "3", "--out", broken, "--block", "3"}
	kills, begun := 0, false
	for {
		cmd, wait := exec.Command(bin, args...), time.Duration(r.IntN(60))*time.Millisecond
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < 8 { // once the first block is there, at any moment
			go func() {
				for range 1000 {
					if _, err := os.Stat(broken + ".part.json"); err == nil {
						break
					}
					time.Sleep(time.Millisecond)
				}
				time.Sleep(wait)
				_ = cmd.Process.Kill()
			}()
		}
		err := cmd.Wait()
		if err == nil {
			break
		}
		if cmd.ProcessState.ExitCode() > 0 {
			t.Fatal(err)
		}
		kills++
		if _, err := os.Stat(broken + ".part.json"); err == nil && !begun {
			args, begun = append(args, "--resume"), true
		}
	}
	if !begun {
		t.Fatal("no kill came after the first block")
	}
	if contentOf(t, whole) != contentOf(t, broken) {
		t.Errorf("after %d kills:\n%s\nwant\n%s", kills, contentOf(t, broken), contentOf(t, whole))
	}
	t.Logf("%d kills", kills)

	// The scores are those of duijie score.
	pairs := filepath.Join(dir, "pairs.tsv")
	var lines, want []string
	for _, row := range strings.Split(strings.TrimSpace(contentOf(t, whole)), "\n")[1:] {
		cells := strings.Split(row, "\t")
		lines, want = append(lines, cells[0]+"\t"+cells[1]), append(want, strings.Join([]string{cells[0], cells[1], cells[3], cells[4]}, "\t"))
	}
	if err := os.WriteFile(pairs, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	scored, code := printed(t, bin, "score", "--data", data, "--pairs", pairs)
	got := strings.Split(strings.TrimSpace(scored), "\n")[1:]
	for i, row := range got { // without the columns of levels and of the other side
		got[i] = strings.Join(strings.Split(row, "\t")[:4], "\t")
	}
	if code != 0 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("score prints\n%s\nand match --all\n%s", scored, strings.Join(want, "\n"))
	}
}

func TestMatchAllHasTheListsOfMatch(t *testing.T) {
	bin := built(t)
	data := catalogOf(t, bin, "900", "25")
	out, code := printed(t, bin, "match", "--all", "--data", data, "-n", "40")
	if code != 0 {
		t.Fatal(out)
	}
	all := map[string][]string{}
	for _, row := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
		if cells := strings.Split(row, "\t"); len(cells) == 5 { // not the summary
			all[cells[0]] = append(all[cells[0]], cells[1]+" "+cells[3])
		}
	}
	if len(all) != 25 {
		t.Fatalf("%d demands:\n%s", len(all), out)
	}
	for _, demand := range slices.Sorted(maps.Keys(all))[:5] {
		_, out, errs := outputs(t, bin, "match", "--demand", demand, "--data", data, "-n", "40", "--json")
		var answer struct {
			Hits []struct {
				Patent struct{ Number string }
				Score  struct{ Value float64 }
			}
		}
		if err := json.Unmarshal([]byte(out), &answer); err != nil {
			t.Fatal(err, out, errs)
		}
		var alone []string
		for _, h := range answer.Hits {
			alone = append(alone, fmt.Sprintf("%s %.6f", h.Patent.Number, h.Score.Value))
		}
		if diff := cmp.Diff(alone, all[demand]); diff != "" {
			t.Errorf("%s (-match +match --all):\n%s", demand, diff)
		}
	}
}

func TestMatchAllWritesToStandardOutputAndRefusesWhatMakesNoSense(t *testing.T) {
	bin := built(t)
	data := catalogOf(t, bin, "60", "20")
	out, code := printed(t, bin, "match", "--all", "--side", "patents", "--data", data, "--format", "jsonl", "-n", "2", "--shard", "1/1")
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var row struct {
			Demand string `json:"demand_id"`
			Patent string `json:"patent_number"`
			Rank   int
			Score  float64
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.Demand == "" || row.Patent == "" || row.Rank < 1 || code != 0 {
			t.Fatalf("code %d, %v: %s", code, err, line)
		}
	}
	for _, c := range []struct {
		args  []string
		named string
	}{
		{[]string{"--all", "--resume"}, "--resume"},
		{[]string{"--all", "--json"}, "--json"},
		{[]string{"--all", "--format", "parquet"}, "--format"},
		{[]string{"--all", "--explain"}, "--explain"},
		{[]string{"--all", "--shard", "3/2"}, "--shard"},
		{[]string{"--all", "--dense", "--words"}, "--words"},
		{[]string{"--all", "--dense", "--no-words"}, "--words"},
		{[]string{"--all", "--dense", "--model", "national"}, "--model"},
		{[]string{"--all", "--model", "sector/none"}, "sector/none"},
		{[]string{"--all", "--party", "x"}, "--party"},
		{[]string{"--demand", "D-0000001", "--no-words"}, "--words"},
		{[]string{"--demand", "D-0000001", "--depth", "50"}, "--depth"},
		{[]string{"--all", "-n", "0"}, "--limit"},
		{[]string{"--all", "--side", "patents", "--ipc", "H01M"}, "--ipc"},
		{[]string{"--all", "--resume", "--out", filepath.Join(t.TempDir(), "x")}, "no job"},
		{[]string{"--demand", "D-0000001", "--out", "x"}, "--out"},
		{[]string{"--all", "--demand", "D-0000001"}, "--all"},
	} {
		out, code := printed(t, bin, append([]string{"match", "--lang", "en", "--data", data}, c.args...)...)
		if code == 0 || !strings.Contains(out, c.named) {
			t.Errorf("%v: code %d, %s", c.args, code, out)
		}
	}
}
