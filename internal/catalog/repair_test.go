package catalog_test

import (
	"context"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index/flat/flattest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

func TestFailedRecordsAreTriedAgainWhenAskedTo(t *testing.T) {
	f := newFixture(t)
	f.offset.Store(-int64(time.Hour)) // no retry is due for an hour
	c := f.open(t)
	defer closed(t, c)
	f.offset.Store(-2 * int64(time.Hour))
	write(t, c, patent(1, "please refuse"), patent(2, "please refuse too"), patent(3, "电池"))
	if tried, left, err := c.RetryNow(context.Background()); tried != 2 || len(left) != 2 || left[0].Attempts < 2 || err != nil {
		t.Errorf("%d tried, %+v left, %v", tried, left, err)
	}
	f.embedder.merciful.Store(true)
	if tried, left, err := c.RetryNow(context.Background()); tried != 2 || len(left) != 0 || err != nil {
		t.Errorf("%d tried, %+v left, %v", tried, left, err)
	}
	f.wantCounts(t, 3, 3)
}

func TestVectorsAreRemadeAndDroppedByName(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	defer closed(t, c)
	write(t, c, patent(1, "电池"), patent(2, "隔膜"))
	if err := c.Drop(context.Background(), match.PatentKind, []string{"default/CN1", "default/unknown"}); err != nil {
		t.Fatal(err)
	}
	f.wantCounts(t, 1, 1)
	if err := f.vectors[match.PatentKind].Delete(context.Background(), []string{"default/CN2"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Remake(context.Background(), []match.Ref{patent(2, "").Ref, patent(9, "").Ref}); err != nil {
		t.Fatal(err)
	}
	f.wantCounts(t, 1, 1)
}

func TestWaitingEndsWhenTheDiskOfTheVectorsIsFull(t *testing.T) {
	f, disk := newFixture(t), flattest.New(1)
	c, err := onDisk(t, f, disk)
	if err != nil {
		t.Fatal(err)
	}
	disk.SetFull(true)
	_, err = c.Write(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent(1, "电池")}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.Await(ctx); match.KindOf(err) != match.Exhausted {
		t.Errorf("%v, want an error of kind exhausted", err)
	}
	disk.SetFull(false)
	if err := c.Await(ctx); err != nil {
		t.Error(err)
	}
	f.wantCounts(t, 1, 1)
	closed(t, c)
}
