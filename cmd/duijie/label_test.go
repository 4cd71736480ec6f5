package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/google/go-cmp/cmp"
)

// sampleFolder is a data folder with the sample.
func sampleFolder(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	in, err := instance.Open(t.Context(), instance.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	_, err = loadSample(t.Context(), in)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// file writes a file of that text.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// listed is what label list --json prints.
func listed(t *testing.T, bin string, args ...string) []match.Label {
	t.Helper()
	out, err := exec.Command(bin, append([]string{"label", "list", "--json"}, args...)...).Output()
	var got struct{ Labels []match.Label }
	if err != nil || json.Unmarshal(out, &got) != nil || got.Labels == nil {
		t.Fatalf("label list %v: %v\n%s", args, err, out)
	}
	return got.Labels
}

// freeAddress is one that nobody listens to.
func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}

// serving runs serve on the data folder, and gives the HTTP address.
func serving(t *testing.T, bin, data string) string {
	t.Helper()
	address := freeAddress(t)
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, bin, "serve", "--data", data, "--grpc", "127.0.0.1:0", "--listen", address, "--metrics", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); cmd.Wait() })
	for range 300 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return "http://" + address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the server does not listen:\n%s", said.String())
	return ""
}

func TestLabelsGoInAndOutOfAFolderAndARunningServer(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	rows := file(t, "labels.csv", "需求编号,专利号,等级,标注人,标注时间,理由,来源\n"+
		"D-BAT1,CN202110312047B,3,张三,2026-03-12,差一项指标,专家\n"+
		"D-BAT1,CN202110312047B,7,李四,,,\nD-BAT1,CN-unknown,2,张三,,,模型\nD-BAT1,CN201910448213B,,张三,,,\n")
	said := []string{"labels.csv, line 3: level: 7 is not in 1 to 4", "4 rows: 2 labels written, 1 not judged yet, 1 rejected", "1 label of records that are not here, such as patent CN-unknown"}
	want := []match.Label{
		{Tenant: "default", Demand: "D-BAT1", Patent: "CN-unknown", Level: 2, Rater: "张三", Source: match.ModelSource},
		{Tenant: "default", Demand: "D-BAT1", Patent: "CN202110312047B", Level: 3, Rater: "张三", Reason: "差一项指标", Source: match.ExpertSource,
			At: time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)},
	}
	server := serving(t, bin, sampleFolder(t))
	for name, at := range map[string][]string{"folder": {"--data", data}, "server": {"--server", server}} {
		t.Run(name, func(t *testing.T) {
			run := func(code int, parts []string, args ...string) {
				t.Helper()
				fails(t, code, parts, bin, append(append(args, "--lang", "en"), at...)...)
			}
			before := len(listed(t, bin, at...))
			run(exitRejected, said, "label", "import", rows)
			if diff := cmp.Diff(want, listed(t, bin, append(at, "--rater", "张三")...)); diff != "" {
				t.Error(diff)
			}
			run(0, []string{"Stored: demand D-BAT1 and patent CN202110312047B, level 4 (strong), by 张三."},
				"label", "set", "--demand", "D-BAT1", "--patent", "CN202110312047B", "--level", "强", "--rater", "张三", "--reason", "补测达标")
			one := listed(t, bin, append(at, "--rater", "张三", "--source", "expert")...)
			if len(one) != 1 || one[0].Level != 4 || one[0].Reason != "补测达标" || one[0].At.IsZero() {
				t.Errorf("%+v", one)
			}
			run(0, []string{"Stored: demand D-none", "level 1 (none)", "there is no demand D-none"}, "label", "set", "--demand", "D-none", "--patent", "CN202110312047B", "--level", "1", "--rater", "张三")
			run(exitUsage, []string{"--rater: is empty"}, "label", "set", "--demand", "D-BAT1", "--patent", "CN202110312047B", "--level", "1", "--rater", " ")
			run(exitUsage, []string{`--level: "5" is not a level`}, "label", "set", "--demand", "D-none", "--patent", "CN202110312047B", "--level", "5", "--rater", "张三")
			name := []string{"label", "withdraw", "--demand", "D-none", "--patent", "CN202110312047B", "--rater", "张三"}
			run(0, []string{"Withdrawn"}, name...)
			run(exitFailed, []string{"D-none", "张三"}, name...)
			run(0, []string{"demand\tpatent\tlevel", "补测达标"}, "label", "list", "--demand", "D-BAT1", "--patent", "CN202110312047B")
			if all := listed(t, bin, at...); len(all) != before+2 {
				t.Errorf("%d labels, there were %d", len(all), before)
			}
			if some := listed(t, bin, append(at, "--limit", "3")...); len(some) != 3 {
				t.Errorf("%d labels for --limit 3", len(some))
			}
		})
	}
}

