package ingest

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// badInputs have one bad row, on line 2, between good ones.
var badInputs = []struct {
	name, file, row, field, reason string
}{
	{"no JSON", "p.jsonl", `{"id":"1",`, "", "is not JSON: it ends too early"},
	{"a slip in JSON", "p.jsonl", `{"id":"1",}`, "", "is not JSON: invalid character '}' looking for beginning of object key string at byte 11"},
	{"trailing garbage", "p.jsonl", `{"id":"1","title":"t"} x`, "", "is not JSON: invalid character 'x' after top-level value at byte 24"},
	{"two objects on a line", "p.jsonl", `{"id":"1","title":"t"}{}`, "", "is not JSON: invalid character '{' after top-level value at byte 23"},
	{"no object", "p.jsonl", `["1","t"]`, "", "is not a JSON object"},
	{"a name given twice", "p.jsonl", `{"id":"1","title":"t","title":"u"}`, "title", "is given twice in one object"},
	{"an inner name given twice", "p.jsonl", `{"id":"1","title":"t","fee":{"min_cny":1,"min_cny":2}}`, "fee.min_cny", "is given twice in one object"},
	{"half a surrogate pair", "p.jsonl", `{"id":"1","title":"\ud83d"}`, "", `has a \u escape of half a surrogate pair`},
	{"a low surrogate", "p.jsonl", `{"id":"1","title":"a\\\udc00"}`, "", `has a \u escape of half a surrogate pair`},
	{"bytes that are not UTF-8", "p.jsonl", "{\"id\":\"1\",\"title\":\"a\xff\"}", "", "is not valid UTF-8"},
	{"NUL in a title", "p.jsonl", `{"id":"1","title":"a\u0000"}`, "title", "contains a NUL character"},
	{"NUL in an attribute", "p.jsonl", `{"id":"1","title":"a","class":"\u0000"}`, "attributes.class", "contains a NUL character"},
	{"deep nesting", "p.jsonl", `{"id":"1","title":"t","x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "x" + strings.Repeat("[0]", 31), "is nested more than 32 levels deep"},
	{"a number for a title", "p.jsonl", `{"id":"1","title":5}`, "title", "is a number, not a string"},
	{"a list for a title", "p.jsonl", `{"id":"1","title":["t"]}`, "title", "is a list, not a string"},
	{"a fraction for an id", "p.jsonl", `{"id":1.5,"title":"t"}`, "number", "is a number, not a string"},
	{"no number", "p.jsonl", `{"title":"t"}`, "number", "is empty"},
	{"an empty title", "p.jsonl", `{"id":"1","title":" "}`, "title", "is empty"},
	{"a space in an id", "p.jsonl", `{"id":"1 2","title":"t"}`, "number", `"1 2" contains white space or a control character`},
	{"a number among applicants", "p.jsonl", `{"id":"1","title":"t","applicants":["甲",7]}`, "applicants[1]", "is a number, not a string"},
	{"an applicant with an unknown key", "p.jsonl", `{"id":"1","title":"t","applicants":[{"name":"甲","age":7}]}`, "applicants[0].age", "is unknown; an applicant has name and kind"},
	{"an unknown kind of applicant", "p.jsonl", `{"id":"1","title":"t","applicants":[{"name":"甲","kind":"robot"}]}`, "applicants[0].kind", `"robot" is not one of university, institute, hospital, enterprise, person`},
	{"no IPC symbol", "p.jsonl", `{"id":"1","title":"t","ipc":["H01M 10/0525","电池"]}`, "ipc[1]", `"电池" is not an IPC symbol such as "H01M 10/0525"`},
	{"a day that is none", "p.jsonl", `{"id":"1","title":"t","filing_date":"2021-02-30"}`, "filing_date", `"2021-02-30" is not a day such as 2021-03-12`},
	{"an unknown status", "p.jsonl", `{"id":"1","title":"t","legal_status":"很好"}`, "legal_status", `"很好" is not one of pending, granted, lapsed, expired, revoked, rejected, withdrawn`},
	{"an unknown transfer mode", "p.jsonl", `{"id":"1","title":"t","transfer_modes":["licence","gift"]}`, "transfer_modes[1]", `"gift" is not one of assignment, licence, open_licence, use_first_pay_later, equity, joint_development`},
	{"no amount", "p.jsonl", `{"id":"1","title":"t","fee":"很多钱"}`, "fee", `"很多钱" is not an amount such as 50万元 or 10-20万`},
	{"a fee upside down", "p.jsonl", `{"id":"1","title":"t","fee":{"min_cny":9,"max_cny":3}}`, "fee.max_cny", "is below min_cny"},
	{"a readiness above 9", "p.jsonl", `{"id":"1","title":"t","readiness":"TRL 12"}`, "readiness", "12 is not in 0 to 9"},
	{"a readiness in words", "p.jsonl", `{"id":"1","title":"t","readiness":"high"}`, "readiness", `"high" is not a whole number`},
	{"a rating without count", "p.jsonl", `{"id":"1","title":"t","rating":{"mean":4}}`, "rating.count", "must be at least 1"},
	{"a number for a rating", "p.jsonl", `{"id":"1","title":"t","rating":4}`, "rating", "is a number, not an object"},
	{"attributes that are a string", "p.jsonl", `{"id":"1","title":"t","attributes":"x"}`, "attributes", "is a string, not an object"},
	{"an attribute given twice", "p.jsonl", `{"id":"1","title":"t","x":"1","attributes":{"x":"2"}}`, "attributes.x", "is given twice"},
	{"an unknown visibility", "p.jsonl", `{"id":"1","title":"t","visibility":"all"}`, "visibility", `"all" is not one of public, tenant, private`},
	{"a slash in a tenant", "p.jsonl", `{"id":"1","title":"t","tenant":"a/b"}`, "tenant", "must not be empty or contain a slash or white space"},
	{"a long title", "p.jsonl", `{"id":"1","title":"` + strings.Repeat("t", 5000) + `"}`, "title", "is 5000 bytes long, at most 4096 are allowed"},
	{"a line beyond the limit", "p.jsonl", `{"id":"1","title":"` + strings.Repeat("t", MaxRow) + `"}`, "", "the row is longer than 16 MiB"},

	{"no text at all", "d.jsonl", `{"id":"1","title":""}`, "text", "title and text are both empty"},
	{"an unknown state", "d.jsonl", `{"id":"1","title":"t","state":"maybe"}`, "state", `"maybe" is not one of open, paused, closed`},
	{"an unknown confidential field", "d.jsonl", `{"id":"1","title":"t","confidential_fields":["colour"]}`, "confidential_fields[0]", `"colour" is not one of ` + strings.Join(match.ConfidentialFields, ", ")},
	{"standing in a word", "d.jsonl", `{"id":"1","title":"t","standing":"maybe"}`, "standing", `"maybe" is not true or false (是, 否)`},
	{"a range for the least budget", "d.jsonl", `{"id":"1","title":"t","budget":{"min_cny":"1-2万"}}`, "budget.min_cny", `"1-2万" is a range, not one amount`},

	{"text behind a quote", "p.csv", `1,"a" b,,,`, "", "has text behind a closing quote"},
	{"too many cells", "p.csv", "1,t,,,,,x", "", "has 7 cells, the header has 5"},
	{"an empty number", "p.csv", ",t", "number", "is empty"},
	{"an empty title in a table", "p.csv", "1,", "title", "is empty"},
	{"no symbol in a table", "p.csv", "1,t,H01M10/0525;九,,", "ipc[1]", `"九" is not an IPC symbol such as "H01M 10/0525"`},
	{"no date in a table", "p.csv", "1,t,,去年,", "filing_date", `"去年" is not a day such as 2021-03-12`},
	{"NUL in a table", "p.csv", "1,t\x00,,,", "title", "contains a NUL character"},
	{"kinds that do not fit applicants", "p.csv", `1,t,,,"高校;企业"`, "applicant_kind", "has 2 kinds for 0 applicants"},
	{"a row beyond the limit", "p.csv", "1," + strings.Repeat("t", MaxRow), "", "the row is longer than 16 MiB"},
}

func TestABadRowIsReportedAndReadingGoesOn(t *testing.T) {
	for _, test := range badInputs {
		t.Run(test.name, func(t *testing.T) {
			before, after := `{"_id":"0","title":"t"}`, `{"_id":"9","title":"t"}`
			if strings.HasSuffix(test.file, ".csv") {
				before, after = "专利号,名称,IPC,申请日,申请人类型", "9,t"
			}
			options := Options{Kind: match.PatentKind}
			if test.file[0] == 'd' {
				options.Kind = match.DemandKind
			}
			rows, _ := readAll(t, test.file, before+"\n"+test.row+"\n"+after+"\n", options)
			checkBad(t, rows[len(rows)-2], test.file+", line 2", test.field, test.reason)
			if last := rows[len(rows)-1]; last.Err != nil || last.Record.ID != "9" || last.Line != 3 {
				t.Errorf("the row behind it: %+v", last)
			}
		})
	}
}

func checkBad(t *testing.T, row Row, record, field, reason string) {
	t.Helper()
	e, ok := row.Err.(*match.Error)
	if !ok {
		t.Fatalf("the row is accepted: %+v", row.Record)
	}
	if e.Kind != match.Invalid || e.Record != record || e.Field != field || e.Reason != reason {
		t.Errorf("error %v\n got %v | %q | %q | %q\nwant %v | %q | %q | %q", e, e.Kind, e.Record, e.Field, e.Reason, match.Invalid, record, field, reason)
	}
}

func TestBadArraysAreReported(t *testing.T) {
	good := `{"id":"1","title":"t"}`
	tests := []struct {
		name, content string
		good, line    int
		reason        string
	}{
		{"an array that is not closed", "[" + good + ",\n" + good, 2, 2, "is not JSON: the array has no closing bracket"},
		{"an array cut in an element", "[" + good + ",\n{\"id\":", 1, 2, "is not JSON: it ends too early"},
		{"text behind the array", "[" + good + "]\n\nx", 1, 3, "is not JSON: something stands behind the array"},
		{"a comma at the end", "[" + good + ",\n]", 1, 2, "is not JSON: an element of the array is missing"},
		{"two commas", "[" + good + ",\n," + good + "]", 2, 2, "is not JSON: an element of the array is missing"},
		{"a missing comma", "[" + good + ",\n" + good + good + "]", 1, 2, "is not JSON: invalid character '{' after top-level value at byte 23"},
		{"a number among objects", "[" + good + ",\n7," + good + "]", 2, 2, "is not a JSON object"},
		{"an element beyond the limit", "[\n\"" + strings.Repeat("x", MaxRow) + "\"," + good + "]", 1, 2, "the row is longer than 16 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows, summary := readAll(t, "a.json", test.content, Options{Kind: match.PatentKind})
			if summary.Accepted != test.good {
				t.Errorf("%d rows accepted, want %d", summary.Accepted, test.good)
			}
			for _, row := range rows {
				if row.Err != nil {
					e := row.Err.(*match.Error)
					if row.Line != test.line || e.Reason != test.reason {
						t.Errorf("line %d: %q, want line %d: %q", row.Line, e.Reason, test.line, test.reason)
					}
					return
				}
			}
			t.Error("no error")
		})
	}
}

func TestAnOpenQuoteSpoilsItsLineAlone(t *testing.T) {
	rows, _ := readAll(t, "a.csv", "id,title\n1,\"open\n2,t\n3,\"b\"\"c\"\n4,5\" disk\n", Options{Kind: match.PatentKind})
	if len(rows) != 4 {
		t.Fatalf("%d rows, want 4", len(rows))
	}
	checkBad(t, rows[0], "a.csv, line 2", "", "has text behind a closing quote")
	for i, want := range []string{"t", `b"c`, `5" disk`} {
		if row := rows[i+1]; row.Err != nil || row.Record.Patent.Title != want || row.Line != i+3 {
			t.Errorf("row %d: %+v", i+1, row)
		}
	}
}

func TestOpenQuotesDoNotMakeReadingSlow(t *testing.T) {
	content := "id,title\n" + strings.Repeat("1,\"open\n2,t\n", 50000) + "3,\"open\n" + strings.Repeat("4,t\n", 100000)
	_, summary := readAll(t, "a.csv", content, Options{Kind: match.PatentKind})
	if summary.Rejected != 50001 || summary.Accepted != 150000 {
		t.Errorf("summary %+v", summary)
	}
}
