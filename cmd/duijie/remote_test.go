package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestWhatAServerRefusesIsSaidInBothLanguages(t *testing.T) {
	body := []byte(`{"code": 10, "message": "dataset q: there is one of this name", "details": [
		{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "CONFLICT"},
		{"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "zh-CN", "message": "评测集 q：已有同名的"}]}`)
	for host, before := range map[string]string{ownHost: "", "localhost:7601": "http://localhost:7601"} {
		got := match.Localised((&remote{base: &url.URL{Scheme: "http", Host: host}}).refusal(409, body))
		if !strings.HasSuffix(got.EN, "dataset q: there is one of this name") || !strings.HasSuffix(got.ZH, "评测集 q：已有同名的") ||
			!strings.HasPrefix(got.EN, before) || before == "" && strings.Contains(got.EN+got.ZH, ownHost) {
			t.Errorf("%s: %+v", host, got)
		}
	}
	if got := match.Localised((&remote{base: &url.URL{Scheme: "http", Host: "h"}}).refusal(502, []byte("<html>"))); !strings.Contains(got.EN, "502") {
		t.Errorf("%+v", got)
	}
}

func TestACellThatIsEmptyMovesNoOther(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pairs.csv")
	for rows, want := range map[string]string{
		"demand_id,patent_number\nD1,CN1,2\n\nD2\tCN2\n": "",
		"D1,CN1\n,CN2,2\n": "line 2",
		"D1,\n":            "line 1",
		"D1\n":             "line 1",
	} {
		if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
		pairs, faults, err := readPairs(file)
		if err != nil || want == "" && (len(faults) > 0 || len(pairs) != 2 || pairs[1] != pairOf("D2", "CN2")) ||
			want != "" && (len(faults) != 1 || len(pairs) != strings.Count(rows, "D1,CN1") || !strings.Contains(faults[0].Error(), want)) {
			t.Errorf("%q: %v, %v, %v", rows, pairs, faults, err)
		}
	}
}
