package qdrant_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	client "github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// load writes records one after the other, by their vectors and by their words, while
// others search for those that were acknowledged.
type load struct {
	ix    *qdrant.Index
	words *qdrant.Words

	acked    atomic.Int64 // records 0 to acked-1 are
	retried  atomic.Int64 // writes that failed, and were made again as the catalog does
	searched atomic.Int64
	stop     chan struct{}
	once     sync.Once
	group    sync.WaitGroup
}

func (l *load) record(n int64) (index.Point, lexical.Doc) {
	r := rand.New(rand.NewPCG(uint64(n), 77))
	key := fmt.Sprintf("default/CN%d", n)
	return point(key, unit(r, spec.Dim)), lexical.Doc{Key: key, Text: fmt.Sprintf("一种锂离子电池 w%dx", n)}
}

func (l *load) start(t *testing.T) {
	l.stop = make(chan struct{})
	l.group.Go(func() { l.write(t) })
	for i := range 2 {
		l.group.Go(func() { l.search(t, uint64(i)) })
	}
}

func (l *load) end() {
	l.once.Do(func() { close(l.stop) })
	l.group.Wait()
}

func (l *load) stopped() bool {
	select {
	case <-l.stop:
		return true
	default:
		return false
	}
}

func (l *load) write(t *testing.T) {
	ctx := context.Background()
	for n := int64(0); !l.stopped(); n++ {
		p, d := l.record(n)
		for end := time.Now().Add(2 * time.Minute); ; {
			err := l.ix.Upsert(ctx, []index.Point{p})
			if err == nil {
				err = l.words.Upsert(ctx, []lexical.Doc{d})
			}
			if err == nil {
				break
			}
			if match.KindOf(err) != match.Unavailable || time.Now().After(end) {
				t.Errorf("writing record %d: %v", n, err)
				return
			}
			l.retried.Add(1)
		}
		l.acked.Store(n + 1)
	}
}

func (l *load) search(t *testing.T, seed uint64) {
	ctx, r := context.Background(), rand.New(rand.NewPCG(seed, 78))
	for !l.stopped() {
		acked := l.acked.Load()
		if acked == 0 {
			continue
		}
		p, d := l.record(r.Int64N(acked))
		hits, err := l.ix.Search(ctx, index.Query{Name: "text", Vector: p.Vectors["text"], Limit: 1, Exact: true})
		if err != nil || len(hits) != 1 || hits[0].Key != p.Key {
			t.Errorf("%s was acknowledged and is found as %v, %v", p.Key, hits, err)
			return
		}
		found, err := l.words.Search(ctx, lexical.Query{Text: d.Text, Limit: 1})
		if err != nil || len(found) != 1 || found[0].Key != d.Key {
			t.Errorf("the words of %s were acknowledged and are found as %v, %v", d.Key, found, err)
			return
		}
		l.searched.Add(1)
	}
}

// goOn waits for more writes and searches.
func (l *load) goOn(t *testing.T, what string, writes, searches int64) {
	t.Helper()
	acked, searched := l.acked.Load()+writes, l.searched.Load()+searches
	for end := time.Now().Add(3 * time.Minute); l.acked.Load() < acked || l.searched.Load() < searched; time.Sleep(20 * time.Millisecond) {
		if t.Failed() {
			t.FailNow()
		}
		if time.Now().After(end) {
			t.Fatalf("%s: %d writes and %d searches are still to come", what, acked-l.acked.Load(), searched-l.searched.Load())
		}
	}
}

// healed waits until every replica of every collection is active again.
func healed(t *testing.T, nodes []*qdranttest.Server) {
	t.Helper()
	var why string
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if why = unhealthy(t, nodes); why == "" {
			return
		}
	}
	t.Fatalf("the cluster does not heal: %s", why)
}

// unhealthy says which replica is not active; "" for none.
func unhealthy(t *testing.T, nodes []*qdranttest.Server) string {
	for _, node := range nodes {
		c := connect(t, node.Addr)
		names, err := c.ListCollections(t.Context())
		if err != nil {
			return err.Error()
		}
		for _, name := range names {
			info, err := c.GetCollectionClusterInfo(t.Context(), name)
			if err != nil {
				return err.Error()
			}
			for _, s := range info.GetLocalShards() {
				if s.GetState() != client.ReplicaState_Active {
					return fmt.Sprintf("%s: shard %d of %s is %v", node.Addr, s.GetShardId(), name, s.GetState())
				}
			}
			for _, s := range info.GetRemoteShards() {
				if s.GetState() != client.ReplicaState_Active {
					return fmt.Sprintf("%s: remote shard %d of %s is %v", node.Addr, s.GetShardId(), name, s.GetState())
				}
			}
		}
	}
	return ""
}

func TestAClusterLosesANodeUnderLoadAndNothingElse(t *testing.T) {
	if testing.Short() {
		t.Skip("a cluster of three takes half a minute")
	}
	nodes := qdranttest.Cluster(t, 3)
	cfg := qdrant.Config{Timeout: time.Minute, Settings: qdrant.Settings{Shards: 3, Replicas: 3, WriteConsistency: 2}}
	for _, n := range nodes {
		cfg.Addrs = append(cfg.Addrs, n.Addr)
	}
	l := &load{ix: opened(t, cfg), words: closing(t, openWords(t, cfg))}
	l.start(t)
	defer l.end()
	l.goOn(t, "all three", 30, 30)
	healed(t, nodes) // a loaded machine may have cost a replica already
	nodes[2].Kill()
	l.goOn(t, "one is dead", 30, 30)
	if err := nodes[2].Start(); err != nil {
		t.Fatal(err)
	}
	l.goOn(t, "it is back", 30, 30)
	healed(t, nodes)
	nodes[0].Kill() // the one that the others learned of the cluster from
	l.goOn(t, "another one is dead", 30, 30)
	l.end()
	t.Logf("%d writes, of which %d were tried again, and %d searches", l.acked.Load(), l.retried.Load(), l.searched.Load())

	acked := int(l.acked.Load())
	n, err := l.ix.Count(t.Context(), nil)
	if err != nil || n < acked || n > acked+1 { // one may have been written and not acknowledged
		t.Errorf("%d points, %v; %d were acknowledged", n, err, acked)
	}
	if n, err = l.words.Count(t.Context()); err != nil || n < acked || n > acked+1 {
		t.Errorf("%d documents, %v; %d were acknowledged", n, err, acked)
	}
	for i := range int64(acked) {
		p, d := l.record(i)
		got, err := l.ix.Vectors(t.Context(), []string{p.Key})
		if err != nil || len(got[0].Vectors) != 1 {
			t.Fatalf("%s is lost: %v, %v", p.Key, got, err)
		}
		hits, err := l.words.Score(t.Context(), d.Text, []string{d.Key})
		if err != nil || hits[0].Shared == 0 {
			t.Fatalf("the words of %s are lost: %v, %v", d.Key, hits, err)
		}
	}
	if err := l.words.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.words.Verify(t.Context()); err != nil {
		t.Errorf("the statistics: %v", err)
	}
}
