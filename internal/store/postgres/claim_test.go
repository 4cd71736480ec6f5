package postgres

import (
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
)

func mustClaim(t *testing.T, s *Store, name string, want bool) store.Claim {
	t.Helper()
	c, err := s.Claim(t.Context(), name)
	if err != nil || (c != nil) != want {
		t.Fatalf("claim %v, %v; want one: %t", c, err, want)
	}
	return c
}

func TestOneAtATimeHoldsAClaim(t *testing.T) {
	url := postgrestest.URL(t)
	a, b, elsewhere := open(t, url), open(t, url), open(t, postgrestest.URL(t))
	defer mustClose(t, a)
	defer mustClose(t, b)
	defer mustClose(t, elsewhere)
	first := mustClaim(t, a, "vectors", true)
	mustClaim(t, b, "vectors", false)
	mustClaim(t, a, "vectors", false) // the same process has it already
	for _, other := range []store.Claim{mustClaim(t, b, "words", true), mustClaim(t, elsewhere, "vectors", true)} {
		if err := other.Release(); err != nil {
			t.Error(err)
		}
	}
	if err := first.Held(t.Context()); err != nil {
		t.Error(err)
	}
	if err := first.Release(); err != nil {
		t.Error(err)
	}
	second := mustClaim(t, b, "vectors", true)
	defer second.Release()
	postgrestest.Exec(t, url, `SELECT pg_terminate_backend(pid) FROM pg_locks AS l
		WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
		AND (classid::bigint << 32 | objid::bigint) = hashtextextended('duijie/claim/' || current_schema() || '/vectors', 0)`)
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if c, err := a.Claim(t.Context(), "vectors"); err != nil || time.Now().After(end) {
			t.Fatalf("the claim of a session that ended is not free: %v", err)
		} else if c != nil {
			defer c.Release()
			break
		}
	}
	wantError(t, second.Held(t.Context()), match.Unavailable, "vectors")
}
