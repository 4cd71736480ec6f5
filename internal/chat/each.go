package chat

import (
	"slices"
	"sync"
)

// parallel is how many requests are on their way at once.
const parallel = 4

// Each calls ask with the numbers from 0 to n−1, a few at once, and returns the errors as
// entries of match.Answer.Degraded: "part: reason", in the order of the numbers and each once.
func Each(part string, n int, ask func(i int) error) (degraded []string) {
	errs := make([]error, n)
	limit := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i := range n {
		limit <- struct{}{}
		wg.Go(func() {
			defer func() { <-limit }()
			errs[i] = ask(i)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			continue
		}
		if reason := part + ": " + err.Error(); !slices.Contains(degraded, reason) {
			degraded = append(degraded, reason)
		}
	}
	return degraded
}
