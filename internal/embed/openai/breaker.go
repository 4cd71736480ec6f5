package openai

import (
	"fmt"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/duijie/duijie/internal/match"
)

// gate keeps requests from an endpoint that is down or that has asked for rest. It
// is the one place that knows the breaker's library.
//
//	closed ── BreakAfter failed requests in a row ──► open
//	  ▲                                                │ BreakFor
//	  └── it succeeds ── one trial request ◄───────────┘
//	                        └── it fails ──► open
//
// While it is open, calls fail at once, so that a match goes on by words alone
// instead of waiting for a dead endpoint.
type gate struct {
	breaker circuitbreaker.CircuitBreaker[any]

	mu     sync.Mutex
	resume time.Time // what a reply with Retry-After asked for
}

func newGate(c Config) *gate {
	return &gate{breaker: circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(c.BreakAfter)).
		WithSuccessThreshold(1).
		WithDelay(c.BreakFor).
		Build()}
}

// enter lets a request pass, after the rest that the endpoint has asked for; who was
// let pass reports to leave.
func (g *gate) enter() error {
	if g.breaker.TryAcquirePermit() {
		return nil
	}
	wait := g.breaker.RemainingDelay().Round(time.Millisecond)
	return unavailable(fmt.Sprintf("the endpoint has failed too often; it is tried again in %v", wait))
}

// leave notes what became of a request. One that its caller gave up tells nothing of
// the endpoint, except that a trial must not stay without an outcome.
func (g *gate) leave(o outcome) {
	switch {
	case o == failed, o == abandoned && g.breaker.IsHalfOpen():
		g.breaker.RecordFailure()
	case o == alive:
		g.breaker.RecordSuccess()
	}
}

// outcome is what a request tells of its endpoint.
type outcome uint8

const (
	alive     outcome = iota // it answers, if only with a refusal
	failed                   // it does not, or not with what it was asked for
	abandoned                // the caller gave up
)

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
		return 0, unavailable(fmt.Sprintf("the endpoint asks to be left alone for %v", wait.Round(time.Second)))
	}
	return max(0, wait), nil
}

func unavailable(reason string) error {
	return &match.Error{Kind: match.Unavailable, Reason: reason}
}
