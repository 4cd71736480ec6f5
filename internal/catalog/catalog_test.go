package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// moody embeds a text as a vector of its length, unless it is down or the text
// says "refuse".
type moody struct {
	down     atomic.Bool
	merciful atomic.Bool
}

func (m *moody) Identity() string { return "moody/1" }
func (m *moody) Dim() int         { return 2 }
func (m *moody) Embed(_ context.Context, _ embed.Role, texts []string) ([][]float32, error) {
	if m.down.Load() {
		return nil, &match.Error{Kind: match.Unavailable, Reason: "the embedder is down"}
	}
	out, errs := make([][]float32, len(texts)), map[int]error{}
	for i, s := range texts {
		out[i] = []float32{1, 0}
		if strings.Contains(s, "refuse") && !m.merciful.Load() {
			out[i], errs[i] = nil, errors.New("the text is refused")
		}
	}
	if len(errs) > 0 {
		return out, &embed.PartialError{Errs: errs}
	}
	return out, nil
}

type fixture struct {
	store    store.Store
	embedder *moody
	vectors  map[match.Kind]index.Index
	words    map[match.Kind]lexical.Index
	offset   atomic.Int64 // nanoseconds that the clock is ahead
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{embedder: &moody{}, vectors: memory(t)}
	s, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.store = s
	t.Cleanup(func() { s.Close() })
	return f
}

func memory(t *testing.T) map[match.Kind]index.Index {
	out := map[match.Kind]index.Index{}
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		ix, err := flat.Open("", index.Spec{Collection: string(kind) + "s", Model: "moody/1", Dim: 2, Vectors: retrieve.VectorNames()})
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = ix
	}
	return out
}

