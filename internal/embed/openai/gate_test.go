package openai

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

// broken is an embedder whose endpoint fails as long as failing tells, with a
// breaker that opens after 3 failures for an hour.
func broken(t *testing.T, fault spoil) (*Embedder, *server) {
	s := serve(t, fault)
	c := config(s)
	c.BreakAfter, c.BreakFor = 3, time.Hour
	return opened(t, c), s
}

func embedOne(e *Embedder) error {
	_, err := e.Embed(context.Background(), embed.Document, []string{"a"})
	return err
}

func TestADeadEndpointIsLeftAlone(t *testing.T) {
	e, s := broken(t, status(500))
	for range 5 {
		if err := embedOne(e); match.KindOf(err) != match.Unavailable {
			t.Fatalf("error %v, want Unavailable", err)
		}
	}
	if n := len(s.seen()); n != 3 {
		t.Errorf("%d requests, want 3 and no more", n)
	}
	if err := embedOne(e); !strings.Contains(fmt.Sprint(err), "tried again in") {
		t.Errorf("error %v does not say when it is tried again", err)
	}
}

func TestATrialDecidesWhetherTheEndpointIsBack(t *testing.T) {
	e, s := broken(t, first(4, status(500)))
	_ = embedOne(e) // 3 requests, then open
	e.gate.HalfOpen()
	if err := embedOne(e); match.KindOf(err) != match.Unavailable || len(s.seen()) != 4 {
		t.Fatalf("a failing trial: error %v after %d requests, want Unavailable after 4", err, len(s.seen()))
	}
	if err := embedOne(e); err == nil || len(s.seen()) != 4 {
		t.Fatalf("after a failing trial: error %v after %d requests, want no further one", err, len(s.seen()))
	}
	e.gate.HalfOpen()
	for range 2 {
		if err := embedOne(e); err != nil {
			t.Fatalf("after a trial that succeeds: %v", err)
		}
	}
}

func TestATrialThatIsGivenUpBlocksNobody(t *testing.T) {
	arrived := make(chan struct{}, 1)
	e, _ := broken(t, first(1, func(int, http.ResponseWriter, []string) bool {
		arrived <- struct{}{}
		time.Sleep(50 * time.Millisecond)
		return false
	}))
	e.gate.HalfOpen()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if _, err := e.Embed(ctx, embed.Document, []string{"a"}); match.KindOf(err) != match.Canceled {
		t.Fatalf("error %v, want Canceled", err)
	}
	e.gate.HalfOpen() // as after BreakFor
	if err := embedOne(e); err != nil {
		t.Errorf("the next trial: %v", err)
	}
}

func TestCallersThatGiveUpSayNothingOfTheEndpoint(t *testing.T) {
	e, _ := broken(t, nil)
	for range 10 {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, _, _ = e.try(ctx, []string{"a"})
	}
	if err := embedOne(e); err != nil {
		t.Error(err)
	}
}

func TestAnEndpointThatAsksForPatienceIsNotDead(t *testing.T) {
	e, s := broken(t, first(3, status(429)))
	if err := embedOne(e); err != nil || len(s.seen()) != 4 {
		t.Errorf("error %v after %d requests, want success at the 4th", err, len(s.seen()))
	}
}

func TestARestIsForAllRequests(t *testing.T) {
	e, s := broken(t, nil)
	e.gate.rest(2 * longestPause)
	e.gate.rest(time.Millisecond) // does not shorten it
	if err := embedOne(e); match.KindOf(err) != match.Unavailable || len(s.seen()) != 0 {
		t.Errorf("error %v after %d requests, want Unavailable after none", err, len(s.seen()))
	}
}

func TestRetryAfterIsReadInAllItsForms(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"-5":                             0,
		"soon":                           0,
		"NaN":                            0,
		"7":                              7 * time.Second,
		"0.25":                           250 * time.Millisecond,
		"1e300":                          longestRest,
		"Sun, 22 Nov 2026 10:00:30 GMT":  30 * time.Second,
		"Sun, 22 Nov 2026 09:59:00 GMT":  0,
		"Sunday, 22-Nov-26 10:00:30 GMT": 30 * time.Second,
		"Sun, 22 Nov 2099 10:00:30 GMT":  longestRest,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("Retry-After: %s gives %v, want %v", value, got, want)
		}
	}
	both := http.Header{"Retry-After": {"7"}, "Retry-After-Ms": {"1500"}}
	if got := retryAfter(both, now); got != 1500*time.Millisecond {
		t.Errorf("Retry-After-Ms: 1500 gives %v", got)
	}
}
