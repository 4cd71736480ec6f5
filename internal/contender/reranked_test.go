package contender_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rerank"
	"github.com/duijie/duijie/internal/retrieve"
)

// backwards is a chat server that puts documents in the reverse order, and fails for
// queries that hold broken.
func backwards(t *testing.T, broken string) (o contender.Options, usage func() rerank.Usage) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Messages []struct{ Content string } }
		var data struct {
			Query     struct{ Title, Text string }
			Documents []struct{ N int }
		}
		if json.NewDecoder(r.Body).Decode(&body) != nil || json.Unmarshal([]byte(body.Messages[1].Content), &data) != nil {
			http.Error(w, "not what was expected", http.StatusBadRequest)
			return
		}
		if broken != "" && strings.Contains(data.Query.Title+data.Query.Text, broken) {
			http.Error(w, "broken", http.StatusBadRequest)
			return
		}
		var order []int
		for _, d := range data.Documents {
			order = append(order, d.N)
		}
		slices.Reverse(order)
		text, _ := json.Marshal(map[string]any{"order": order})
		json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": string(text)}}}, "usage": map[string]any{"total_tokens": 10}})
	}))
	t.Cleanup(s.Close)
	client, err := chat.New(chat.Config{BaseURL: s.URL, Model: "m", BreakAfter: 1000})
	if err != nil {
		t.Fatal(err)
	}
	r, err := rerank.New(rerank.Config{Asker: client, Weight: 100})
	if err != nil {
		t.Fatal(err)
	}
	return contender.Options{Candidates: evaluation.CandidatesAuto, Workers: 1, Rerank: func() (retrieve.Reranker, error) { return r, nil }}, r.Usage
}

func TestARerankedRunIsThatOfTheFusionWithTheModelsOrderOnTop(t *testing.T) {
	d, _ := sampleDataset(t)
	o, usage := backwards(t, "")
	plain, _, err := contender.Open(t.Context(), d, "hybrid", o)
	if err != nil {
		t.Fatal(err)
	}
	m, warnings, err := contender.Open(t.Context(), d, "top=reranked", o)
	if err != nil || len(warnings) != 0 || m.Name != "top" {
		t.Fatal(m.Name, warnings, err)
	}
	for q, hits := range m.Run.Hits {
		was := plain.Run.Hits[q]
		n := min(len(was), retrieve.RerankDepth)
		for i := range n {
			want := was[n-1-i]
			place := float64(n-1-i) / float64(max(1, n-1))
			if n < 2 {
				place = 0
			}
			if hits[i].Document != want.Document || hits[i].Rank != int32(i+1) || hits[i].Score != want.Score+100*place {
				t.Fatalf("query %d, place %d: %+v, want document %d with %v", q, i+1, hits[i], want.Document, want.Score+100*place)
			}
		}
		for i := n; i < len(hits); i++ {
			if hits[i] != was[i] {
				t.Fatalf("query %d: hit %d has changed", q, i+1)
			}
		}
	}
	if u := usage(); u.Requests == 0 || u.Tokens != 10*u.Requests {
		t.Errorf("%+v", u)
	}
	if (m.Levels == nil) != (plain.Levels == nil) {
		t.Error("the levels are not those of the fusion")
	}
}

func TestDemandsWithoutAnOrderStayAsTheyAreAndAreCounted(t *testing.T) {
	d, _ := sampleDataset(t)
	title := d.Query(0).Title
	if title == "" {
		title = d.Query(0).Text
	}
	o, _ := backwards(t, title)
	plain, _, err := contender.Open(t.Context(), d, "hybrid", o)
	if err != nil {
		t.Fatal(err)
	}
	m, warnings, err := contender.Open(t.Context(), d, "reranked", o)
	if err != nil || len(warnings) != 1 || warnings[0].Count < 1 || warnings[0].Model != "reranked" {
		t.Fatal(warnings, err)
	}
	if fmt.Sprint(m.Run.Hits[0]) != fmt.Sprint(plain.Run.Hits[0]) {
		t.Errorf("%v, was %v", m.Run.Hits[0], plain.Run.Hits[0])
	}
}

func TestRerankedWithoutAModelSaysWhatItNeeds(t *testing.T) {
	d, _ := sampleDataset(t)
	_, _, err := contender.Open(t.Context(), d, "reranked", contender.Options{})
	if match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), "--llm-url") {
		t.Error(err)
	}
	if name, ref := contender.Parse("reranked+onnx=/a/b"); name != "reranked+onnx" || ref != "reranked+onnx=/a/b" {
		t.Errorf("%s, %s", name, ref)
	}
}
