package format

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/google/go-cmp/cmp"
)

// written is a file of that text, packed where its name says so.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	content := []byte(text)
	if strings.HasSuffix(name, ".gz") {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(content)
		_ = w.Close()
		content = b.Bytes()
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestJudgementsAreReadInWhateverFormTheyAre(t *testing.T) {
	want := [][]evaluation.Judgement{{{Document: 0, Level: 3}, {Document: 1, Level: 1}}, {{Document: 2, Level: 4}}}
	for name, text := range map[string]string{
		"trec":            "q1 0 d1 3\nq1 0 d2 1\nq2 0 d3 4\n",
		"trec.gz":         "q1 0 d1 3\nq1 0 d2 1\nq2 0 d3 4\n",
		"beir.tsv":        "query-id\tcorpus-id\tscore\nq1\td1\t3\nq1\td2\t1\nq2\td3\t4\n",
		"bare.tsv":        "q1\td1\t3\nq1\td2\t1\nq2\td3\t4\n",
		"pairs.csv":       "demand_id,patent_number,level\nq1,d1,3\nq1,d2,1\nq2,d3,4\n",
		"mark.csv":        "\uFEFFlevel;demand;patent\n3;q1;d1\n1;q1;d2\n4;q2;d3\n",
		"chinese.csv.gz":  "需求编号,专利号,标注人,等级\nq1,d1,甲,4\nq1,d1,乙,3\nq1,d2,甲,1\nq2,d3,甲,4\n",
		"tabs":            "demand_id\tpatent_number\tlevel\tsource\nq1\td1\t3\texpert\nq1\td2\t1\t\nq2\td3\t4\t\n",
		"labels.jsonl":    `{"demand_id":"q1","patent_number":"d1","level":3}` + "\n" + `{"demand_id":"q1","patent_number":"d2","level":1}` + "\n" + `{"demand_id":"q2","patent_number":"d3","level":4}`,
		"labels.jsonl.gz": `{"demand_id":"q1","patent_number":"d1","level":3}` + "\n" + `{"demand_id":"q1","patent_number":"d2","level":1}` + "\n" + `{"demand_id":"q2","patent_number":"d3","level":4}`,
	} {
		path := written(t, name, text)
		d := small(t)
		if _, err := ReadJudgements(path, d, Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, [][]evaluation.Judgement{d.Judgements(0), d.Judgements(1)}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		alone, _, err := ReadPairs(path, Options{})
		if err != nil || alone.Queries() != 2 || alone.Documents() != 3 {
			t.Errorf("%s alone: %v", name, err)
		}
	}
}

func TestATableWithoutLevelsIsToldSo(t *testing.T) {
	_, _, err := ReadPairs(written(t, "bad.csv", "demand;patent\nq1;d1\n"), Options{})
	if err == nil || !strings.Contains(err.Error(), "bad.csv:1: the header names no query, document and level") {
		t.Error(err)
	}
	if _, _, err := ReadPairs(filepath.Join(t.TempDir(), "none"), Options{}); !os.IsNotExist(err) {
		t.Error(err)
	}
}

func TestTheLatestLabelOfARaterCounts(t *testing.T) {
	old, recent := time.Unix(1, 0), time.Unix(2, 0)
	labels := []Label{
		{Query: "q", Document: "d", Rater: "a", Level: 1, Time: recent}, {Query: "q", Document: "d", Rater: "b", Level: 2},
		{Query: "q", Document: "d", Rater: "a", Level: 3, Time: old}, {Query: "q", Document: "d", Rater: "b", Level: 4},
	}
	if diff := cmp.Diff([]Label{labels[0], labels[3]}, Latest(labels)); diff != "" {
		t.Error(diff)
	}
}

func TestMetadataBecomesAttributesAndTheTime(t *testing.T) {
	d := evaluation.NewDataset(metric.Levels4)
	lines := `{"_id":"q1","text":"x","metadata":{"sector":"battery","size":3,"big":true,"time":"2026-03-12","list":[1],"none":null}}
{"_id":"q2","text":"x","metadata":{"time":"some day"}}
{"_id":"q3","text":"x"}`
	if _, err := ParseQueries(strings.NewReader(lines), "f", d); err != nil {
		t.Fatal(err)
	}
	if _, err := ParseCorpus(strings.NewReader(`{"_id":"d1","title":"x","metadata":{"ipc":"H"}}`), "f", d); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"sector": "battery", "size": "3", "big": "true", "time": "2026-03-12"}
	if diff := cmp.Diff(want, d.Query(0).Attributes); diff != "" {
		t.Error(diff)
	}
	if at := d.Query(0).Time; !at.Equal(time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)) || !d.Query(1).Time.IsZero() || !d.Query(2).Time.IsZero() {
		t.Errorf("times %v, %v, %v", at, d.Query(1).Time, d.Query(2).Time)
	}
	if d.Document(0).Attributes["ipc"] != "H" {
		t.Error(d.Document(0))
	}
}

