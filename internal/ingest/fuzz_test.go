package ingest

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// fuzzRead reads data to its end and checks what Reader promises of any input.
func fuzzRead(t *testing.T, data []byte, name string) {
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		r, err := NewReader(bytes.NewReader(data), name, Options{Kind: kind})
		if err != nil {
			continue
		}
		line := 0
		for {
			row, err := r.Next()
			if err == io.EOF || match.KindOf(err) == match.Corrupt {
				break
			}
			if err != nil {
				t.Fatalf("Next: %v", err)
			}
			if row.Line < line {
				t.Fatalf("line %d comes behind line %d", row.Line, line)
			}
			line = row.Line
			checkRow(t, row, kind)
		}
	}
}

func checkRow(t *testing.T, row Row, kind match.Kind) {
	if row.Err != nil {
		if e, ok := row.Err.(*match.Error); !ok || e.Kind != match.Invalid || !strings.Contains(e.Record, ", line ") {
			t.Fatalf("error %v", row.Err)
		}
		return
	}
	if err := row.Record.Validate(); err != nil || row.Record.Kind != kind {
		t.Fatalf("%q became a %s with %v", row.Raw, row.Record.Kind, err)
	}
	if err := WriteJSONL(io.Discard, row.Record); err != nil {
		t.Fatalf("%q cannot be written again: %v", row.Raw, err)
	}
}

func FuzzJSONL(f *testing.F) {
	for _, bad := range badInputs {
		if len(bad.row) < 1000 && strings.HasSuffix(bad.file, ".jsonl") {
			f.Add([]byte("{\"id\":\"0\",\"title\":\"t\"}\n" + bad.row))
			f.Add([]byte("[" + bad.row + "," + bad.row + "]"))
		}
	}
	f.Add([]byte(`[{"id":"1","title":"t","applicants":[{"name":"a","kind":null}],"fee":{},"attributes":{}}]`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "a.json") })
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(chineseTable))
	f.Add([]byte("\xff\xfei\x00d\x00"))
	f.Add([]byte("id;title;fee;region\n1;\"a\"\"b\n\";50万;深圳\n"))
	for _, bad := range badInputs {
		if len(bad.row) < 1000 && strings.HasSuffix(bad.file, ".csv") {
			f.Add([]byte("id,title,IPC,申请日,申请人类型\n" + bad.row))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "a.csv") })
}
