package catalog_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// TestARecordBehindAHundredThousandFailuresIsCountedToldAndTriedAgain notes failures that
// stand before that of a real record in the order of refs and are never tried again.
func TestARecordBehindAHundredThousandFailuresIsCountedToldAndTriedAgain(t *testing.T) {
	const others = 100_001
	f := newFixture(t)
	ctx, name := context.Background(), catalog.FollowerName(match.PatentKind, f.embedder.Identity())
	notes := make([]store.Failure, others)
	for i := range notes {
		notes[i] = store.Failure{Follower: name, Seq: 1, Stage: match.EmbedPending, Reason: "down",
			Ref: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: fmt.Sprintf("A%06d", i)}}
	}
	if err := f.store.PutFailures(ctx, notes); err != nil {
		t.Fatal(err)
	}
	c := f.open(t)
	defer closed(t, c)
	write(t, c, patent(1, "refuse"))
	r, err := f.store.Get(ctx, []match.Ref{patent(1, "").Ref})
	if err != nil {
		t.Fatal(err)
	}
	if state, reason, err := c.State(ctx, r[0]); state != match.Failed || reason == "" || err != nil {
		t.Errorf("state %v, reason %q, %v; want failed", state, reason, err)
	}
	status, err := c.Status(ctx, match.DefaultTenant, match.PatentKind)
	if status.Failed != 1 || status.EmbedPending != others || status.Searchable != 0 || err != nil {
		t.Errorf("%+v, %v; want 1 failed and %d that wait", status, err, others)
	}
	f.embedder.merciful.Store(true)
	f.offset.Store(int64(time.Hour)) // the one is due, the others never are
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if state, _, err := c.State(ctx, r[0]); state == match.Indexed || err != nil {
			break
		}
	}
	f.wantCounts(t, 1, 1)
	if tried, left, err := c.RetryNow(ctx); tried != others || len(left) != 0 || err != nil {
		t.Errorf("%d tried, %d left, %v; want all of %d, whose records are gone, and none", tried, len(left), err, others)
	}
}
