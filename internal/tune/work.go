package tune

import (
	"context"
	"crypto/sha256"
	"math"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/tune/boost"
)

// work is a set, embedded and measured once for all trainings on parts of it. The texts of
// its patents are not kept: of a million they would take a gigabyte.
type work struct {
	set     *Set
	hash    string   // of the set with all texts
	patents []uint64 // hashes of the patents' ids
	o       Options
	fusion  *rank.Fusion
	weights rank.Weights
	// means of the vectors of the demands and patents that are labelled
	demandMean, patentMean []float32
	needs                  []need   // of every demand
	offers                 []*offer // of every patent
	x                      boost.Matrix
	center, scale          []float32 // means and standard deviations of x
	memo                   *memo     // nil for large sets
	groups                 []int32   // of each label: equal for the same demand and title
	twins                  []int32   // of each demand: equal for near twins
}

func prepare(ctx context.Context, set *Set, e embed.Embedder, o Options) (*work, error) {
	lexicon, err := static.Builtin()
	if err != nil {
		return nil, err
	}
	fusion, err := retrieve.ZeroShot(ctx, e, lexicon)
	if err != nil {
		return nil, err
	}
	w := &work{set: set, o: o, fusion: fusion, hash: set.Hash()}
	done, total := 0, len(set.Demands)+len(set.Patents)
	tell := func(n int) {
		done += n
		o.tell(Stage{Embedding, done, total})
	}
	demands, err := w.sides(ctx, e, match.DemandKind, set.Demands, tell)
	if err != nil {
		return nil, err
	}
	if err := w.weigh(ctx, e, demands); err != nil {
		return nil, err
	}
	for _, d := range demands {
		side := rank.SideOf(d)
		side.Weigh(w.weights)
		w.needs = append(w.needs, needOf(side, w.demandMean))
	}
	if err := w.compare(ctx, e, demands, tell); err != nil {
		return nil, err
	}
	w.set = &Set{Demands: set.Demands, Labels: set.Labels, Raters: set.Raters}
	for _, p := range set.Patents {
		w.patents = append(w.patents, hashOf(p.ID))
	}
	w.standardise()
	if len(set.Labels) <= o.validated {
		w.memo = newMemo(w)
	}
	w.group()
	w.twins = w.twinsOf(ctx, demands)
	return w, ctx.Err()
}

func (w *work) group() {
	type key struct {
		demand int32
		title  uint64
		patent int32
	}
	seen := map[key]int32{}
	w.groups = make([]int32, len(w.set.Labels))
	for i, l := range w.set.Labels {
		k := key{demand: l.Demand, title: w.offers[l.Patent].title}
		if k.title == 0 {
			k.patent = l.Patent
		}
		g, ok := seen[k]
		if !ok {
			g = int32(len(seen))
			seen[k] = g
		}
		w.groups[i] = g
	}
}

// Cosines of their terms, and of their vectors, from which two demands are near twins.
const (
	twinCosine = 0.95
	twinVector = 0.7
)

// twinsOf gives demands that are alike, by their terms or by the same title, the
// same number; being alike carries on.
func (w *work) twinsOf(ctx context.Context, demands []rank.Prepared) []int32 {
	alike := make([][]int32, len(w.needs)) // of each demand, those before it
	var codes []int8
	for i := range w.needs {
		codes = append(codes, w.needs[i].codes...)
	}
	dimensions := len(w.demandMean)
	parallel(w.o.Workers, len(w.needs), func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		n, products := &w.needs[i], make([]int32, i)
		quant.DotRows(n.widen(nil), codes[:i*dimensions], products)
		for j := range i {
			other := &w.needs[j]
			if n.cosine(&other.vector, products[j]) > twinVector && sparseDot(n.terms, other.terms) >= twinCosine {
				alike[i] = append(alike[i], int32(j))
			}
		}
	})
	parent := make([]int32, len(w.needs))
	find := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	titles := map[string]int32{}
	for i := range parent {
		parent[i] = int32(i)
		if title := rank.SideOf(demands[i]).SameTitle(); title != "" {
			if first, ok := titles[title]; ok {
				parent[find(int32(i))] = find(first)
			} else {
				titles[title] = int32(i)
			}
		}
		for _, j := range alike[i] {
			a, b := find(int32(i)), find(j)
			parent[max(a, b)] = min(a, b)
		}
	}
	out := make([]int32, len(parent))
	for i := range out {
		out[i] = find(int32(i))
	}
	return out
}

