package evaluation

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// golden is one small result with everything in it.
func golden(t *testing.T) *Result {
	d := synthetic(6, 6, 5)
	extra, _ := d.AddDocument(Document{ID: "unjudged"})
	run, other := noisyRun(d, 1, 1), noisyRun(d, 0.5, 2)
	other.Hits[0] = append(other.Hits[0], Hit{Document: extra, Rank: 1, Score: 9})
	return mustEvaluate(t, d, []Model{
		{Name: "a", Run: run, Levels: levelsOf(d, run), Reverse: reverseOf(d, run), Latencies: latenciesOf(d)},
		{Name: "b", Run: other},
	}, Options{Samples: 200, Permutations: 200, Candidates: CandidatesAll, Slices: []Slice{ByAttribute(d, "sector")}})
}

func TestMetricsJSONIsAsTheGoldenFile(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("fused multiply-add rounds the last digits otherwise here")
	}
	var got bytes.Buffer
	if err := golden(t).WriteJSON(&got); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(got.Bytes()) {
		t.Fatal("that is no JSON")
	}
	const file = "testdata/metrics.golden.json"
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestEveryMetricIsDefinedAndInTheSchema(t *testing.T) {
	schema, err := os.ReadFile("SCHEMA.md")
	if err != nil {
		t.Fatal(err)
	}
	names, cutoff := map[string]bool{}, regexp.MustCompile(`@\d+`)
	for _, d := range golden(t).Metrics {
		if names[d.Name] {
			t.Errorf("two metrics are named %s", d.Name)
		}
		names[d.Name] = true
		if d.Title == "" || d.Unit == "" || d.Population == "" || d.Text == "" || d.Source == "" {
			t.Errorf("%+v is not fully defined", d)
		}
		general := strings.ReplaceAll(cutoff.ReplaceAllString(d.Name, "@K"), "rel>=3", "rel>=R")
		if !strings.Contains(string(schema), "`"+general+"`") {
			t.Errorf("SCHEMA.md does not tell of %s", general)
		}
	}
}