func (f *fixture) open(t *testing.T) *catalog.Catalog {
	t.Helper()
	f.words = map[match.Kind]lexical.Index{match.PatentKind: bigram.New(), match.DemandKind: bigram.New()}
	c, err := catalog.Open(context.Background(), catalog.Config{
		Store: f.store, Embedder: f.embedder, Vectors: f.vectors, Words: f.words,
		Now: func() time.Time { return time.Now().Add(time.Duration(f.offset.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t *testing.T, c *catalog.Catalog, records ...match.Record) {
	t.Helper()
	items := make([]store.Item, len(records))
	for i, r := range records {
		items[i].Record = r
	}
	outcomes, err := c.Write(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := c.Await(ctx); err != nil {
		t.Fatal(err)
	}
}

func patent(n int, title string) match.Record {
	return match.NewPatent(match.DefaultTenant, match.Patent{Number: fmt.Sprintf("CN%d", n), Title: title})
}

func (f *fixture) counts(t *testing.T) (vectors, words int) {
	t.Helper()
	vectors, err := f.vectors[match.PatentKind].Count(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	words, err = f.words[match.PatentKind].Count(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return vectors, words
}

func (f *fixture) wantCounts(t *testing.T, vectors, words int) {
	t.Helper()
	if v, w := f.counts(t); v != vectors || w != words {
		t.Errorf("%d vectors and %d words, want %d and %d", v, w, vectors, words)
	}
}

func closed(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasWrittenIsSearchableWhenAwaited(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	defer closed(t, c)
	for n := range 5 {
		write(t, c, patent(n, "电池"), patent(n+100, "隔膜"))
		f.wantCounts(t, 2*n+2, 2*n+2)
	}
	gone := patent(3, "")
	gone.Withdrawn = true
	write(t, c, gone)
	f.wantCounts(t, 9, 9)
	status, err := c.Status(context.Background(), match.DefaultTenant, match.PatentKind)
	if want := (catalog.Status{Stored: 9, Searchable: 9}); err != nil || status != want {
		t.Errorf("status %+v, %v", status, err)
	}
}

func TestAfterReopeningNothingIsMissing(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	write(t, c, patent(1, "电池"), patent(2, "隔膜"))
	closed(t, c)
	c = f.open(t)
	defer closed(t, c)
	f.wantCounts(t, 2, 2)
	write(t, c, patent(3, "铝壳"))
	f.wantCounts(t, 3, 3)
}

func TestLostVectorsAreMadeAgain(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	write(t, c, patent(1, "电池"), patent(2, "隔膜"))
	closed(t, c)
	f.vectors = memory(t)
	c = f.open(t)
	defer closed(t, c)
	if err := c.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
	f.wantCounts(t, 2, 2)
}

func TestWritesThatNobodyFollowedAreFollowedAtOpening(t *testing.T) {
	f := newFixture(t)
	_, err := f.store.Put(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent(1, "电池")}}})
	if err != nil {
		t.Fatal(err)
	}
	c := f.open(t)
	defer closed(t, c)
	if err := c.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
	f.wantCounts(t, 1, 1)
}

func TestARefusedTextIsNotedWithItsReasonAndTriedAgain(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	defer closed(t, c)
	bad := patent(1, "please refuse")
	write(t, c, bad, patent(2, "电池"))
	f.wantCounts(t, 1, 2)
	failures, err := c.Failures(context.Background(), 10)
	if err != nil || len(failures) != 1 || failures[0].Ref != bad.Ref || !strings.Contains(failures[0].Reason, "refused") {
		t.Fatalf("failures %+v, %v", failures, err)
	}
	stored, err := f.store.Get(context.Background(), []match.Ref{bad.Ref})
	if err != nil {
		t.Fatal(err)
	}
	if state, reason, err := c.State(context.Background(), stored[0]); state != match.Failed || reason == "" || err != nil {
		t.Errorf("state %s, %q, %v", state, reason, err)
	}
	f.embedder.merciful.Store(true)
	f.offset.Store(int64(time.Hour))
	f.eventually(t, 2)
	if state, _, err := c.State(context.Background(), stored[0]); state != match.Indexed || err != nil {
		t.Errorf("state %s, %v", state, err)
	}
}

func TestRecordsWaitForAnEmbedderThatIsDown(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	defer closed(t, c)
	write(t, c, patent(1, "电池"))
	f.embedder.down.Store(true)
	write(t, c, patent(1, "新电池"), patent(2, "隔膜"))
	f.wantCounts(t, 0, 2) // the vectors of an older text do not speak for a new one
	f.wantStanding(t, c, match.EmbedPending)
	if s, err := c.Status(context.Background(), match.DefaultTenant, match.PatentKind); err != nil || s.EmbedPending != 2 || s.Failed != 0 {
		t.Errorf("status %+v, %v; want 2 that wait for the embedder", s, err)
	}
	f.embedder.down.Store(false)
	f.offset.Store(int64(30 * time.Second)) // soon, however long it was down
	f.eventually(t, 2)
	f.wantStanding(t, c, match.Indexed)
}

// wantStanding wants all records to be in a state, with a reason if they wait.
func (f *fixture) wantStanding(t *testing.T, c *catalog.Catalog, want match.State) {
	t.Helper()
	stored, err := f.store.Get(context.Background(), []match.Ref{patent(1, "").Ref, patent(2, "").Ref})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.States(context.Background(), stored)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range got {
		if s.State != want || (s.Reason != "") != (want == match.EmbedPending) {
			t.Errorf("%v: state %s, reason %q, want %s", stored[i].Ref, s.State, s.Reason, want)
		}
	}
}

// eventually waits for the number of vectors.
func (f *fixture) eventually(t *testing.T, vectors int) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		failures, err := f.store.Failures(context.Background(), "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if v, _ := f.counts(t); v == vectors && len(failures) == 0 {
			return
		}
	}
	v, _ := f.counts(t)
	t.Fatalf("%d vectors, want %d", v, vectors)
}

func TestReindexingMakesEverythingAgainAndTellsHowFarItIs(t *testing.T) {
	f := newFixture(t)
	c := f.open(t)
	defer closed(t, c)
	for n := range 1200 {
		if n%400 == 0 {
			var batch []match.Record
			for k := n; k < n+400; k++ {
				batch = append(batch, patent(k, "电池"))
			}
			write(t, c, batch...)
		}
	}
	if err := f.vectors[match.PatentKind].Delete(context.Background(), []string{"default/CN7"}); err != nil {
		t.Fatal(err)
	}
	var last, total int64
	err := c.Reindex(context.Background(), func(done, of int64) {
		if done <= last || done > of {
			t.Errorf("progress %d of %d after %d", done, of, last)
		}
		last, total = done, of
	})
	if err != nil || last != total || total == 0 {
		t.Errorf("progress ended at %d of %d, %v", last, total, err)
	}
	f.wantCounts(t, 1200, 1200)
}

// mute is an index that does not answer when it is down.
type mute struct {
	index.Index
	down atomic.Bool
}

func (m *mute) Count(ctx context.Context, conditions []match.Condition) (int, error) {
	if m.down.Load() {
		return 0, &match.Error{Kind: match.Unavailable, Reason: "the index is down"}
	}
	return m.Index.Count(ctx, conditions)
}

func TestTheStatusTellsWhatIsKnownWhileTheVectorsAreUnavailable(t *testing.T) {
	f := newFixture(t)
	vectors := &mute{Index: f.vectors[match.PatentKind]}
	f.vectors[match.PatentKind] = vectors
	c := f.open(t)
	defer closed(t, c)
	write(t, c, patent(1, "电池"), patent(2, "隔膜"), patent(3, "please refuse"))
	for _, down := range []bool{false, true} {
		vectors.down.Store(down)
		status, err := c.Status(context.Background(), match.DefaultTenant, match.PatentKind)
		if want := (catalog.Status{Stored: 3, Searchable: 2, Failed: 1}); err != nil || status != want {
			t.Errorf("down %v: status %+v, %v", down, status, err)
		}
	}
}
