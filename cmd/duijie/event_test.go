package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestEventsGoInFromFilesAndComeOutAgain(t *testing.T) {
	bin := built(t)
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	csv := filepath.Join(dir, "events.csv")
	rows := "事件编号,需求编号,专利号,行为方,事件类型,拒绝原因,评分,时间\n" +
		"e1,D1,CN1,企业,联系,,5,2026-03-01\n" +
		"e2,D1,CN1,专利权人,回复,,4,2026-03-02\n" +
		"e3,D1,CN2,企业,拒绝,,,2026-03-02\n" +
		"e4,D1,CN2,企业,拒绝,价格过高,,2026-03-02\n" +
		"e5,D1,CN2,企业,查看,,,2026-03-02\n"
	if err := os.WriteFile(csv, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := outputs(t, bin, "event", "import", csv, "--data", data, "--json", "--lang", "en")
	var sum struct {
		Rows, Created, Unchanged int
		RejectedRows             int `json:"rejected_rows"`
		Rejected                 []struct{ Field, Row string }
	}
	if err := json.Unmarshal([]byte(out), &sum); err != nil || code != exitRejected {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	if sum.Rows != 5 || sum.Created != 3 || sum.RejectedRows != 2 || sum.Rejected[0].Field != "reason" || sum.Rejected[1].Field != "request_id" {
		t.Errorf("the summary is %+v", sum)
	}
	code, listed, errs := outputs(t, bin, "event", "list", "--data", data, "--lines")
	if code != 0 || strings.Count(listed, "\n") != 3 || !strings.Contains(listed, `"reason":"price"`) || !strings.Contains(listed, `"proof":"no_request"`) {
		t.Fatalf("exit %d: %s%s", code, listed, errs)
	}
	code, document, errs := outputs(t, bin, "event", "list", "--data", data, "--json")
	var list struct{ Events []match.Event }
	if err := json.Unmarshal([]byte(document), &list); err != nil || code != 0 || len(list.Events) != 3 {
		t.Fatalf("exit %d, %v: %s%s", code, err, document, errs)
	}
	if code, none, errs := outputs(t, bin, "event", "list", "--data", data, "--json", "--demand", "D9"); code != 0 || none != "{\"events\": []}\n" {
		t.Errorf("exit %d: %q %s", code, none, errs)
	}
	again, other := filepath.Join(dir, "again.json"), filepath.Join(dir, "other")
	if err := os.WriteFile(again, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := outputs(t, bin, "event", "import", again, "--data", other, "--lang", "en"); code != 0 || !strings.Contains(out, "3 events written") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	if code, out, errs := outputs(t, bin, "event", "import", again, "--data", other, "--lang", "en"); code != 0 || !strings.Contains(out, "3 there before") {
		t.Errorf("again: exit %d: %s%s", code, out, errs)
	}
	if code, relisted, errs := outputs(t, bin, "export", "--kind", "events", "--data", other); code != 0 || relisted != listed {
		t.Errorf("exit %d: %s%s, want %s", code, relisted, errs, listed)
	}
	if code, out, errs := outputs(t, bin, "label", "from-events", "--data", other, "--lang", "en"); code != 0 || !strings.Contains(out, "1 label derived") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if code, _, errs := outputs(t, bin, "replay", "--request", "none", "--data", other, "--lang", "en"); code != exitFailed || !strings.Contains(errs, "not kept") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestAFileOfEventsWithoutIDsIsCountedOnce(t *testing.T) {
	bin := built(t)
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "events.csv")
	header := "需求编号,专利号,行为方,事件类型,评分,时间\n"
	// The same contact twice, and one without a time.
	rows := "D1,CN1,企业,联系,5,2026-03-01\nD1,CN1,企业,联系,5,2026-03-01\nD1,CN1,专利权人,回复,,\n"
	for _, step := range []struct{ rows, want string }{
		{rows, "3 events written, 0 there before"},
		{rows, "0 events written, 3 there before"},
		{"D2,CN1,企业,联系,,2026-03-05\n" + rows, "1 event written, 3 there before"},
	} {
		if err := os.WriteFile(file, []byte(header+step.rows), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := outputs(t, bin, "event", "import", file, "--data", data, "--lang", "en"); code != 0 || !strings.Contains(out, step.want) {
			t.Errorf("exit %d: %s%s, want %s", code, out, errs, step.want)
		}
	}
	_, out, _ := outputs(t, bin, "event", "list", "--data", data, "--lang", "zh")
	if lines := strings.Split(out, "\n"); len(lines) != 6 || !strings.Contains(lines[3], "\t专利权人\t回复\t\t\t\t\t未指明请求\t") {
		t.Errorf("no rank and no rating are not empty: %q", out)
	}
}

// outputs runs the program and tells apart what it prints.
func outputs(t *testing.T, bin string, args ...string) (code int, out, errs string) {
	t.Helper()
	cmd := exec.Command(bin, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if _, ended := err.(*exec.ExitError); !ended {
			t.Fatal(err)
		}
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

func TestAFileOfEventsCannotProveThemselves(t *testing.T) {
	bin, first, second := built(t), t.TempDir(), t.TempDir()
	row := `{"id":"e%d","tenant":"default","request_id":"r1","demand_id":"D1","patent_number":"CN1","rank_shown":1,"side":"demand","type":"view","time":"2026-03-01T00:00:00Z","proof":"%s"}` + "\n"
	said := fmt.Sprintf(row, 1, "said_shown")
	code, out, errs := outputs(t, bin, "event", "import", fileOf(t, "e.jsonl", fmt.Sprintf(row, 1, "shown")+fmt.Sprintf(row, 2, "verified")), "--data", first, "--lang", "en")
	if code != 0 || !strings.Contains(out, "2 whose answer is not kept or not named (1 of them shown as the file says") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	want := said + fmt.Sprintf(row, 2, "unknown_request")
	for _, data := range []string{first, second} {
		code, exported, errs := outputs(t, bin, "export", "--kind", "events", "--data", data)
		if code != 0 || exported != want {
			t.Fatalf("exit %d: %s%s, want %s", code, exported, errs, want)
		}
		if code, _, errs := outputs(t, bin, "event", "import", fileOf(t, "e.jsonl", exported), "--data", second); code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
	}
}
