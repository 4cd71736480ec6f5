package openai

import (
	"sync"
	"time"

	"github.com/duijie/duijie/internal/endpoint"
)

// gate keeps requests from an endpoint that is down or that has asked for rest.
type gate struct {
	*endpoint.Breaker

	mu     sync.Mutex
	resume time.Time // what a reply with Retry-After asked for
}

func newGate(c Config) *gate {
	return &gate{Breaker: endpoint.NewBreaker(c.BreakAfter, c.BreakFor)}
}

// rest makes all requests wait until d from now; those on their way go on.
func (g *gate) rest(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.resume) {
		g.resume = until
	}
}

// resting is how long the endpoint wants to be left alone. More than longestPause is
// an error: a caller is better off without it.
func (g *gate) resting() (time.Duration, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	wait := time.Until(g.resume)
	if wait > longestPause {
		return 0, endpoint.Unavailable("the endpoint asks to be left alone for %v", wait.Round(time.Second))
	}
	return max(0, wait), nil
}
