package tune

import (
	"context"
	"math/rand/v2"

	"github.com/duijie/duijie/internal/rank"
)

// folds of the cross-validation.
const folds = 5

// validation is what models that did not see a label say of it. fold, in and zero
// have a place for each label of the set; those of rows are filled.
type validation struct {
	kind regime
	rows []int32
	fold []int
	in   [][inputs]float64
	zero []float64 // the zero-shot logit
}

// crossValidate trains on all folds of the rows but one, five times. For seen
// demands, pairs are dealt into folds with identical titles together, for unseen
// ones demands with their twins.
func (w *work) crossValidate(ctx context.Context, rows []int32, kind regime, tell func()) (*validation, error) {
	n := len(w.set.Labels)
	v := &validation{kind: kind, rows: rows, fold: make([]int, n), in: make([][inputs]float64, n), zero: make([]float64, n)}
	unit := func(r int32) int32 { return w.groups[r] }
	if kind == unseen {
		unit = func(r int32) int32 { return w.twins[w.set.Labels[r].Demand] }
	}
	dealt := deal(rows, unit, folds, rand.New(rand.NewPCG(w.o.Seed, uint64(kind)+1)))
	for f := range folds {
		var train, test []int32
		for _, r := range rows {
			if dealt[r] == f {
				test = append(test, r)
			} else {
				train = append(train, r)
			}
		}
		if len(test) > 0 && len(train) > 0 {
			if err := w.predict(ctx, train, v, test); err != nil {
				return nil, err
			}
		}
		for _, r := range test {
			v.fold[r] = f
		}
		tell()
	}
	return v, nil
}

// predict learns from the train rows, and fills v for the test rows.
func (w *work) predict(ctx context.Context, train []int32, v *validation, test []int32) error {
	m, err := w.fit(ctx, train, nil, v.kind)
	if err != nil {
		return err
	}
	x := w.testRows(m.base, m.at, test, v.kind)
	for i, r := range test {
		v.in[r] = m.inputs(x.Row(i), v.kind)
		v.zero[r] = float64(x.Row(i)[rank.ZeroShotLogit])
	}
	return nil
}
