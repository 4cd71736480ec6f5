package boost

import (
	"context"
	"math/rand/v2"
	"runtime"
)

// Loss is what the trees lower.
type Loss int

const (
	// Squared error; predictions are on the scale of the targets.
	Squared Loss = iota
	// Ordinal is the proportional odds loss over levels 1, 2, 3…; predictions are
	// logits, 0 for the average row.
	Ordinal
)

// Params are the settings of Train. All must be set but Monotone, Workers and Grown.
type Params struct {
	Loss     Loss
	Rounds   int     // trees
	Rate     float64 // share of each step that is taken
	Leaves   int     // of a tree at most
	Depth    int     // of a leaf at most
	MinRows  int     // of a leaf at least
	L2       float64 // added to the second derivatives of a leaf
	Rows     float64 // share of the rows that each tree sees, 0 to 1
	Features float64 // share of the features that each tree sees, 0 to 1
	Seed     uint64
	// Monotone is +1, −1 or 0 for each feature; nil constrains none.
	Monotone []int8
	Workers  int // goroutines; 0 is GOMAXPROCS. The forest does not depend on it
	// Grown is called after each tree; it may be nil.
	Grown func()
}

// Held is rows that are not trained on, to see when to stop.
type Held struct {
	X Matrix
	Y []float32
	// Loss is filled: the mean loss after each round.
	Loss []float64
}

// Train grows a forest on the rows of x with targets y. held may be nil. It ends
// early with the context's error when ctx ends.
func Train(ctx context.Context, x Matrix, y []float32, p Params, held *Held) (*Forest, error) {
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	return Prepare(x, p.Workers).Train(ctx, y, p, held)
}

// Prepared is a matrix cut into bins, for several trainings on the same rows.
type Prepared struct{ b *binned }

// Prepare cuts the features into bins.
func Prepare(x Matrix, workers int) *Prepared {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &Prepared{bin(x, workers)}
}

// Train is like the function Train.
func (prepared *Prepared) Train(ctx context.Context, y []float32, p Params, held *Held) (*Forest, error) {
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	b := prepared.b
	o := objectiveOf(p.Loss, y)
	f := &Forest{Columns: len(b.bins), Base: o.base()}
	g := newGrower(b, p)
	predicted := make([]float64, b.rows)
	for i := range predicted {
		predicted[i] = f.Base
	}
	watch := newWatch(held, p.Loss, o, f.Base)
	random := rand.New(rand.NewPCG(p.Seed, 0x6a09e667f3bcc908))
	for range p.Rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o.gradients(predicted, g.gradient, g.hessian)
		tree := g.grow(sampleRows(random, b.rows, p.Rows), sampleFeatures(random, len(b.bins), p.Features))
		g.apply(&tree, predicted)
		f.Trees = append(f.Trees, tree)
		watch.after(&tree)
		if p.Grown != nil {
			p.Grown()
		}
	}
	return f, nil
}

// watch follows the loss on rows that are held back.
type watch struct {
	held      *Held
	o         objective
	predicted []float64
}

func newWatch(held *Held, loss Loss, trained objective, base float64) *watch {
	if held == nil {
		return nil
	}
	w := &watch{held: held, o: squared{held.Y}, predicted: make([]float64, held.X.Rows)}
	if t, ok := trained.(ordinal); ok {
		w.o = ordinal{y: held.Y, cuts: t.cuts}
	}
	for i := range w.predicted {
		w.predicted[i] = base
	}
	return w
}

func (w *watch) after(t *Tree) {
	if w == nil {
		return
	}
	sum := 0.0
	for i := range w.predicted {
		w.predicted[i] += t.predict(w.held.X.Row(i))
		sum += w.o.loss(i, w.predicted[i])
	}
	w.held.Loss = append(w.held.Loss, sum/float64(max(1, len(w.predicted))))
}

func sampleRows(random *rand.Rand, n int, share float64) []int32 {
	rows := make([]int32, 0, n)
	for i := range n {
		if share >= 1 || random.Float64() < share {
			rows = append(rows, int32(i))
		}
	}
	if len(rows) == 0 && n > 0 {
		rows = append(rows, 0)
	}
	return rows
}

func sampleFeatures(random *rand.Rand, n int, share float64) []int {
	all := random.Perm(n)
	return all[:min(n, max(1, int(share*float64(n)+0.5)))]
}
