package ingest

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestRowsOfOtherNamesHavePlansOfTheirOwn(t *testing.T) {
	// Joined by NUL the names of both rows would be the same.
	rows, _ := readAll(t, "a.jsonl", strings.Join([]string{
		`{"id":"1","title":"t","a":"x","b":"y"}`, `{"id":"2","title":"t","a\u0000b":"z"}`, `{"title":"t","id":"3"}`, `{"id":"4","title":"t","a":"x","b":"y"}`,
	}, "\n"), Options{Kind: match.PatentKind})
	for i, row := range rows {
		if i == 1 {
			checkBad(t, row, "a.jsonl, line 2", "attributes", "contains a NUL character")
			continue
		}
		if row.Err != nil || row.Record.ID != string(rune('1'+i)) {
			t.Errorf("row %d: %+v", i+1, row)
		}
	}
}
