package bench

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Latency is how long calls took, one after the other, in milliseconds. Processor is the
// mean processor time of this process alone.
type Latency struct {
	P50       float64 `json:"p50_ms"`
	P90       float64 `json:"p90_ms"`
	P99       float64 `json:"p99_ms"`
	Processor float64 `json:"processor_ms,omitempty"`
}

// latency calls do for 0 to n−1 after it did so for some of them.
func latency(ctx context.Context, n int, do func(i int) error) (l Latency, err error) {
	const warm = 20
	for i := range min(warm, n) {
		if err := do(i); err != nil {
			return l, err
		}
	}
	times, before := make([]time.Duration, n), processor()
	for i := range times {
		if ctx.Err() != nil {
			return l, ctx.Err()
		}
		start := time.Now()
		if err := do(i); err != nil {
			return l, err
		}
		times[i] = time.Since(start)
	}
	l.Processor = milliseconds(processor()-before) / float64(n)
	l.percentiles(times)
	return l, nil
}

func (l *Latency) percentiles(times []time.Duration) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	at := func(share float64) float64 { return milliseconds(times[int(share*float64(len(times)-1)+0.5)]) }
	l.P50, l.P90, l.P99 = at(0.5), at(0.9), at(0.99)
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// throughput calls do, for 0 to n−1 over and over, with so many clients for about as long
// as given, each at least once, and returns calls a second.
func throughput(ctx context.Context, n, clients int, lasting time.Duration, do func(i int) error) (float64, error) {
	start := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, clients)
	for c := range errs {
		wg.Go(func() {
			for first := true; (first || time.Since(start) < lasting) && ctx.Err() == nil && errs[c] == nil; first = false {
				errs[c] = do(int(next.Add(1)-1) % n)
			}
		})
	}
	wg.Wait()
	took := time.Since(start).Seconds()
	for _, err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return float64(next.Load()) / took, ctx.Err()
}

// eachOf calls do for 0 to n−1 on all cores.
func eachOf(n, workers int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}
