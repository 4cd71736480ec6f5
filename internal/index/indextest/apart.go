package indextest

import (
	"testing"

	"github.com/duijie/duijie/internal/index"
)

// apart checks that a spec of another model opens an empty collection of its own.
func (s *suite) apart(t *testing.T, spec index.Spec) {
	t.Helper()
	ix, err := s.Reopen(t, spec)
	if err != nil {
		t.Fatal(err)
	}
	s.counts(t, ix, 0, nil)
	upsert(t, ix, text("of another model", s.axis(1)))
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
}
