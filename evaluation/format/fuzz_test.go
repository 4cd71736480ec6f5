package format

import (
	"bytes"
	"testing"
)

// fuzz holds a parser to two promises on any input: it does not panic, and what it
// accepts has sound content.
func fuzz(f *testing.F, kind string, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, unknown := range []Unknown{Refuse, Skip, Add} {
			d := small(t)
			w, err := parsers[kind](string(data), d, Options{Unknown: unknown, Workers: 1})
			if err != nil && err.Error() == "" {
				t.Error("an error without a message")
			}
			for _, one := range w {
				if one.Count < 1 || one.Line > bytes.Count(data, []byte("\n"))+1 {
					t.Errorf("warning %+v of %q", one, data)
				}
			}
			for q := range d.Queries() {
				for _, j := range d.Judgements(int32(q)) {
					if !d.Scale().Holds(int(j.Level)) {
						t.Errorf("level %d", j.Level)
					}
				}
			}
		}
	})
}

func FuzzRun(f *testing.F) {
	fuzz(f, "run", "q1 Q0 d1 1 3 t\nq2\tQ0\td2\t2\t-1e5\tt\r\n\n", "q1 Q0 d1 1 NaN t", "\xef\xbb\xbf")
}

func FuzzQrels(f *testing.F) {
	fuzz(f, "qrels", "query-id\tcorpus-id\tscore\nq1\td1\t2\n", "q1 0 d1 2\n", "q1\td1\t2.0\nq1 d1 2", "q1\td1\t7")
}

func FuzzLevels(f *testing.F) {
	fuzz(f, "levels", "q1\td1\t1\t0.7\t0.1\t0.1\t0.1\n", "qid\tdocid\tlevel\nq1\td1\t4\n")
}

func FuzzCSV(f *testing.F) {
	fuzz(f, "csv", "query,document,level\nq1,d1,2\n", "demand;patent;level;who;when\nq1;d1;4;a;2026-01-02\n", "query\tdocument\tlevel\n\"q1\"\td1\t1")
}

func FuzzExport(f *testing.F) {
	fuzz(f, "export", `{"demand_id":"q1","patent_number":"d1","level":3,"rater":"a","time":"2026-01-02T00:00:00Z"}`, "null", "{}")
}

func FuzzQueries(f *testing.F) {
	fuzz(f, "queries", `{"_id":"a","title":"t","text":"x","metadata":{"k":1}}`, "{\"_id\":1}", "[]")
}

func FuzzJudgements(f *testing.F) {
	fuzz(f, "judgements", "q1 0 d1 3\n", "query-id\tcorpus-id\tscore\nq1\td1\t3\n", "需求编号;专利号;等级\nq1;d1;3\n",
		`{"demand_id":"q1","patent_number":"d1","level":3}`, "\xef\xbb\xbfdemand,patent\n", "")
}