// base learns the linear model and remembers the labels that rows name.
func (w *work) base(rows []int32) (*base, []int32) {
	b := &base{kernel: w.o.kernel, fusion: w.fusion, weights: w.weights, demandMean: w.demandMean, patentMean: w.patentMean, limit: w.o.limit}
	b.center, b.scale, b.memo = w.center, w.scale, w.memo
	w.fitLinear(b, rows)
	return b, w.remember(b, rows)
}

// fitLinear fits the ridge regression of level and gain. A share of each demand's
// mean is taken from its rows first, as with a random intercept for each demand
// (generalised least squares; Wooldridge, "Econometric Analysis", section 10.4): the
// weights then tell good patents from bad ones for a demand, rather than demands that
// got high levels from others.
func (w *work) fitLinear(b *base, rows []int32) {
	k := rank.PairFeatures
	xs, ys := make([][]float64, len(rows)), make([][]float64, targets)
	var center [rank.PairFeatures + targets]float64
	values := make([]float64, len(rows)*(k+targets))
	for i, r := range rows {
		row := values[i*(k+targets) : (i+1)*(k+targets)]
		b.standardised(w.x.Row(int(r)), row[:k])
		level := float64(w.set.Labels[r].Level)
		row[k], row[k+1] = level, gainOf(level)
		b.shares[int(level)-1] += 1 / float64(len(rows))
		for j, v := range row {
			center[j] += v / float64(len(rows))
		}
	}
	sums, counts := map[int32][]float64{}, map[int32]float64{}
	for i, r := range rows {
		d := w.set.Labels[r].Demand
		if sums[d] == nil {
			sums[d] = make([]float64, k+targets)
		}
		counts[d]++
		for j, v := range values[i*(k+targets) : (i+1)*(k+targets)] {
			sums[d][j] += v
		}
	}
	for i, r := range rows {
		d := w.set.Labels[r].Demand
		row := values[i*(k+targets) : (i+1)*(k+targets)]
		for j := range row {
			row[j] -= center[j] + w.o.within*(sums[d][j]/counts[d]-center[j])
		}
		xs[i] = row[:k]
		for t := range targets {
			ys[t] = append(ys[t], row[k+t])
		}
	}
	penalty := make([]float64, k)
	for i := range penalty {
		penalty[i] = w.o.ridge
	}
	penalty[rank.ZeroShotLogit] = 1
	copy(b.linear[:], ridge(xs, ys, penalty))
	for t, l := range b.linear {
		l[k] = center[k+t]
		for j, v := range center[:k] {
			l[k] -= l[j] * v
		}
	}
}

// standardise takes the means and standard deviations of the features.
func (w *work) standardise() {
	n := float64(w.x.Rows)
	w.center, w.scale = make([]float32, rank.PairFeatures), make([]float32, rank.PairFeatures)
	for f := range w.center {
		var sum, squares float64
		for r := range w.x.Rows {
			sum += w.x.At(r, f)
		}
		for r := range w.x.Rows {
			d := w.x.At(r, f) - sum/n
			squares += d * d
		}
		w.center[f], w.scale[f] = float32(sum/n), float32(math.Sqrt(squares/n))
		if w.scale[f] < 1e-6 {
			w.scale[f] = 1
		}
	}
}

// remember stores the labels in b, and tells which demand of b each of the set is;
// −1 where it has no label.
func (w *work) remember(b *base, rows []int32) []int32 {
	at := make([]int32, len(w.set.Demands))
	for i := range at {
		at[i] = -1
	}
	b.pairs = make([]labelled, len(rows))
	var room [rank.PairFeatures]float64
	for i, r := range rows {
		l := w.set.Labels[r]
		if at[l.Demand] < 0 {
			at[l.Demand] = int32(len(b.demands))
			d := w.set.Demands[l.Demand]
			b.remember(&known{id: d.ID, key: keyOf(d.Title, d.Text), need: w.needs[l.Demand], twins: w.twins[l.Demand], inSet: l.Demand})
		}
		k := at[l.Demand]
		b.demands[k].own = append(b.demands[k].own, int32(i))
		x := w.x.Row(int(r))
		expected := b.expected(x, room[:])
		p := &b.pairs[i]
		*p = labelled{point: b.kernelPoint(w.offers[l.Patent], x), demand: k, level: l.Level, row: r,
			patent64: w.patents[l.Patent], zeroShot: x[rank.ZeroShotLogit]}
		p.residual = [targets]float32{
			float32(float64(l.Level) - expected[0]), float32(gainOf(float64(l.Level)) - expected[1]),
		}
	}
	return at
}

// keyOf is the hash of a demand's texts.
func keyOf(title, text string) [32]byte {
	return sha256.Sum256([]byte(title + "\x00" + text))
}
