package retrieve_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// pair is what must be the same of a pair wherever it is a hit.
type pair struct {
	Score       match.Score
	Explanation *match.Explanation
}

// pairsOf are those of the hits, without their places in the legs' lists, which are the
// answer's.
func pairsOf(a *match.Answer) map[string]pair {
	out := map[string]pair{}
	for _, h := range a.Hits {
		for i := range h.Score.Legs {
			h.Score.Legs[i].Rank = 0
		}
		out[h.Record.ID] = pair{h.Score, h.Explanation}
	}
	return out
}

func TestAPairHasOneScoreAndOneExplanationOnAnyPageWithAnyFilterAndOnEitherIndex(t *testing.T) {
	in, s := open(t, nil)
	const demand = "D-BAT1"
	req := request(match.DemandKind, demand, 50)
	req.Explain = true
	whole := pairsOf(ask(t, in, req))
	compare := func(name string, a *match.Answer, o ...cmp.Option) {
		t.Helper()
		if len(a.Hits) == 0 {
			t.Errorf("%s: no hits", name)
		}
		met := 0
		for id, got := range pairsOf(a) {
			if want, ok := whole[id]; ok {
				met++
				if d := cmp.Diff(want, got, o...); d != "" {
					t.Errorf("%s: %s: %s", name, id, d)
				}
			}
		}
		if met == 0 {
			t.Errorf("%s: none of the hits is among the first 50", name)
		}
	}
	small := req
	small.Limit, small.Offset = 5, 10
	compare("a page of five", ask(t, in, small))
	filtered := req
	filtered.Filter = match.Filter{Sectors: []string{"battery"}, IncludeUnavailable: true}
	compare("a filter", ask(t, in, filtered))

	records := s.Records()
	for name, open := range map[string]func(index.Spec) (index.Index, error){
		"flat": func(spec index.Spec) (index.Index, error) { return flat.Open("", spec) },
		"segments with lists": func(spec index.Spec) (index.Index, error) {
			return segment.Open(t.TempDir(), spec, segment.Options{SealAt: 64, ClusterAt: 64, SettleAfter: time.Millisecond})
		},
	} {
		e := &retrieve.Engine{
			Records: in.Engine.Records, Embedder: in.Engine.Embedder, Lexicon: in.Engine.Lexicon, Explainer: in.Engine.Explainer,
			Now: in.Engine.Now, Version: in.Engine.Version, Sides: map[match.Kind]retrieve.Side{},
		}
		for kind, side := range in.Engine.Sides {
			v, err := open(index.Spec{Collection: string(kind) + "s", Model: e.Embedder.Identity(), Dim: e.Embedder.Dim(), Vectors: retrieve.VectorNames()})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			for i := range records {
				if r := &records[i]; r.Kind == kind {
					made, failed, err := retrieve.EmbedRecords(t.Context(), e.Embedder, kind, []*match.Record{r})
					if err != nil || len(failed) > 0 {
						t.Fatal(err, failed)
					}
					point := index.Point{Key: r.Key(), Payload: r.Payload(), Vectors: map[string][]float32{retrieve.TitleVector: made[0].Title, retrieve.TextVector: made[0].Text}}
					if err := v.Upsert(t.Context(), []index.Point{point}); err != nil {
						t.Fatal(err)
					}
				}
			}
			side.Vectors = v
			e.Sides[kind] = side
		}
		got, err := e.Match(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		var o cmp.Options
		if name != "flat" { // a sealed segment rounds vectors: logits differ in the eighth place
			o = append(o, cmpopts.EquateApprox(0, 1e-6))
		}
		compare(name, got, o...)
		if len(got.Hits) != 50 {
			t.Errorf("%s: %d hits", name, len(got.Hits))
		}
	}
}
