package ingest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

// readRow is what of a row does not depend on where it stands.
type readRow struct {
	Record match.Record
	Faults []string
}

// elsewhere takes out of reasons what depends on the row's neighbours: its reason, which
// is a cell, and that of the next row, whose quotes may close an open one.
var elsewhere = strings.NewReplacer("2", "n", "3", "n", "4", "n", "5", "n", "is not closed", "is wrong", "has text behind a closing quote", "has a quote that is wrong")

// reject reads an input and writes all of its rows as rejected ones, with reasons that
// count from n.
func reject(t rapid.TB, name string, content []byte, n int) (rows []readRow, rejects []byte) {
	r, err := NewReader(bytes.NewReader(content), name, Options{Kind: match.PatentKind})
	if err != nil {
		t.Fatalf("%q: %v", content, err)
	}
	defer r.Close()
	var out bytes.Buffer
	w, err := r.Rejects(&out)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got := readRow{Record: row.Record}
		if e, ok := row.Err.(*match.Error); ok {
			for _, f := range e.All() {
				got.Faults = append(got.Faults, f.Field+": "+elsewhere.Replace(f.Reason))
			}
		}
		rows = append(rows, got)
		if err := w.Add(row, fmt.Sprintf("reason %d, \"quoted\"\nline", n)); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if kept := r.Summary().Kept[ReasonColumn]; kept != 0 {
		t.Fatalf("%d reasons became attributes", kept)
	}
	return rows, out.Bytes()
}

// Rejected rows with their reasons are the rows that they were, however often they are
// rejected, and have one reason.
func TestReasonsOfRejectedRowsChangeNothing(t *testing.T) {
	csv := []string{`1,a,x`, `2,"b, ""c""",`, `3`, ``, `,,`, `4,d,e,f`, `5,"open`, `6,"q"x,y`, `7,"two`, `lines",z`, `8, "s" ,t`, `_reject_reason,x`}
	json := []string{`{"number":"1","title":"a"}`, `{}`, `{ }`, `[1]`, `nonsense`, `{"number":"2","number":"3"}`, `{"number":`, `{"number":"4","title":"\ud800"}`,
		` {"title":"<&>","x":{"y":[1,{}]}} `, `{"title":"t","_reject_reason":"older","number":"5"}`, `{"_reject_reason":"alone"}`, `{"_reject_reason":7,"number":"6","title":"t"}`}
	rapid.Check(t, func(t *rapid.T) {
		name, lines, head := "p.csv", csv, rapid.SampledFrom([]string{"number,title,note\n", "number;title;note\n", "number,title,_reject_reason,note\n", "sep=,\nnumber,title\n"}).Draw(t, "header")
		if rapid.Bool().Draw(t, "json") {
			name, lines, head = "p.jsonl", json, `{"number":"0","title":"no array"}`+"\n"
		}
		content := head + strings.Join(rapid.SliceOfN(rapid.SampledFrom(lines), 1, 8).Draw(t, "lines"), "\n")
		if strings.Contains(head, ";") {
			content = strings.ReplaceAll(content, ",", ";")
		}
		first, rejects := reject(t, name, []byte(content), 100)
		second, again := reject(t, name, rejects, 200)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("%s\nbecame\n%s\n(-before +after):\n%s", content, rejects, diff)
		}
		if expected := bytes.ReplaceAll(rejects, []byte("reason 1"), []byte("reason 2")); !bytes.Equal(expected, again) {
			t.Fatalf("rejected again:\n%s\nwant\n%s", again, expected)
		}
	})
}

func TestARowIsWrittenBehindItsReason(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"p.csv":   {"number;title\n1;\"a;b\"\n", "_reject_reason;number;title\n\"why; \"\"so\"\"\";1;\"a;b\"\n"},
		"p.jsonl": {"{\"number\":\"1\"}\n{}\n[1]\n", "{\"_reject_reason\":\"why; \\\"so\\\"\",\"number\":\"1\"}\n{\"_reject_reason\":\"why; \\\"so\\\"\"}\n[1]\n"},
	} {
		r, err := NewReader(strings.NewReader(c.content), name, Options{Kind: match.PatentKind})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w, err := r.Rejects(&out)
		for err == nil {
			var row Row
			if row, err = r.Next(); err == nil {
				err = w.Add(row, "why;\n\"so\"")
			}
		}
		if err != io.EOF || w.Close() != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestALongReasonIsCut(t *testing.T) {
	if got := []rune(shortened(strings.Repeat("长\n", 5000))); len(got) != maxReason+1 || got[maxReason] != '…' {
		t.Errorf("%d characters", len(got))
	}
}
