package retrieve_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata/rank")

const goldenDepth = 10

// TestTheRankingOfTheSampleIsTheOneThatWasReviewed compares the first ten patents of
// each demand of the sample with a file of its own, and the figures over all of them
// with rank_stats.txt, so that a change of the ranking is a diff that can be read.
func TestTheRankingOfTheSampleIsTheOneThatWasReviewed(t *testing.T) {
	in, s := open(t, nil)
	d, levels := dataset(t, s)
	run := evaluation.NewRun(d)
	for i, demand := range s.Demands {
		a := ask(t, in, request(match.DemandKind, demand.ID, match.MaxLimit))
		for _, h := range a.Hits {
			doc, _ := d.DocumentIndex(h.Record.ID)
			run.Hits[i] = append(run.Hits[i], evaluation.Hit{Document: doc, Rank: int32(h.Rank), Score: h.Score.Logit})
		}
		reviewed(t, demand.ID+".txt", ranking(&demand, a, levels))
	}
	reviewed(t, "rank_stats.txt", stats(t, d, run))
}

// dataset is the sample as an evaluation sees it, and the levels by demand and patent.
func dataset(t *testing.T, s *sample.Catalog) (*evaluation.Dataset, map[[2]string]match.Level) {
	t.Helper()
	d := evaluation.NewDataset(metric.Levels4)
	for _, q := range s.Demands {
		if _, err := d.AddQuery(evaluation.Query{ID: q.ID, Title: q.Title, Text: q.Text}); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range s.Patents {
		if _, err := d.AddDocument(evaluation.Document{ID: p.Number, Title: p.Title, Text: p.Abstract}); err != nil {
			t.Fatal(err)
		}
	}
	levels := map[[2]string]match.Level{}
	for _, l := range s.Labels {
		q, _ := d.QueryIndex(l.Demand)
		doc, _ := d.DocumentIndex(l.Patent)
		if err := d.Judge(q, doc, int(l.Level)); err != nil {
			t.Fatal(err)
		}
		levels[[2]string{l.Demand, l.Patent}] = l.Level
	}
	return d, levels
}

// ranking writes a line for each hit: rank, score, level (– is not judged), number, title.
func ranking(d *match.Demand, a *match.Answer, levels map[[2]string]match.Level) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n", d.ID, d.Title)
	for _, h := range a.Hits[:min(goldenDepth, len(a.Hits))] {
		level := "–"
		if l := levels[[2]string{d.ID, h.Record.ID}]; l > 0 {
			level = fmt.Sprint(l)
		}
		fmt.Fprintf(&b, "%2d  %.3f  %s  %s  %s\n", h.Rank, h.Score.Value, level, h.Record.ID, h.Record.Patent.Title)
	}
	return b.String()
}

// stats measures the run on the judged pairs and, for what is not judged, on the
// whole answers.
func stats(t *testing.T, d *evaluation.Dataset, run *evaluation.Run) string {
	t.Helper()
	var b strings.Builder
	for _, c := range []struct {
		name       string
		candidates evaluation.Candidates
		metrics    []string
	}{
		{"judged candidates", evaluation.CandidatesJudged, []string{"ndcg@5", "ndcg@10", "mrr", "map", "auc_query(rel>=3)"}},
		{"all patents", evaluation.CandidatesAll, []string{"ndcg@10", "mrr", "p@1(rel>=3)", "recall@10(rel>=3)", "recall@100(rel>=3)", "unjudged@10"}},
	} {
		r, err := evaluation.Evaluate(d, []evaluation.Model{{Name: "hybrid", Run: run}}, evaluation.Options{
			Candidates: c.candidates, Ties: evaluation.TiesRank, Samples: -1,
			Cutoffs: evaluation.Cutoffs{NDCG: []int{5, 10}, Precision: []int{1}, Recall: []int{10, 100}, Shown: []int{10}},
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", c.name)
		for _, name := range c.metrics {
			def, err := r.Resolve(name)
			if err != nil {
				t.Fatal(err)
			}
			e := r.Estimate(0, def.Name)
			fmt.Fprintf(&b, "  %-20s %.4f  (%d demands)\n", def.Name, e.Value.Float(), e.Queries)
		}
	}
	return b.String()
}

func reviewed(t *testing.T, name, got string) {
	t.Helper()
	golden.Check(t, filepath.Join("testdata", "rank", name), got, *update)
}
