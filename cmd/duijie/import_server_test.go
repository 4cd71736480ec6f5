package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

func TestAnImportThroughAServerGivesWhatOneIntoAFolderGives(t *testing.T) {
	bin, from, out := built(t), withSample(t), t.TempDir()
	wantExit(t, 0, "export", "--data", from, "--kind", "all", "--out", out)
	own := ownTenant(t, filepath.Join(out, "patents.jsonl"))
	if strings.Count(own, `"withdrawn":true`) != 2 || strings.Count(own, `"visibility":"private"`) != 2 {
		t.Error("withdrawn or hidden records are missing")
	}
	data := t.TempDir()
	server := serving(t, bin, data)
	for _, want := range []string{"new", "unchanged"} {
		for _, kind := range []string{"patents", "demands"} {
			file := filepath.Join(out, kind+".jsonl")
			code, said, errs := outputs(t, bin, "import", "--server", server, "--kind", kind, "--lang", "en", file)
			rows := strings.Count(contentOf(t, file), "\n")
			n := match.Counted(rows, "row")
			if code != 0 || !strings.HasPrefix(said, n) || !strings.Contains(said, "all searchable") || errs != "" {
				t.Errorf("%s, %s: exit %d: %s%s", kind, want, code, said, errs)
			}
			if want == "unchanged" && !strings.Contains(said, "0 new, 0 updated") {
				t.Errorf("%s again: %s", kind, said)
			}
		}
	}
	again := t.TempDir()
	wantExit(t, 0, "export", "--data", data, "--kind", "all", "--out", again)
	for _, kind := range []string{"patents", "demands"} {
		if a, b := contentOf(t, filepath.Join(out, kind+".jsonl")), contentOf(t, filepath.Join(again, kind+".jsonl")); a != b {
			t.Errorf("%s: %d and %d bytes, which differ", kind, len(a), len(b))
		}
	}
}

// ownTenant takes the rows of other tenants out of a file, as a server is one tenant's, and
// gives what is left.
func ownTenant(t *testing.T, file string) string {
	t.Helper()
	var own strings.Builder
	for line := range strings.Lines(contentOf(t, file)) {
		if !strings.Contains(line, `"tenant":"lab"`) {
			own.WriteString(line)
		}
	}
	if err := os.WriteFile(file, []byte(own.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return own.String()
}

func TestWhatAnImportThroughAServerRejectsIsReportedAsFromAFolder(t *testing.T) {
	bin, data := built(t), t.TempDir()
	server := serving(t, bin, data)
	file := fileOf(t, "p.csv", "公开号,名称,状态,下架\nCN1,电池,有效,\nCN2,,有效,\nCN1,电池包,有效,\nCN3,电机,?!,\nCN4,水泵,有效,是\n")
	var summaries []map[string]any
	for _, to := range [][]string{{"--data", t.TempDir()}, {"--server", server}} {
		report := filepath.Join(t.TempDir(), "r.json")
		args := append([]string{"import", "--kind", "patents", "--report", report, file}, to...)
		if code, said, errs := outputs(t, bin, args...); code != exitRejected {
			t.Fatalf("%v: exit %d: %s%s", to, code, said, errs)
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(contentOf(t, report)), &got); err != nil {
			t.Fatal(err)
		}
		delete(got["summary"].(map[string]any), "seconds")
		summaries = append(summaries, got)
	}
	if diff := cmp.Diff(summaries[0], summaries[1]); diff != "" {
		t.Error(diff)
	}
	fails(t, exitFailed, []string{"--server http://localhost:7601"}, bin, "import", "--data", data, "--kind", "patents", "--lang", "en", file)
	fails(t, exitUsage, []string{"--resume"}, bin, "import", "--server", server, "--resume", "--kind", "patents", "--lang", "en", file)
}

func TestAStreamThatEndsEarlyIsNoSuccess(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"an error":          {`{"result":{"sequence":1,"results":[{"id":"CN1","change":"CHANGE_CREATED","revision":1}]}}` + "\n" + `{"error":{"code":14,"message":"the server is stopping"}}`, "the server is stopping"},
		"too few results":   {`{"result":{"sequence":1,"results":[{"id":"CN1","change":"CHANGE_CREATED","revision":1}]}}`, "not one of Duijie"},
		"too many results":  {`{"result":{"sequence":1,"results":[{},{},{}]}}`, "not one of Duijie"},
		"half a line":       {`{"result":{"sequ`, "broke off"},
		"of something else": {`<html>`, "broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(c.answer)) }))
			defer s.Close()
			records, err := newServerRecords(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			batch := store.Batch{Tenant: match.DefaultTenant}
			for _, number := range []string{"CN1", "CN2"} {
				batch.Items = append(batch.Items, store.Item{Record: match.NewPatent(batch.Tenant, match.Patent{Number: number, Title: "t"})})
			}
			if _, err := records.write(t.Context(), batch); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAMessageOfAStreamIsNeitherTooLongNorTooLarge(t *testing.T) {
	large := strings.Repeat("x", streamedBytes/3)
	for name, c := range map[string]struct {
		records, want int
		text          string
	}{
		"few":   {3, 3, ""},
		"many":  {1000, streamedRecords, ""},
		"large": {9, 3, large},
	} {
		items := make([]store.Item, c.records)
		for i := range items {
			items[i].Record = match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN1", Abstract: c.text})
		}
		if _, taken := messageOf(match.PatentKind, match.DefaultTenant, 1, items); taken != c.want {
			t.Errorf("%s: %d, want %d", name, taken, c.want)
		}
	}
}
