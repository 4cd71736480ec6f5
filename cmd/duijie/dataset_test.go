package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/store"
	"github.com/google/go-cmp/cmp"
)

func TestTheSampleIsADatasetWithSectorsFoldsAndAGate(t *testing.T) {
	bin, data, dir := built(t), sampleFolder(t), t.TempDir()
	set, out := filepath.Join(dir, "set"), filepath.Join(dir, "report")
	fails(t, 0, []string{"70 demands, 252 patents, 1121 pairs"}, bin, "export", "--data", data, "--dataset", set, "--split", "dev", "--lang", "en")
	fails(t, exitGate, []string{"sector=battery/ndcg@10:0.2", "Folds (nDCG@10)", "hybrid − random"}, bin, "evaluate", "--dataset", set, "--split", "dev", "--lang", "en",
		"--model", "hybrid", "--model", "random", "--samples", "50", "--folds", "3", "--out", out,
		"--baseline", "random", "--candidate", "hybrid", "--non-inferior", "sector:0.2", "--non-inferior", "all:0.2")
	fails(t, 0, []string{"Slices: sector (nDCG@10)", "battery", filepath.Join("sliced", "report.html"), filepath.Join("sliced", "metrics.json"), "7 pairs worth judging"}, bin, "evaluate",
		"--dataset", set, "--split", "dev", "--lang", "en", "--model", "random", "--samples", "10", "--slice", "sector", "--worth", "7", "--out", filepath.Join(dir, "sliced"))
	fails(t, exitUsage, []string{`"colour" is no attribute`, "sector"}, bin, "evaluate", "--dataset", set, "--split", "dev", "--lang", "en", "--model", "random", "--slice", "colour")
	var m struct {
		Slices []struct {
			Attribute, Value string
			Queries          int
		}
		Folds struct {
			By    string
			Folds []struct{ Queries, Judgements int }
		}
		Leakage []struct{ Between string }
	}
	raw, err := os.ReadFile(filepath.Join(out, "metrics.json"))
	if err != nil || json.Unmarshal(raw, &m) != nil {
		t.Fatal(err)
	}
	demands := map[string]int{}
	for _, s := range m.Slices {
		demands[s.Attribute] += s.Queries
	}
	want := map[string]int{"sector": 70, "region": 70, "industry": 70, "enterprise_kind": 70, "ipc": 66, "length": 70, "labels": 70}
	if diff := cmp.Diff(want, demands); diff != "" {
		t.Error(diff)
	}
	pairs := 0
	for _, f := range m.Folds.Folds {
		pairs += f.Judgements
	}
	if m.Folds.By != "twins" || len(m.Folds.Folds) != 3 || pairs != 1121 || len(m.Leakage) != 1 {
		t.Errorf("folds %+v, leakage %v", m.Folds, m.Leakage)
	}
	for name, lines := range map[string]int{"folds.tsv": 1 + 1121, "fold-scores.tsv": 1 + 70*2} {
		if text, err := os.ReadFile(filepath.Join(out, name)); err != nil || strings.Count(string(text), "\n") != lines {
			t.Errorf("%s: %v, %d lines, want %d", name, err, strings.Count(string(text), "\n"), lines)
		}
	}
}

