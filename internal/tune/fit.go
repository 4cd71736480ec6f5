package tune

import (
	"context"
	"sync"

	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/tune/boost"
)

// fitted is a base with the trees on top of it, for each regime.
type fitted struct {
	base    *base
	at      []int32 // demand of the base for each of the set
	forests [2]forests
}

// forests of one regime; nil where there are too few labels for trees.
type forests struct{ ordinal, squared *boost.Forest }

// fit learns from the rows alone, for the regimes that are asked for. tell is told how
// far it is; it may be nil.
func (w *work) fit(ctx context.Context, rows []int32, tell func(done, total int), kinds ...regime) (*fitted, error) {
	b, at := w.base(rows)
	f := &fitted{base: b, at: at}
	if !w.o.trees {
		return f, nil
	}
	steps := newSteps(len(b.demands), 2*len(kinds)*w.o.rounds, tell)
	x, err := w.trainingRows(ctx, b, at, rows, kinds, steps.demand)
	if err != nil {
		return nil, err
	}
	y := make([]float32, len(rows))
	for i, r := range rows {
		y[i] = float32(w.set.Labels[r].Level)
	}
	for _, kind := range kinds {
		prepared := boost.Prepare(x[kind], w.o.Workers)
		x[kind] = boost.Matrix{}
		p := w.o.forest()
		p.Seed += 2 * uint64(kind)
		p.Grown = steps.tree
		if f.forests[kind].squared, err = prepared.Train(ctx, y, p, nil); err != nil {
			return nil, err
		}
		p.Loss, p.Seed = boost.Ordinal, p.Seed+1
		if f.forests[kind].ordinal, err = prepared.Train(ctx, y, p, nil); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// steps counts how far a fit is. Measuring the demands' rows and growing the trees take
// about the same time.
type steps struct {
	mu          sync.Mutex
	tell        func(done, total int)
	done, total int
	ofDemand    int // steps of one demand
	ofTree      int
}

func newSteps(demands, trees int, tell func(done, total int)) *steps {
	return &steps{tell: tell, ofDemand: trees, ofTree: demands, total: 2 * demands * trees}
}

func (s *steps) demand() { s.add(s.ofDemand) }

func (s *steps) tree() { s.add(s.ofTree) }

func (s *steps) add(n int) {
	if s.tell == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done += n
	s.tell(s.done, s.total)
}

// forest is the settings of the forests.
func (o Options) forest() boost.Params {
	return boost.Params{
		Rounds: o.rounds, Rate: 0.03, Leaves: 15, Depth: 6, MinRows: 50, L2: 5, Rows: 0.7, Features: 0.25,
		Monotone: rising(),
		Seed:     o.Seed, Workers: o.Workers,
	}
}

// inputs is what the models say of a row.
func (f *fitted) inputs(row []float32, kind regime) (in [inputs]float64) {
	var room [rank.PairFeatures]float64
	in[2] = f.base.expected(row[:rank.PairFeatures], room[:])[0] + float64(row[kernelShift])
	in[3] = float64(row[rank.ZeroShotLogit])
	if trees := f.forests[kind]; trees.ordinal != nil {
		in[0], in[1] = trees.ordinal.Predict(row), trees.squared.Predict(row)
	}
	return in
}

// rising says that what the kernel expects never lowers a prediction.
func rising() []int8 {
	m := make([]int8, columns)
	m[kernelLevel], m[kernelGain] = 1, 1
	return m
}
