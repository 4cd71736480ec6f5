package evaluation

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ending is a context that ends when it was asked so many times.
type ending struct {
	context.Context
	left atomic.Int64
}

func (e *ending) Err() error {
	if e.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func TestAnEvaluationEndsWithItsContextWhereverItIs(t *testing.T) {
	d := synthetic(24, 12, 1)
	whole := noisyRun(d, 1, 1)
	models := []Model{{Name: "a", Run: whole, Levels: levelsOf(d, whole)}, {Name: "b", Run: noisyRun(d, 2, 2), Reverse: reverseOf(d, whole)}}
	o := Options{Samples: 6, Permutations: 10, Workers: 2, Folds: folded(d, 3, false), Slices: []Slice{{Name: "half", Of: func(q int32) string { return []string{"a", "b"}[q%2] }}}}
	want := mustEvaluate(t, d, models, o)
	ended := 0
	for asked := int64(0); ; asked++ {
		ctx := &ending{Context: t.Context()}
		ctx.left.Store(asked)
		got, err := EvaluateContext(ctx, d, models, o)
		if err == nil {
			if diff := cmp.Diff(want.Comparisons, got.Comparisons, cmp.AllowUnexported(Value{}), cmpopts.IgnoreUnexported(Comparison{}), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("the result is another one (-want +got):\n%s", diff)
			}
			break
		}
		if got != nil || !errors.Is(err, context.Canceled) {
			t.Fatalf("asked %d times: %v", asked, err)
		}
		ended++
	}
	if ended < 50 {
		t.Errorf("it asks %d times whether to go on", ended)
	}
}
