package evaluation_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
)

var update = flag.Bool("update", false, "rewrite recorded vectors and goldens")

// recorded is what irmeasures.py prints.
type recorded struct {
	Aggregate map[string]float64            `json:"aggregate"`
	Queries   map[string]map[string]float64 `json:"queries"`
}

// generated writes qrels and a run that are full of special cases: equal scores,
// scores that only differ in double precision, judged documents that the run
// lacks, unjudged ones that it has, queries without hits and without anything
// relevant.
func generated(t *testing.T, dir, name string, seed uint64) (qrels, run string) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 7))
	var q, r strings.Builder
	for query := range 12 {
		top := 1 + random.IntN(4)
		for doc := range 5 + random.IntN(120) {
			if random.IntN(3) > 0 {
				fmt.Fprintf(&q, "q%d 0 d%d %d\n", query, doc, 1+random.IntN(top))
			}
			if query == 3 || random.IntN(5) == 0 {
				continue
			}
			score := float64(random.IntN(1+int(seed%3)*20)) / 7
			if random.IntN(4) == 0 {
				score += 1e-12
			}
			fmt.Fprintf(&r, "q%d Q0 d%d %d %v run\n", query, doc, doc+1, score)
		}
	}
	qrels, run = filepath.Join(dir, name+".qrels"), filepath.Join(dir, name+".trec")
	if os.WriteFile(qrels, []byte(q.String()), 0o644) != nil || os.WriteFile(run, []byte(r.String()), 0o644) != nil {
		t.Fatal("cannot write", qrels, run)
	}
	return qrels, run
}

// python runs the script of testdata, or skips the test where ir_measures is not
// installed.
func python(t *testing.T, qrels, run string) []byte {
	t.Helper()
	if err := exec.Command("python3", "-c", "import ir_measures, pytrec_eval").Run(); err != nil {
		t.Skip("python3 with ir_measures is not here")
	}
	out, err := exec.Command("python3", "testdata/irmeasures.py", qrels, run).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// agree evaluates the files and compares each query and each mean.
func agree(t *testing.T, qrels, run string, want []byte) {
	t.Helper()
	var expected recorded
	if err := json.Unmarshal(want, &expected); err != nil {
		t.Fatal(err)
	}
	d, _, err := format.ReadTREC(qrels, format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hits, _, err := format.ReadRun(run, d, format.Options{Unknown: format.Add})
	if err != nil {
		t.Fatal(err)
	}
	result, err := evaluation.Evaluate(d, []evaluation.Model{{Name: "run", Run: hits}}, evaluation.Options{
		Candidates: evaluation.CandidatesAll, Population: evaluation.PopulationTrec, Samples: -1, MinJudged: 1})
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, queries := range expected.Queries {
		values := result.PerQuery(0, name)
		for id, want := range queries {
			q, _ := d.QueryIndex(id)
			if math.Abs(values[q]-want) > 1e-9 {
				t.Errorf("%s: %s of %s is %v, ir_measures says %v", filepath.Base(run), name, id, values[q], want)
			}
			compared++
		}
		if got := result.Estimate(0, name).Value.Float(); math.Abs(got-expected.Aggregate[name]) > 1e-9 {
			t.Errorf("%s: mean %s is %v, ir_measures says %v", filepath.Base(run), name, got, expected.Aggregate[name])
		}
	}
	if compared < 100 {
		t.Errorf("only %d values compared", compared)
	}
}

func TestAgreesWithRecordedValuesOfIRMeasures(t *testing.T) {
	const dir = "testdata/agreement"
	if *update {
		for seed := range uint64(3) {
			name := fmt.Sprint("generated", seed)
			qrels, run := generated(t, dir, name, seed)
			if err := os.WriteFile(filepath.Join(dir, name+".json"), python(t, qrels, run), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, _ := filepath.Glob(dir + "/*.json")
	if len(files) == 0 {
		t.Fatal("no recorded vectors")
	}
	for _, file := range files {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(file, ".json")
		agree(t, base+".qrels", base+".trec", want)
	}
}

func TestAgreesWithIRMeasuresOnGeneratedRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	for seed := range uint64(4) {
		qrels, run := generated(t, t.TempDir(), "fresh", 100+seed)
		agree(t, qrels, run, python(t, qrels, run))
	}
}

func TestAgreesWithIRMeasuresOnRealRuns(t *testing.T) {
	d := realData(t)
	dir := t.TempDir()
	qrels := filepath.Join(dir, "real.qrels")
	var lines strings.Builder
	for q := range int32(d.Queries()) {
		for _, j := range d.Judgements(q) {
			fmt.Fprintf(&lines, "%s 0 %s %d\n", d.Query(q).ID, d.Document(j.Document).ID, j.Level)
		}
	}
	if err := os.WriteFile(qrels, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, scorer := range map[string]evaluation.Scorer{"random": evaluation.Random(d, 1), "bm25": bigramBM25(d)} {
		run, _, err := evaluation.Rank(d, evaluation.CandidatesJudged, 0, 2, scorer)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, format.RunFile(name))
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := format.WriteRun(file, d, run, name); err != nil {
			t.Fatal(err)
		}
		file.Close()
		agree(t, qrels, path, python(t, qrels, path))
	}
}