func TestLabelsOfModelsAndEventsAreLeftOutUnlessNothingElseIsThere(t *testing.T) {
	for _, file := range []string{
		"demand_id,patent_number,level,rater,source\nq,a,4,x,expert\nq,b,1,llm:m,model\nq,c,2,events,event\nq,d,3,y,\n",
		"需求编号,专利号,等级,标注人,来源\nq,a,4,x,专家\nq,b,1,llm:m,模型\nq,c,2,events,事件\nq,d,3,y,\n",
		`{"demand_id":"q","patent_number":"a","level":4,"rater":"x","source":"expert"}
{"demand_id":"q","patent_number":"b","level":1,"rater":"llm:m","source":"model"}
{"demand_id":"q","patent_number":"c","level":2,"rater":"events","source":"event"}
{"demand_id":"q","patent_number":"d","level":3,"rater":"y"}
`} {
		d := evaluation.NewDataset(evaluation.Scale{Min: 1, Max: 4})
		w, err := ParseJudgements(strings.NewReader(file), "labels", d, Options{Unknown: Add})
		if err != nil {
			t.Fatal(err)
		}
		q, _ := d.QueryIndex("q")
		if got := d.Judgements(q); len(got) != 2 || got[0].Level != 4 || got[1].Level != 3 || w.Count(DerivedLabel) != 2 {
			t.Errorf("%v, warnings %v of\n%s", got, w, file)
		}
	}
	d := evaluation.NewDataset(evaluation.Scale{Min: 1, Max: 4})
	if _, err := ParseJudgements(strings.NewReader("demand_id,patent_number,level,source\nq,b,1,model\n"), "labels", d, Options{Unknown: Add}); err == nil || !strings.Contains(err.Error(), "none of an expert") {
		t.Error(err)
	}
}

// A packed file that ends too soon is not taken for a whole one.
func TestAPackedFileThatIsCutOffIsRefused(t *testing.T) {
	path := written(t, "trec.gz", "q1 0 d1 3\nq1 0 d2 1\nq2 0 d3 4\n")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	d := small(t)
	if _, err := ReadJudgements(path, d, Options{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v, want an unexpected end", err)
	}
	if n := len(d.Judgements(0)) + len(d.Judgements(1)); n != 0 {
		t.Errorf("%d judgements are in the dataset", n)
	}
}

func TestLabelsWithoutIDsOrWithALevelBeyondTheScaleAreRefused(t *testing.T) {
	for problem, l := range map[string]Label{
		"f:7: an id is empty": {Query: "q1", Level: 3, Line: 7},
		`f:7: level "260"`:    {Query: "q1", Document: "d1", Level: 260, Line: 7},
	} {
		d := evaluation.NewDataset(metric.Levels4)
		if _, err := Judge(d, []Label{l}, "f", Options{Unknown: Add}); err == nil || !strings.HasPrefix(err.Error(), problem) {
			t.Errorf("%v, want %s", err, problem)
		}
		if d.Queries()+d.Documents() != 0 {
			t.Errorf("%s: the dataset has changed", problem)
		}
	}
}
