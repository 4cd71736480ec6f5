package contender_test

import (
	"context"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

// sampleDataset is the sample with its labels.
func sampleDataset(t *testing.T) (*evaluation.Dataset, *sample.Catalog) {
	t.Helper()
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
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
	for _, l := range s.Labels {
		q, _ := d.QueryIndex(l.Demand)
		doc, _ := d.DocumentIndex(l.Patent)
		if err := d.Judge(q, doc, int(l.Level)); err != nil {
			t.Fatal(err)
		}
	}
	return d, s
}

func TestANameIsTakenFromTheReferenceWhereNoneIsGiven(t *testing.T) {
	for _, c := range []struct{ in, name, ref string }{
		{"static", "static", "static"},
		{"base=static", "base", "static"},
		{"runs/old.trec", "old", "runs/old.trec"},
		{"runs/old.trec.gz", "old", "runs/old.trec.gz"},
		{"old=runs/a=b.trec", "old", "runs/a=b.trec"},
		{"static=my/own.static", "static", "my/own.static"},
		{"my/own.static", "own", "my/own.static"},
		{"runs/a=b.trec", "a=b", "runs/a=b.trec"},
		{"bm25=candidates", "bm25-candidates", "bm25=candidates"},
		{"published=bm25=candidates", "published", "bm25=candidates"},
		{"onnx", "onnx", "onnx"},
		{"onnx=models/a=b", "onnx", "onnx=models/a=b"},
		{"teacher=onnx=/models/bge", "teacher", "onnx=/models/bge"},
		{"hybrid+onnx", "hybrid+onnx", "hybrid+onnx"},
		{"hybrid+onnx=/models/bge", "hybrid+onnx", "hybrid+onnx=/models/bge"},
		{"hybrid+my/own.static", "hybrid+own", "hybrid+my/own.static"},
		{"fused=hybrid+onnx", "fused", "hybrid+onnx"},
	} {
		if name, ref := contender.Parse(c.in); name != c.name || ref != c.ref {
			t.Errorf("Parse(%q) = %q, %q, want %q, %q", c.in, name, ref, c.name, c.ref)
		}
	}
}

func TestHybridScoresAPairExactlyAsTheServiceDoes(t *testing.T) {
	ctx := context.Background()
	d, s := sampleDataset(t)
	m, _, err := contender.Open(ctx, d, "hybrid", contender.Options{Candidates: evaluation.CandidatesJudged, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	in, err := instance.Open(ctx, instance.Config{Data: t.TempDir(), Now: sample.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var items []store.Item
	for _, r := range s.Records() {
		if r.Patent != nil { // a dataset has titles and texts, and no claims
			r.Patent.Claims = ""
		}
		items = append(items, store.Item{Record: r})
	}
	if _, err := in.Catalog.Write(ctx, store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	for q := range 5 {
		var pairs []match.Pair
		for _, h := range m.Run.Hits[q] {
			pairs = append(pairs, match.Pair{
				Demand: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: d.Query(int32(q)).ID},
				Patent: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: d.Document(h.Document).ID},
			})
		}
		a, err := in.Engine.ScorePairs(ctx, pairs, retrieve.PairOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range m.Run.Hits[q] {
			if got := a.Results[i].Score.Logit; got != h.Score {
				t.Errorf("%v: %v in the run, %v from the service", pairs[i], h.Score, got)
			}
		}
	}
}

func TestEveryModelRanksTheJudgedCandidatesOfEveryDemand(t *testing.T) {
	d, _ := sampleDataset(t)
	for _, ref := range []string{"random", "bm25", "bm25=candidates", "static", "hybrid"} {
		m, _, err := contender.Open(context.Background(), d, ref, contender.Options{Candidates: evaluation.CandidatesJudged, Workers: 2, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		for q := range int32(d.Queries()) {
			if got, want := len(m.Run.Hits[q]), len(d.Judgements(q)); got != want {
				t.Errorf("%s ranks %d of %d candidates of %s", ref, got, want, d.Query(q).ID)
			}
		}
	}
}

func TestAnUnknownReferenceIsRefused(t *testing.T) {
	d, _ := sampleDataset(t)
	for _, ref := range []string{"best", "openai", "onnx", "onnx=", "x=", "hybrid+", "hybrid+onnx", "hybrid+best", "none.trec", "none.static"} {
		if _, _, err := contender.Open(context.Background(), d, ref, contender.Options{}); err == nil {
			t.Errorf("%q was accepted", ref)
		}
	}
}
