package tune

import (
	"context"
	"math/rand/v2"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

// leastLabels is the number of labels below which nothing is learned.
const leastLabels = 20

// fittingSteps is in how many steps the progress of the last training is told.
const fittingSteps = 1000

// Train learns a ranker from labelled pairs, and measures it by cross-validation.
// The name is part of the model's identity. Errors are of kind Invalid where the
// labels are unusable; those of the embedder come through.
func Train(ctx context.Context, name string, set *Set, e embed.Embedder, o Options) (*Model, error) {
	o = o.withDefaults(len(set.Labels))
	if err := set.Check(); err != nil {
		return nil, err
	}
	if n := len(set.Labels); n < leastLabels {
		return nil, match.Invalidf("labels", "%d are too few to learn from; 20 is the least, 300 are enough for trees; those of frozen datasets are not learned from", n)
	}
	w, err := prepare(ctx, set, e, o)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	report, err := w.validate(ctx, m)
	if err != nil {
		return nil, err
	}
	o.tell(Stage{Fitting, 0, fittingSteps})
	kinds := []regime{seen}
	if m.stacks[unseen].trees() {
		kinds = append(kinds, unseen)
	}
	f, err := w.fit(ctx, w.all(), func(done, total int) { o.tell(Stage{Fitting, fittingSteps * done / (total + 1), fittingSteps}) }, kinds...)
	if err != nil {
		return nil, err
	}
	o.tell(Stage{Fitting, fittingSteps, fittingSteps})
	m.base, m.forests = f.base, f.forests
	m.Card = w.card(name, e, report)
	return m, m.seal()
}

// validate cross-validates, fits how the models are added up, and reports.
func (w *work) validate(ctx context.Context, m *Model) (*Report, error) {
	report := &Report{Warnings: w.dataWarnings()}
	done, total := 0, 2*folds+len(curveShares)
	tell := func() { done++; w.o.tell(Stage{Validating, done, total}) }
	sample := w.sample()
	report.Labels = len(sample)
	kept, err := w.crossValidate(ctx, sample, seen, tell)
	if err != nil {
		return nil, err
	}
	m.stacks[seen] = w.stack(kept, w.o.trees)
	report.Seen = w.measure(kept, &m.stacks[seen])
	m.stacks[unseen] = m.stacks[seen]
	if w.groupsOf(sample) >= 2 {
		other, err := w.crossValidate(ctx, sample, unseen, tell)
		if err != nil {
			return nil, err
		}
		m.stacks[unseen] = w.stackOfUnseen(other)
		report.Unseen = w.measure(other, &m.stacks[unseen])
	}
	if report.Curve, err = w.curve(ctx, kept, &m.stacks[seen], tell); err != nil {
		return nil, err
	}
	report.Warnings = append(report.Warnings, gainWarnings(report)...)
	return report, nil
}

// stackOfUnseen leaves the trees out where the ranking of unseen demands is not better
// with them: with few demands they learn what sets demands apart, rather than patents.
func (w *work) stackOfUnseen(v *validation) stack {
	plain := w.stack(v, false)
	if !w.o.trees {
		return plain
	}
	whole, lists := w.stack(v, true), w.lists(v)
	ndcg := func(s *stack) float64 {
		return mean(w.ndcg(lists, func(r int32) float64 { return s.score(v.in[r]) }))
	}
	if ndcg(&whole) > ndcg(&plain) {
		return whole
	}
	return plain
}

func (w *work) stack(v *validation, trees bool) stack {
	in, y := make([][inputs]float64, len(v.rows)), make([]int8, len(v.rows))
	for i, r := range v.rows {
		in[i], y[i] = v.in[r], w.set.Labels[r].Level
	}
	return fitStack(in, y, [inputs]bool{trees, trees, true, true})
}

func (w *work) all() []int32 {
	out := make([]int32, len(w.set.Labels))
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// sample is the labels that cross-validation uses: all, or those of enough demands,
// drawn by chance, where there are very many.
func (w *work) sample() []int32 {
	rows := w.all()
	if len(rows) <= w.o.validated {
		return rows
	}
	random := rand.New(rand.NewPCG(w.o.Seed, 77))
	by := w.byDemand(rows)
	demands := demandsOf(by)
	random.Shuffle(len(demands), func(i, j int) { demands[i], demands[j] = demands[j], demands[i] })
	keep, n := map[int32]bool{}, 0
	for _, d := range demands {
		if n += len(by[d]); n > w.o.validated && len(keep) > 1 {
			break
		}
		keep[d] = true
	}
	out := rows[:0]
	for _, r := range rows {
		if keep[w.set.Labels[r].Demand] {
			out = append(out, r)
		}
	}
	return out
}

func (w *work) groupsOf(rows []int32) int {
	groups := map[int32]bool{}
	for _, r := range rows {
		groups[w.twins[w.set.Labels[r].Demand]] = true
	}
	return len(groups)
}

// curveShares are the shares of the labels whose worth is measured.
var curveShares = []float64{0.1, 0.25, 0.5}

// curve measures what models with fewer labels say of the first fold.
func (w *work) curve(ctx context.Context, v *validation, s *stack, tell func()) ([]Point, error) {
	var train, test []int32
	for _, r := range v.rows {
		if v.fold[r] == 0 {
			test = append(test, r)
		} else {
			train = append(train, r)
		}
	}
	random := rand.New(rand.NewPCG(w.o.Seed, 78))
	random.Shuffle(len(train), func(i, j int) { train[i], train[j] = train[j], train[i] })
	var out []Point
	for _, share := range curveShares {
		n := int(share * float64(len(train)))
		if n < leastLabels {
			tell()
			continue
		}
		part := &validation{kind: seen, rows: test, fold: v.fold, in: make([][inputs]float64, len(v.in)), zero: v.zero}
		if err := w.predict(ctx, train[:n], part, test); err != nil {
			return nil, err
		}
		out = append(out, w.point(n, part, s))
		tell()
	}
	whole := &validation{kind: seen, rows: test, fold: v.fold, in: v.in, zero: v.zero}
	return append(out, w.point(len(train), whole, s)), nil
}

func (w *work) card(name string, e embed.Embedder, report *Report) Card {
	c := Card{
		Schema: Schema, Name: name, Embedder: e.Identity(), DataHash: w.hash, Seed: w.o.Seed,
		Labels: len(w.set.Labels), Features: FeatureNames, Report: report,
		Method: "ridge regression and a Gaussian process over labelled pairs",
		Use:    []string{"ranking and grading patents for demands, with the embedder that is named here"},
		Limits: []string{
			"figures are of cross-validation on the training labels' own demands and raters",
			"levels are calibrated for candidates like the labelled ones, which are richer in good pairs than a catalog",
		},
	}
	if w.o.trees {
		c.Method += ", gradient-boosted trees (squared and ordinal loss) on top, proportional odds calibration"
	}
	demands, patents, raters := map[int32]bool{}, map[int32]bool{}, map[string]bool{}
	for _, l := range w.set.Labels {
		demands[l.Demand], patents[l.Patent] = true, true
		c.Levels[l.Level-1]++
	}
	for _, r := range w.set.Raters {
		raters[r] = true
	}
	c.Demands, c.Patents, c.Raters = len(demands), len(patents), len(raters)
	return c
}
