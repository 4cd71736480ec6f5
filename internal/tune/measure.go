package tune

import (
	"context"
	"slices"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/tune/boost"
)

// compareBatch is how many patents are taken apart at a time: all at once would
// need gigabytes for a million.
const compareBatch = 4096

// compare measures all pairs, and prepares the patents.
func (w *work) compare(ctx context.Context, e embed.Embedder, demands []rank.Prepared, tell func(int)) error {
	w.offers = make([]*offer, len(w.set.Patents))
	w.x = boost.NewMatrix(len(w.set.Labels), rank.PairFeatures)
	of := make([][]int32, len(w.set.Patents)) // labels of each patent
	for i, l := range w.set.Labels {
		of[l.Patent] = append(of[l.Patent], int32(i))
	}
	same := map[[32]byte]*offer{}
	for from := 0; from < len(w.set.Patents); from += compareBatch {
		batch := w.set.Patents[from:min(len(w.set.Patents), from+compareBatch)]
		patents, err := w.sides(ctx, e, match.PatentKind, batch, tell)
		if err != nil {
			return err
		}
		made := make([]*offer, len(batch))
		parallel(w.o.Workers, len(batch), func(_, i int) {
			side := rank.SideOf(patents[i])
			side.Weigh(w.weights)
			made[i] = offerOf(side, w.patentMean)
			for _, r := range of[from+i] {
				w.fusion.Measure(demands[w.set.Labels[r].Demand], patents[i], w.x.Row(int(r)))
			}
		})
		for i, o := range made {
			texts := keyOf(batch[i].Title, batch[i].Text)
			if first, ok := same[texts]; ok {
				o = first
			} else {
				same[texts] = o
			}
			w.offers[from+i] = o
		}
		for _, d := range demands {
			rank.Forget(d)
		}
	}
	return nil
}

// centreOf is how many patents' vectors the centre is taken from.
const centreOf = 20_000

// weigh finds how telling terms are and where the vectors' centres lie, from the
// texts that are labelled.
func (w *work) weigh(ctx context.Context, e embed.Embedder, demands []rank.Prepared) error {
	var usedDemand, usedPatent = make([]bool, len(w.set.Demands)), make([]bool, len(w.set.Patents))
	for _, l := range w.set.Labels {
		usedDemand[l.Demand], usedPatent[l.Patent] = true, true
	}
	holding, texts := map[uint32]int{}, 0
	count := func(s *rank.Side) {
		texts++
		for _, t := range s.Terms {
			holding[t.Hash]++
		}
	}
	var some []Record
	titles := map[uint64]bool{}
	for i, s := range demands {
		if usedDemand[i] {
			count(rank.SideOf(s))
		}
	}
	for i, r := range w.set.Patents {
		if !usedPatent[i] {
			continue
		}
		if len(some) < centreOf {
			some = append(some, r)
		}
		if i%compareBatch == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := rank.NewSide(r.Title, r.Text, nil, nil)
		if h := titleHash(s); h == 0 || !titles[h] {
			titles[h] = true
			count(s)
		}
	}
	w.weights = rank.NewWeights(texts, holding)
	var ofDemands, ofPatents mean32
	for i, d := range demands {
		if usedDemand[i] {
			ofDemands.add(rank.SideOf(d).Text)
		}
	}
	for batch := range slices.Chunk(some, embedBatch) {
		texts := make([]string, len(batch))
		for i, r := range batch {
			texts[i] = EmbeddedTexts(r)[1]
		}
		vectors, err := e.Embed(ctx, embed.Document, texts)
		if err != nil {
			return err
		}
		for _, v := range vectors {
			ofPatents.add(v)
		}
	}
	w.demandMean, w.patentMean = ofDemands.mean(), ofPatents.mean()
	return nil
}

// mean32 is the mean of vectors.
type mean32 struct {
	sum []float64
	n   int
}

// add takes a vector in; nil is none.
func (m *mean32) add(v []float32) {
	if v == nil {
		return
	}
	if m.sum == nil {
		m.sum = make([]float64, len(v))
	}
	for d, x := range v {
		m.sum[d] += float64(x)
	}
	m.n++
}

func (m *mean32) mean() []float32 {
	out := make([]float32, len(m.sum))
	for d, v := range m.sum {
		out[d] = float32(v / float64(m.n))
	}
	return out
}
