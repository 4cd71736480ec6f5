package endpoint

import (
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// Breaker keeps requests from an endpoint that is down. It is the one place that knows the
// breaker's library, and safe for concurrent use.
//
//	closed ── so many failed requests in a row ──► open
//	  ▲                                             │ after a pause
//	  └── it succeeds ── one trial request ◄────────┘
//	                        └── it fails ──► open
//
// While it is open, calls fail at once, so that callers go on without the endpoint
// instead of waiting for it.
type Breaker struct {
	breaker circuitbreaker.CircuitBreaker[any]
}

// NewBreaker opens after so many failures in a row, for a pause.
func NewBreaker(failures int, pause time.Duration) *Breaker {
	return &Breaker{circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(failures)).
		WithSuccessThreshold(1).
		WithDelay(pause).
		Build()}
}

// Enter lets a request pass, whose outcome is then told to Leave, or refuses it with an error
// of kind match.Unavailable.
func (b *Breaker) Enter() error {
	if b.breaker.TryAcquirePermit() {
		return nil
	}
	wait := b.breaker.RemainingDelay().Round(time.Millisecond)
	return Unavailable("the endpoint has failed too often; it is tried again in %v", wait)
}

// Outcome is what a request tells of its endpoint.
type Outcome uint8

const (
	Alive     Outcome = iota // it answers, if only with a refusal
	Failed                   // it does not, or not with what it was asked for
	Abandoned                // the caller gave up, which tells nothing
)

// Leave notes what became of a request. A trial does not stay without an outcome: one that
// is abandoned has failed.
func (b *Breaker) Leave(o Outcome) {
	switch {
	case o == Failed, o == Abandoned && b.breaker.IsHalfOpen():
		b.breaker.RecordFailure()
	case o == Alive:
		b.breaker.RecordSuccess()
	}
}

// Open tells whether requests are refused.
func (b *Breaker) Open() bool { return b.breaker.IsOpen() }

// HalfOpen ends the pause: the next request is a trial.
func (b *Breaker) HalfOpen() { b.breaker.HalfOpen() }
