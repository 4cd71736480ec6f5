package contender_test

import (
	"context"
	"math"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/match"
)

// batteries is one demand with three candidates; two more documents were not judged.
func batteries(t *testing.T) *evaluation.Dataset {
	t.Helper()
	d := evaluation.NewDataset(metric.Levels4)
	if _, err := d.AddQuery(evaluation.Query{ID: "q", Title: "电池", Text: "电池材料"}); err != nil {
		t.Fatal(err)
	}
	for i, title := range []string{"电池材料", "电池电池", "机床", "电池", "材料"} {
		doc, err := d.AddDocument(evaluation.Document{ID: title, Title: title})
		if err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			if err := d.Judge(0, doc, 1+i%2); err != nil {
				t.Fatal(err)
			}
		}
	}
	return d
}

// By hand: of N = 3 candidates two have 电池, one 池材, one 材料, and their lengths are
// 3, 3 and 1, so that idf is ln 1.6 and ln(8/3), and k1·(1−b+b·|d|/avgdl) is 1.2·(0.25 +
// 0.75·3/(7/3)) = 1.457142857. The demand has 电池 twice, 池材 and 材料 once.
func TestBM25OfCandidatesIsWhatIsReckonedByHand(t *testing.T) {
	m, _, err := contender.Open(context.Background(), batteries(t), "bm25=candidates", contender.Options{Candidates: evaluation.CandidatesJudged})
	if err != nil {
		t.Fatal(err)
	}
	const once, twice = 2.2 / 2.457142857142857, 4.4 / 3.457142857142857
	want := []evaluation.Hit{
		{Document: 0, Rank: 1, Score: 2*0.47000362924573555*once + 2*0.9808292530117262*once}, // 2.598
		{Document: 1, Rank: 2, Score: 2 * 0.47000362924573555 * twice},                        // 1.196
		{Document: 2, Rank: 3, Score: 0},
	}
	if m.Name != "bm25-candidates" || len(m.Run.Hits[0]) != len(want) {
		t.Fatalf("%s ranks %v", m.Name, m.Run.Hits[0])
	}
	for i, h := range m.Run.Hits[0] {
		if h.Document != want[i].Document || h.Rank != want[i].Rank || math.Abs(h.Score-want[i].Score) > 1e-12 {
			t.Errorf("rank %d is %+v, want %+v", i+1, h, want[i])
		}
	}
}

func TestBM25OfCandidatesHasNoScoreForOtherDocuments(t *testing.T) {
	_, _, err := contender.Open(context.Background(), batteries(t), "bm25=candidates", contender.Options{Candidates: evaluation.CandidatesAll})
	if match.KindOf(err) != match.Invalid {
		t.Errorf("error %v", err)
	}
}
