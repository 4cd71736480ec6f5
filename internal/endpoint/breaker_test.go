package endpoint_test

import (
	"testing"
	"time"

	"github.com/duijie/duijie/internal/endpoint"
	"github.com/duijie/duijie/internal/match"
)

func TestFailuresInARowOpenAndATrialDecides(t *testing.T) {
	b := endpoint.NewBreaker(2, time.Hour)
	pass := func(o endpoint.Outcome) {
		t.Helper()
		if err := b.Enter(); err != nil {
			t.Fatal(err)
		}
		b.Leave(o)
	}
	for _, o := range []endpoint.Outcome{endpoint.Failed, endpoint.Alive, endpoint.Failed, endpoint.Abandoned} {
		pass(o)
	}
	if b.Open() {
		t.Error("one failure in a row opens it")
	}
	pass(endpoint.Failed)
	if err := b.Enter(); !b.Open() || match.KindOf(err) != match.Unavailable {
		t.Errorf("two failures in a row: %v", err)
	}
	b.HalfOpen()
	pass(endpoint.Abandoned) // a trial without an outcome has failed
	if !b.Open() {
		t.Error("a trial that was given up closes it")
	}
	b.HalfOpen()
	pass(endpoint.Alive)
	pass(endpoint.Failed)
	if b.Open() {
		t.Error("a trial that succeeds leaves it open")
	}
}