// guarded is a data folder with two demands that keep something back, a private and
// a withdrawn one, and labels of several raters and sources.
func guarded(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	in, err := instance.Open(t.Context(), instance.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	demand := func(id string, confidential ...string) match.Record {
		return match.NewDemand(match.DefaultTenant, match.Demand{ID: id, Title: "题目" + id, Text: "正文" + id, Sector: "battery",
			Enterprise: match.Enterprise{Name: "某公司", Region: "440300", Industry: "C3841", Kind: match.SME}, Confidential: confidential})
	}
	owned, gone := demand("D-own"), demand("D-gone")
	owned.Visibility = match.Private
	items := []store.Item{{Record: demand("D1", "text", "enterprise.region")}, {Record: demand("D2", "title", "text")}, {Record: demand("D3")}, {Record: owned}, {Record: gone}}
	for _, number := range []string{"CN1", "CN2"} {
		items = append(items, store.Item{Record: match.NewPatent(match.DefaultTenant, match.Patent{Number: number, Title: "专利", Abstract: "摘要", IPC: []string{"H01M 10/0525"}})})
	}
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	gone.Withdrawn = true
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: gone}}}); err != nil {
		t.Fatal(err)
	}
	label := func(demand, patent string, level match.Level, rater string, source match.LabelSource) match.Label {
		return match.Label{Tenant: match.DefaultTenant, Demand: demand, Patent: patent, Level: level, Rater: rater, Source: source, Reason: "正文里的机密"}
	}
	err = in.Store.PutLabels(t.Context(), []match.Label{
		label("D1", "CN1", 4, "a", ""), label("D1", "CN1", 2, "b", match.ExpertSource), label("D1", "CN1", 1, "m", match.ModelSource),
		label("D3", "CN2", 3, "a", ""), label("D3", "CN2", 3, "b", ""), label("D3", "CN2", 4, "c", ""),
		label("D2", "CN1", 4, "a", ""), label("D-own", "CN1", 4, "a", ""), label("D-gone", "CN1", 4, "a", ""), label("D3", "CN-x", 4, "a", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestADatasetHoldsNothingConfidentialAndTheLowerMedian(t *testing.T) {
	bin, data, set := built(t), guarded(t), filepath.Join(t.TempDir(), "set")
	fails(t, 0, []string{"2 demands, 2 patents, 2 pairs (raters differ on 2), 5 labels of 3 raters",
		"1 record for the owner", "1 demand with title and text", "1 label of other sources", "4 labels of records"},
		bin, "export", "--data", data, "--dataset", set, "--lang", "en")
	queries, _ := os.ReadFile(filepath.Join(set, "queries.jsonl"))
	labels, _ := os.ReadFile(filepath.Join(set, "labels.csv"))
	qrels, _ := os.ReadFile(filepath.Join(set, "qrels", "test.tsv"))
	for _, secret := range []string{"正文D1", "题目D2", "某公司", "440300", "D-own", "D-gone"} {
		if strings.Contains(string(queries)+string(labels)+string(qrels), secret) {
			t.Errorf("%q has left:\n%s", secret, queries)
		}
	}
	if want := "query-id\tcorpus-id\tscore\nD1\tCN1\t2\nD3\tCN2\t3\n"; string(qrels) != want {
		t.Errorf("qrels %q, want %q", qrels, want)
	}
	if text := string(labels); strings.Count(text, "正文里的机密") != 3 || !strings.Contains(text, "D1,CN1,4,a,,,expert") {
		t.Error(text)
	}
	d, _, err := format.ReadBEIR(set, "test", format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept := d.Query(0).Attributes
	delete(kept, "time")
	if diff := cmp.Diff(map[string]string{"sector": "battery", "industry": "C38", "enterprise_kind": "sme"}, kept); diff != "" || d.Query(0).Time.IsZero() {
		t.Error(diff, d.Query(0).Time)
	}
	if d.Query(1).Attributes["region"] != "44" || d.Document(0).Attributes["ipc"] != "H" {
		t.Error(d.Query(1), d.Document(0))
	}
	again, _, err := format.ReadLabels(filepath.Join(set, "labels.csv"), metric.Levels4)
	if err != nil || len(again) != 5 {
		t.Errorf("%d labels, %v", len(again), err)
	}
	fails(t, 0, []string{"2 pairs", "6 labels of 4 raters"}, bin, "export", "--data", data, "--dataset", set, "--lang", "en", "--source", "model", "--source", "expert", "--split", "all")
	fails(t, exitFailed, []string{"nothing to measure"}, bin, "export", "--data", data, "--dataset", filepath.Join(set, "none"), "--source", "event", "--lang", "en")
	if _, err := os.Stat(filepath.Join(set, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a dataset that could not be written leaves its folder behind: %v", err)
	}
	fails(t, exitFailed, []string{"nothing to measure"}, bin, "export", "--data", data, "--dataset", set, "--source", "event", "--split", "event", "--lang", "en")
	wantNames(t, set, "corpus.jsonl", "labels.csv", "qrels", "queries.jsonl")
	wantNames(t, filepath.Join(set, "qrels"), "all.tsv", "test.tsv")
	fails(t, exitUsage, []string{"either --kind or --dataset"}, bin, "export", "--data", data, "--lang", "en")
	fails(t, exitUsage, []string{"either --kind or --dataset"}, bin, "export", "--data", data, "--dataset", set, "--kind", "labels", "--lang", "en")
}

func TestADatasetIsDividedByDemandsIntoTrainAndTest(t *testing.T) {
	bin, data, set := built(t), sampleFolder(t), filepath.Join(t.TempDir(), "set")
	fails(t, 0, []string{"1121 pairs"}, bin, "export", "--data", data, "--dataset", set, "--test-share", "0.2", "--lang", "en")
	wantNames(t, filepath.Join(set, "qrels"), "test.tsv", "train.tsv")
	demands := map[string]map[string]bool{}
	pairs := 0
	for _, split := range []string{"train", "test"} {
		text, err := os.ReadFile(filepath.Join(set, "qrels", split+".tsv"))
		if err != nil {
			t.Fatal(err)
		}
		demands[split] = map[string]bool{}
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
			demand, _, _ := strings.Cut(line, "\t")
			demands[split][demand] = true
			pairs++
		}
	}
	if len(demands["test"]) != 14 || len(demands["train"]) != 56 || pairs != 1121 {
		t.Errorf("%d demands to test on and %d to train on, %d pairs", len(demands["test"]), len(demands["train"]), pairs)
	}
	for demand := range demands["test"] {
		if demands["train"][demand] {
			t.Errorf("%s is in both", demand)
		}
	}
	fails(t, exitUsage, []string{"--test-share"}, bin, "export", "--data", data, "--dataset", set, "--test-share", "1", "--lang", "en")
	fails(t, exitUsage, []string{"train and test"}, bin, "export", "--data", data, "--dataset", set, "--test-share", "0.5", "--split", "dev", "--lang", "en")
	fails(t, exitFailed, []string{"dev.tsv"}, bin, "tune", "--dataset", set, "--split", "dev", "--out", filepath.Join(set, "m.duijie"), "--lang", "en")
}

func TestModelsAreComparedWithTheBaselineOrEachWithEach(t *testing.T) {
	bin, set := built(t), filepath.Join(t.TempDir(), "set")
	fails(t, 0, []string{"1121 pairs"}, bin, "export", "--data", sampleFolder(t), "--dataset", set, "--lang", "en")
	args := []string{"evaluate", "--dataset", set, "--model", "random", "--model", "bm25", "--model", "static", "--samples", "50", "--lang", "en"}
	fails(t, 0, []string{"bm25 − random", "static − random", "compared with random: --baseline"}, bin, args...)
	fails(t, 0, []string{"random − bm25", "static − bm25", "compared with bm25"}, bin, append(args, "--baseline", "bm25")...)
	fails(t, 0, []string{"bm25 − random", "static − random", "static − bm25"}, bin, append(args, "--all-pairs")...)
	fails(t, exitUsage, []string{`"tuned" is not measured; the models are random, bm25, static`}, bin, append(args, "--baseline", "tuned")...)
}

// demandsOfQrels are the demands of a split.
func demandsOfQrels(t *testing.T, set, split string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(set, "qrels", split+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		demand, _, _ := strings.Cut(line, "\t")
		out[demand] = true
	}
	return out
}

func TestADatasetHasWhatIsFrozenInTestAlone(t *testing.T) {
	bin, data, dir := built(t), sampleFolder(t), t.TempDir()
	fails(t, 0, []string{"Froze q4"}, bin, "model", "freeze", "q4", "--data", data, "--by", "李四", "--lang", "en")
	in, err := instance.OpenStore(t.Context(), instance.Config{Data: data, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	frozen, err := registry.FrozenIn(t.Context(), in, match.DefaultTenant)
	if err := errors.Join(err, in.Close()); err != nil || len(frozen) == 0 {
		t.Fatalf("%d pairs, %v", len(frozen), err)
	}
	demands := map[string]bool{}
	for pair := range frozen {
		demands[pair[0]] = true
	}
	counted := fmt.Sprintf("%d pairs of %d demands that frozen datasets measure by", len(frozen), len(demands))
	for _, c := range []struct {
		flags      []string
		said       string
		with, none string // splits that have all of the demands, and none of them
	}{
		{nil, "To measure by and not to learn from: " + counted, "test", ""},
		{[]string{"--split", "train"}, "Left out: " + counted, "", "train"},
		{[]string{"--split", "train", "--with-frozen"}, "1121 pairs", "train", ""},
		{[]string{"--test-share", "0.3"}, "In test and not in train: " + counted, "test", "train"},
		{[]string{"--test-share", "0.01"}, "In test and not in train: " + counted, "test", "train"},
	} {
		set := filepath.Join(dir, strings.Join(append([]string{"set"}, c.flags...), ""))
		fails(t, 0, []string{c.said}, bin, append([]string{"export", "--data", data, "--dataset", set, "--lang", "en"}, c.flags...)...)
		for split, want := range map[string]int{c.with: len(demands), c.none: 0} {
			if split == "" {
				continue
			}
			got := 0
			for d := range demandsOfQrels(t, set, split) {
				if demands[d] {
					got++
				}
			}
			if got != want {
				t.Errorf("%v: %s has %d of the %d frozen demands", c.flags, split, got, len(demands))
			}
		}
	}
	if test := demandsOfQrels(t, filepath.Join(dir, "set--test-share0.3"), "test"); len(test) != 21 {
		t.Errorf("three tenths of 70 demands are %d with the frozen ones", len(test))
	}
	fails(t, 0, []string{"归入 test，不进入 train：冻结评测集所含的"}, bin, "export", "--data", data, "--dataset", filepath.Join(dir, "zh"), "--test-share", "0.3", "--lang", "zh")
	fails(t, 0, []string{"Froze all"}, bin, "model", "freeze", "all", "--share", "1", "--data", data, "--by", "李四", "--lang", "en")
	fails(t, exitFailed, []string{"nothing would be left to learn from"}, bin, "export", "--data", data, "--dataset", filepath.Join(dir, "none"), "--split", "train", "--lang", "en")
	fails(t, exitUsage, []string{"nothing would be left to learn from"}, bin, "export", "--data", data, "--dataset", filepath.Join(dir, "none"), "--test-share", "0.2", "--lang", "en")
}
