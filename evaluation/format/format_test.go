package format

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func small(t testing.TB) *evaluation.Dataset {
	t.Helper()
	d := evaluation.NewDataset(metric.Levels4)
	for _, id := range []string{"q1", "q2"} {
		if _, err := d.AddQuery(evaluation.Query{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"d1", "d2", "d3"} {
		if _, err := d.AddDocument(evaluation.Document{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// parsers by the kind of file; each reads into a small dataset.
var parsers = map[string]func(text string, d *evaluation.Dataset, o Options) (Warnings, error){
	"run": func(s string, d *evaluation.Dataset, o Options) (Warnings, error) {
		_, w, err := ParseRun(strings.NewReader(s), "f", d, o)
		return w, err
	},
	"qrels": func(s string, d *evaluation.Dataset, o Options) (Warnings, error) {
		return ParseQrels(strings.NewReader(s), "f", d, o)
	},
	"judgements": func(s string, d *evaluation.Dataset, o Options) (Warnings, error) {
		return ParseJudgements(strings.NewReader(s), "f", d, o)
	},
	"levels": func(s string, d *evaluation.Dataset, o Options) (Warnings, error) {
		_, w, err := ParseLevels(strings.NewReader(s), "f", d, o)
		return w, err
	},
	"csv": func(s string, d *evaluation.Dataset, o Options) (Warnings, error) {
		labels, w, err := ParseCSV(strings.NewReader(s), "f", d.Scale())
		if err != nil {
			return nil, err
		}
		more, err := Judge(d, labels, "f", o)
		return append(w, more...), err
	},
	"export": func(s string, d *evaluation.Dataset, o Options) (Warnings, error) {
		labels, w, err := ParseExport(strings.NewReader(s), "f", d.Scale())
		if err != nil {
			return nil, err
		}
		more, err := Judge(d, labels, "f", o)
		return append(w, more...), err
	},
	"queries": func(s string, d *evaluation.Dataset, o Options) (Warnings, error) {
		return ParseQueries(strings.NewReader(s), "f", d)
	},
}

func TestWrongFilesAreRefusedWithFileAndLine(t *testing.T) {
	for _, c := range []struct{ name, kind, text, want string }{
		{"a pair twice in a run", "run", "q1 Q0 d1 1 3 t\nq1 Q0 d2 2 2 t\n\nq1 Q0 d1 3 1 t\n", `f:4: query "q1", document "d1": the pair is on line 1 already`},
		{"an unknown query", "run", "q1 Q0 d1 1 3 t\nq9 Q0 d2 2 2 t\n", `f:2: query "q9" is unknown`},
		{"an unknown document", "run", "q1 Q0 d9 1 3 t\n", `f:1: document "d9" is unknown`},
		{"a NaN score", "run", "q1 Q0 d1 1 3 t\nq1 Q0 d2 2 NaN t\n", `f:2: score "NaN" is no finite number`},
		{"an infinite score", "run", "q1 Q0 d1 1 -inf t\n", `f:1: score "-inf" is no finite number`},
		{"a rank that is no number", "run", "q1 Q0 d1 first 3 t\n", `f:1: rank "first" is no whole number`},
		{"a run with commas", "run", "q1,Q0,d1,1,3,t\n", `f:1: want 6 fields (query Q0 document rank score tag), found 1`},
		{"a run without a tag", "run", "q1 Q0 d1 1 3\n", `f:1: want 6 fields (query Q0 document rank score tag), found 5`},
		{"an empty run", "run", "\n\n", `f: there is no line in it`},
		{"level 7", "qrels", "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t7\n", `f:3: level "7" is not a whole number from 1 to 4`},
		{"half a level", "qrels", "query-id\tcorpus-id\tscore\nq1\td1\t2.5\n", `f:2: level "2.5" is not a whole number from 1 to 4`},
		{"two levels of a pair", "qrels", "q1 0 d1 2\nq1 0 d2 2\nq1 0 d1 3\n", `f:3: query "q1", document "d1": level 3, but 2 on line 1`},
		{"an unknown document in qrels", "qrels", "q1 0 d1 2\nq1 0 dx 2\n", `f:2: document "dx" is unknown`},
		{"an empty id", "qrels", "query-id\tcorpus-id\tscore\nq1\t\t2\n", `f:2: an id is empty`},
		{"a level of 7 predicted", "levels", "q1\td1\t7\n", `f:1: level "7" is not a whole number from 1 to 4`},
		{"probabilities that do not add up", "levels", "q1\td1\t1\t0.5\t0.1\t0.1\t0.1\n", `f:1: the probabilities add up to 0.7999999999999999`},
		{"a prediction twice", "levels", "q1\td1\t1\nq1\td1\t2\n", `f:2: query "q1", document "d1": the pair is on line 1 already`},
		{"mixed separators in CSV", "csv", "query,document,level\nq1,d1,2\nq1;d2;2\n", `f:3: wrong number of fields`},
		{"a header without a level", "csv", "query,document\nq1,d1\n", `f:1: the header names no query, document and level`},
		{"level 7 in CSV", "csv", "query,document,level\nq1,d1,7\n", `f:2: level "7" is not a whole number from 1 to 4`},
		{"an unknown id in CSV", "csv", "query,document,level\nq1,d1,2\nq9,d1,2\n", `f:3: query "q9" is unknown`},
		{"level 7 in an export", "export", "{\"demand_id\":\"q1\",\"patent_number\":\"d1\",\"level\":7}\n", `f:1: level "7" is not a whole number from 1 to 4`},
		{"broken JSON", "queries", "{\"_id\":\"a\"}\n{\"_id\":\n", `f:2: broken JSON: unexpected end of JSON input`},
		{"a repeated query", "queries", "{\"_id\":\"a\"}\n{\"_id\":\"a\"}\n", `f:2: evaluation: query id "a" is repeated`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parsers[c.kind](c.text, small(t), Options{})
			var e *Error
			if !errors.As(err, &e) || e.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestRepairsAreCounted(t *testing.T) {
	for _, c := range []struct {
		name, kind, text string
		options          Options
		want             Warnings
	}{
		{"blank lines and carriage returns", "run", "q1 Q0 d1 1 3 t\r\n\r\n \nq1 Q0 d2 2 2 t\r\n", Options{},
			Warnings{{BlankLine, "f", 2, 2, ""}, {CarriageReturn, "f", 1, 3, ""}}},
		{"a byte order mark", "run", "\xef\xbb\xbfq1 Q0 d1 1 3 t\n", Options{}, Warnings{{ByteOrderMark, "f", 1, 1, ""}}},
		{"tabs and spaces in turn", "run", "q1 Q0 d1 1 3 t\nq1\tQ0\td2\t2\t2\tt\n", Options{}, Warnings{{MixedSeparator, "f", 2, 1, ""}}},
		{"ranks against scores", "run", "q1 Q0 d1 1 3 t\nq1 Q0 d2 2 4 t\n", Options{}, Warnings{{RankContradict, "f", 2, 1, ""}}},
		{"unknown ids, skipped", "run", "q1 Q0 d1 1 3 t\nq9 Q0 d1 1 3 t\nq1 Q0 d9 1 3 t\n", Options{Unknown: Skip},
			Warnings{{UnknownQuery, "f", 2, 1, ""}, {UnknownDoc, "f", 3, 1, ""}}},
		{"unknown ids, added", "run", "q1 Q0 d1 1 3 t\nq9 Q0 d1 1 3 t\nq1 Q0 d9 1 3 t\n", Options{Unknown: Add},
			Warnings{{UnknownQuery, "f", 2, 1, ""}, {AddedDoc, "f", 0, 1, ""}}},
		{"no header", "qrels", "q1\td1\t2\n", Options{}, Warnings{{NoHeader, "f", 1, 1, ""}}},
		{"decimal levels", "qrels", "query-id\tcorpus-id\tscore\nq1\td1\t2.0\nq1\td2\t3.0\n", Options{}, Warnings{{DecimalLevel, "f", 2, 2, ""}}},
		{"a pair twice with one level", "qrels", "q1 0 d1 2\nq1 0 d1 2\n", Options{}, Warnings{{RepeatedPair, "f", 2, 1, ""}}},
		{"a line of qrels with spaces", "qrels", "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1 d2 2\n", Options{}, Warnings{{MixedSeparator, "f", 3, 1, ""}}},
		{"raters who differ", "csv", "demand_id,patent_number,level,rater\nq1,d1,2,a\nq1,d1,4,b\nq1,d1,3,c\n", Options{}, Warnings{{Disagreement, "f", 4, 1, ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := parsers[c.kind](c.text, small(t), c.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, w); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheLatestLabelOfARaterCountsAndTheLowerMedianOfRaters(t *testing.T) {
	d := small(t)
	text := "demand;patent;level;who;when\nq1;d1;4;a;2026-01-02\nq1;d1;1;a;2026-01-01\nq1;d1;2;b;2026-01-01\n"
	if _, err := parsers["csv"](text, d, Options{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]evaluation.Judgement{{Document: 0, Level: 2}}, d.Judgements(0)); diff != "" {
		t.Error(diff)
	}
}

func TestABEIRFolderIsReadPackedOrNot(t *testing.T) {
	dir := t.TempDir()
	pack := func(name, text string) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, text)
		z.Close()
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755)
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pack("queries.jsonl", `{"_id":"q1","title":"需求","text":"x","metadata":{"sector":"化工","year":2024}}`)
	pack("corpus.jsonl.gz", `{"_id":"d1","title":"专利","text":"y"}`+"\n")
	pack("qrels/test.tsv.gz", "query-id\tcorpus-id\tscore\nq1\td1\t4\n")
	d, w, err := ReadBEIR(dir, "test", Options{})
	if err != nil || len(w) > 0 {
		t.Fatal(err, w)
	}
	want := evaluation.Query{ID: "q1", Title: "需求", Text: "x", Attributes: map[string]string{"sector": "化工", "year": "2024"}}
	if diff := cmp.Diff(want, d.Query(0)); diff != "" {
		t.Error(diff)
	}
	if d.Document(0).Title != "专利" || d.Judgements(0)[0].Level != 4 {
		t.Error("document or judgement is wrong")
	}
}

func TestRunsAndLevelsReadBackAsWritten(t *testing.T) {
	d := small(t)
	rapid.Check(t, func(t *rapid.T) {
		run := evaluation.NewRun(d)
		levels := &evaluation.Levels{Predictions: make([][]evaluation.Prediction, d.Queries())}
		for q := range run.Hits {
			for i, doc := range rapid.Permutation([]int32{0, 1, 2}).Draw(t, "order") {
				run.Hits[q] = append(run.Hits[q], evaluation.Hit{Document: doc, Rank: int32(i + 1),
					Score: rapid.Float64Range(-1e300, 1e300).Draw(t, "score")})
				a := rapid.Float64Range(0, 1).Draw(t, "p")
				levels.Predictions[q] = append(levels.Predictions[q],
					evaluation.Prediction{Document: doc, Level: int8(1 + i), P: []float64{a, 1 - a, 0, 0}})
			}
		}
		var a, b bytes.Buffer
		if err := errors.Join(WriteRun(&a, d, run, "t"), WriteLevels(&b, d, levels)); err != nil {
			t.Fatal(err)
		}
		back, _, err := ParseRun(&a, "f", d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		backLevels, _, err := ParseLevels(&b, "f", d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(run, back) + cmp.Diff(levels, backLevels); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAFileWithAWrongLineLeavesTheDatasetAsItWas(t *testing.T) {
	for kind, text := range map[string]string{"run": "q1 Q0 d8 1 3 t\nq1 Q0 d9 2 x t\n", "qrels": "q9 0 d9 2\nq1 0 a_document_of_a_long_name 2\nq1 0 d1 7\n", "csv": "query,document,level\n"} {
		d := small(t)
		if _, err := parsers[kind](text, d, Options{Unknown: Add}); err == nil {
			t.Errorf("%s: no error", kind)
		}
		_, query := d.QueryIndex("q9")
		_, document := d.DocumentIndex("d9")
		if query || document || d.Queries() != 2 || d.Documents() != 3 || d.Document(2).ID != "d3" {
			t.Errorf("%s: there are %d queries and %d documents", kind, d.Queries(), d.Documents())
		}
	}
}

func TestQrelsOfManyBlocksAreNumberedInTheOrderOfTheFile(t *testing.T) {
	var text strings.Builder
	var want []string
	known := map[string]bool{}
	for q := range 300 {
		for i := range 200 {
			id := fmt.Sprintf("document%d", (i*7+q*53)%5000)
			if i%3 == 0 {
				id += "_of_a_long_name"
			}
			if !known[id] {
				known[id] = true
				want = append(want, id)
			}
			fmt.Fprintf(&text, "query%d 0 %s %d\n", q, id, 1+i%4)
		}
	}
	for _, workers := range []int{1, 2, 5} {
		d := evaluation.NewDataset(metric.Levels4)
		if _, err := ParseQrels(strings.NewReader(text.String()), "f", d, Options{Workers: workers, Unknown: Add}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range int32(d.Documents()) {
			got = append(got, d.Document(i).ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d goroutines: %s", workers, diff)
		}
		for q := range 300 {
			list := d.Judgements(int32(q))
			if len(list) != 200 || d.Query(int32(q)).ID != fmt.Sprint("query", q) {
				t.Fatalf("%d goroutines: query %d is %s, with %d judgements", workers, q, d.Query(int32(q)).ID, len(list))
			}
			for i, j := range list {
				if id := d.Document(j.Document).ID; !strings.HasPrefix(id, fmt.Sprintf("document%d", (i*7+q*53)%5000)) || int(j.Level) != 1+i%4 {
					t.Fatalf("%d goroutines: judgement %d of query %d is %s, %d", workers, i, q, id, j.Level)
				}
			}
		}
	}
}

func TestAFileOfManyBlocksReadsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	var text strings.Builder
	for q := range 40 {
		for i := range 2000 {
			fmt.Fprintf(&text, "query%d Q0 document%d %d %d.5 tag\n", q, (i*7+q)%5000, i+1, 2000-i)
		}
	}
	read := func(workers int, extra string) (*evaluation.Run, *evaluation.Dataset, error) {
		d := evaluation.NewDataset(metric.Levels4)
		for q := range 40 {
			_, _ = d.AddQuery(evaluation.Query{ID: fmt.Sprint("query", q)})
		}
		run, _, err := ParseRun(strings.NewReader(text.String()+extra), "f", d, Options{Workers: workers, Unknown: Add})
		return run, d, err
	}
	one, d1, err := read(1, "")
	if err != nil {
		t.Fatal(err)
	}
	many, d5, _ := read(5, "")
	if diff := cmp.Diff(one, many); diff != "" || d1.Documents() != d5.Documents() || d1.Document(77).ID != d5.Document(77).ID {
		t.Error("five workers read another run than one", diff)
	}
	_, _, err = read(3, "query1 Q0 x 1 zero t\n")
	if err == nil || !strings.HasPrefix(err.Error(), "f:80001:") {
		t.Error(err)
	}
}
