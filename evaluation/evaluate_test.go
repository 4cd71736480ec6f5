package evaluation

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/duijie/duijie/evaluation/metric"
)

// synthetic makes a dataset and a run whose scores follow the levels with the
// given noise.
func synthetic(queries, documents int, seed uint64) *Dataset {
	random := rand.New(rand.NewPCG(seed, 1))
	d := NewDataset(metric.Levels4)
	for q := range queries {
		_, _ = d.AddQuery(Query{ID: fmt.Sprintf("q%05d", q), Attributes: map[string]string{"sector": fmt.Sprint("s", q%4)}})
	}
	for i := range queries * documents {
		_, _ = d.AddDocument(Document{ID: fmt.Sprintf("d%07d", i)})
		_ = d.Judge(int32(i/documents), int32(i), 1+min(random.IntN(5), random.IntN(5), 3))
	}
	return d
}

func noisyRun(d *Dataset, noise float64, seed uint64) *Run {
	random := rand.New(rand.NewPCG(seed, 2))
	run := NewRun(d)
	for q := range d.judged {
		for _, j := range d.judged[q] {
			run.Hits[q] = append(run.Hits[q], Hit{Document: j.Document, Score: float64(j.Level) + noise*random.NormFloat64()})
		}
		d.Order(run.Hits[q], TiesRank)
		for i := range run.Hits[q] {
			run.Hits[q][i].Rank = int32(i + 1)
		}
	}
	return run
}

// levelsOf predicts levels and probabilities from a run's scores.
func levelsOf(d *Dataset, run *Run) *Levels {
	l := &Levels{Predictions: make([][]Prediction, d.Queries())}
	for q, hits := range run.Hits {
		for _, h := range hits {
			level := max(1, min(4, int(h.Score+0.5)))
			p := []float64{0.1, 0.1, 0.1, 0.1}
			p[level-1] = 0.7
			l.Predictions[q] = append(l.Predictions[q], Prediction{h.Document, int8(level), p})
		}
	}
	return l
}

func latenciesOf(d *Dataset) []time.Duration {
	l := make([]time.Duration, d.Queries())
	for i := range l {
		l[i] = time.Duration(i+1) * time.Millisecond
	}
	return l
}

func TestTheResultIsTheSameWhateverTheNumberOfWorkers(t *testing.T) {
	d := synthetic(60, 12, 1)
	a, b := noisyRun(d, 1, 1), noisyRun(d, 0.8, 2)
	models := []Model{{Name: "a", Run: a, Levels: levelsOf(d, a), Latencies: latenciesOf(d)}, {Name: "b", Run: b}}
	encode := func(workers int) []byte {
		r, err := Evaluate(d, models, Options{Workers: workers, Samples: 100, Permutations: 500,
			Slices: []Slice{ByAttribute(d, "sector"), ByLabels(d), ByLength(d)}})
		if err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		if err := r.WriteJSON(&buf); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	one := encode(1)
	for range 3 {
		if !bytes.Equal(one, encode(7)) {
			t.Fatal("seven workers give other bytes than one")
		}
	}
}