func TestAFolderThatAServerHasIsReadAndWrittenThroughTheServer(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	server := serving(t, bin, data)
	set := []string{"label", "set", "--demand", "D-BAT1", "--patent", "CN202110312047B", "--level", "1", "--rater", "x"}
	fails(t, exitFailed, []string{"--server http://localhost:7601"}, bin, append(set, "--data", data)...)
	fails(t, 0, nil, bin, append(set, "--server", server)...)
	if got := listed(t, bin, "--data", data, "--rater", "x"); len(got) != 1 {
		t.Errorf("the folder has %v", got)
	}
	nameless := file(t, "nameless.csv", "需求编号,专利号,等级,标注人\nD-BAT1,CN202110312047B,3,\nD-BAT1,CN201910448213B,2,y\n")
	fails(t, exitRejected, []string{"nameless.csv, line 2: rater: is empty", "--rater", "1 label written", "1 rejected"}, bin, "label", "import", "--server", server, "--lang", "en", nameless)
	fails(t, 0, []string{"2 labels written"}, bin, "label", "import", "--server", server, "--lang", "en", "--rater", "z", nameless)
	if y, z := listed(t, bin, "--data", data, "--rater", "y"), listed(t, bin, "--data", data, "--rater", "z"); len(y) != 1 || len(z) != 1 {
		t.Errorf("labels by y %v, by z %v", y, z)
	}
	fails(t, exitUsage, []string{"--server", "not an address"}, bin, "label", "list", "--server", "localhost:7601", "--lang", "en")
	fails(t, exitFailed, []string{"127.0.0.1:1", "cannot be reached"}, bin, "label", "list", "--server", "http://127.0.0.1:1", "--lang", "en")
}

func TestPairsWorthJudgingComeBackAsLabels(t *testing.T) {
	bin, data, out := built(t), sampleFolder(t), t.TempDir()
	fails(t, 0, nil, bin, "export", "--data", data, "--dataset", filepath.Join(out, "set"))
	fails(t, 0, nil, bin, "evaluate", "--dataset", filepath.Join(out, "set"), "--model", "bm25", "--model", "random",
		"--samples", "20", "--worth", "4", "--out", filepath.Join(out, "report"))
	raw, err := os.ReadFile(filepath.Join(out, "report", "worth.csv"))
	if err != nil {
		t.Fatal(err)
	}
	fails(t, exitUsage, []string{`不认识 "foo"`}, bin, "evaluate", "--dataset", filepath.Join(out, "set"), "--model", "foo", "--lang", "zh")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 5 || rows[1][6]+rows[1][7] == "" || rows[1][8] == "" {
		t.Fatalf("%v\n%s", err, raw)
	}
	for _, row := range rows[1:4] {
		row[2], row[3] = "2", "评审甲"
	}
	var filled bytes.Buffer
	if err := csv.NewWriter(&filled).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	fails(t, 0, []string{"3 labels written, 1 not judged yet, 0 rejected"}, bin, "label", "import", "--data", data, "--lang", "en", file(t, "worth.csv", filled.String()))
	if got := listed(t, bin, "--data", data, "--rater", "评审甲"); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestListedLabelsAreImportedAgain(t *testing.T) {
	bin, data, other := built(t), sampleFolder(t), t.TempDir()
	out, err := exec.Command(bin, "label", "list", "--json", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := listed(t, bin, "--data", data)
	fails(t, 0, []string{fmt.Sprintf("%d rows: %d labels written, 0 not judged yet, 0 rejected", len(want), len(want))},
		bin, "label", "import", "--data", other, "--lang", "en", file(t, "ll.json", string(out)))
	if diff := cmp.Diff(want, listed(t, bin, "--data", other)); diff != "" {
		t.Error(diff)
	}
	last := strings.Replace(string(out), "{\"labels\"", "{\"total\": 3,\n\"labels\"", 1)
	fails(t, exitFailed, []string{"ll.json", "one JSON object over several lines"},
		bin, "label", "import", "--data", other, "--lang", "en", file(t, "ll.json", last))
}

func TestRowsOfOneRaterThatContradictEachOtherAreReported(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	rows := file(t, "labels.csv", "demand_id,patent_number,level,rater\n"+
		"D-BAT1,CN202110312047B,3,a\nD-BAT1,CN202110312047B,1,b\nD-BAT1,CN201910448213B,2,a\nD-BAT1,CN202110312047B,3,a\nD-BAT1,CN202110312047B,1,a\n")
	report := filepath.Join(t.TempDir(), "report.csv")
	fails(t, 0, []string{"5 labels written", "the last row counts: 1 row (such as " + rows + ", row 6 with level 1 and row 5 with level 3: D-BAT1, CN202110312047B)"},
		bin, "label", "import", "--data", data, "--lang", "en", "--report", report, rows)
	if said, err := os.ReadFile(report); err != nil || !strings.Contains(string(said), "gave the pair level 3 in row 5; level 1 of this row counts") {
		t.Errorf("%v:\n%s", err, said)
	}
	fails(t, 0, []string{"第 6 行 1 级与第 5 行 3 级"}, bin, "label", "import", "--data", data, "--lang", "zh", rows)
	fails(t, 0, []string{`"contradicting_rows": 1`, `"level_before": 3`}, bin, "label", "import", "--data", data, "--json", rows)
}
