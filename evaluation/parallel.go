package evaluation

import (
	"context"
	"sync"
	"sync/atomic"
)

// parallel runs work in goroutines that take the numbers 0 to n-1 from next, each
// number once, those that are left when ctx ends not at all. What work writes must depend
// on the number alone.
func parallel(ctx context.Context, workers, n int, work func(next func() (int, bool))) {
	var taken atomic.Int64
	var wait sync.WaitGroup
	for range min(workers, max(n, 1)) {
		wait.Go(func() {
			work(func() (int, bool) {
				i := int(taken.Add(1)) - 1
				return i, i < n && ctx.Err() == nil
			})
		})
	}
	wait.Wait()
}
