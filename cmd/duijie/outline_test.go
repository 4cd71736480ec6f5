package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnOutlineKeepsTheOrderAndShowsListsOfPlainValuesOnALine(t *testing.T) {
	var out strings.Builder
	err := writeOutline(&out, json.RawMessage(`{"z": "名称", "levels": [1, 2.50], "none": null, "empty": [], "report": {"b": true, "points": [{"n": 1}, {"n": 2}], "table": [[1, 2], [3]]}, "last": 1e-9}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `z: 名称
levels: 1, 2.50
none: –
empty:
report:
  b: true
  points:
    -
      n: 1
    -
      n: 2
  table:
    - 1, 2
    - 3
last: 1e-9
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}
