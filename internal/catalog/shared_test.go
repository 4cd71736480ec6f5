package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// server is where the words of several processes are.
type server struct {
	lexical.Index
	mu      sync.Mutex
	mark    int64
	writers map[string]int // documents written, by process
	down    bool
}

func newServer() *server { return &server{Index: bigram.New(), writers: map[string]int{}} }

func (s *server) reach() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return &match.Error{Kind: match.Unavailable, Reason: "the server is down"}
	}
	return nil
}

func (s *server) setDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// client is a process's access to it.
type client struct {
	*server
	process string
	known   int64 // the mark that it knows
	leads   int
	shapes  int
}

func (c *client) Upsert(ctx context.Context, docs []lexical.Doc) error {
	if err := c.reach(); err != nil {
		return err
	}
	c.mu.Lock()
	c.writers[c.process] += len(docs)
	c.mu.Unlock()
	return c.server.Index.Upsert(ctx, docs)
}

func (c *client) Flush(_ context.Context, mark int64) error {
	if err := c.reach(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server.mark, c.known = mark, mark
	return nil
}

func (c *client) Mark() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

func (c *client) Refresh(context.Context) error {
	if err := c.reach(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = c.server.mark
	return nil
}

func (c *client) Lead(ctx context.Context) error {
	c.mu.Lock()
	c.leads++
	c.mu.Unlock()
	return c.Refresh(ctx)
}

func (c *client) Reshape(context.Context) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shapes++
	return true, nil
}

func (c *client) Close() error { return nil }

// divided is a store whose processes divide work among themselves.
type divided struct {
	store.Store
	process string
	claims  *claims
}

type claims struct {
	mu     sync.Mutex
	holder map[string]string
}

func (d *divided) Claim(_ context.Context, name string) (store.Claim, error) {
	d.claims.mu.Lock()
	defer d.claims.mu.Unlock()
	if d.claims.holder[name] != "" {
		return nil, nil
	}
	d.claims.holder[name] = d.process
	return &claim{d, name}, nil
}

type claim struct {
	*divided
	name string
}

func (c *claim) Held(context.Context) error {
	c.claims.mu.Lock()
	defer c.claims.mu.Unlock()
	if c.claims.holder[c.name] != c.process {
		return errors.New("the claim is lost")
	}
	return nil
}

func (c *claim) Release() error {
	c.claims.mu.Lock()
	defer c.claims.mu.Unlock()
	if c.claims.holder[c.name] == c.process {
		delete(c.claims.holder, c.name)
	}
	return nil
}

// processes open catalogs over one store, one index of vectors and one server of words.
type processes struct {
	*fixture
	servers map[match.Kind]*server
	claims  *claims
}

func newProcesses(t *testing.T) *processes {
	return &processes{newFixture(t), map[match.Kind]*server{match.PatentKind: newServer(), match.DemandKind: newServer()}, &claims{holder: map[string]string{}}}
}

func (p *processes) config(name string) (catalog.Config, *client) {
	patents := &client{server: p.servers[match.PatentKind], process: name}
	return catalog.Config{
		Store: &divided{p.store, name, p.claims}, Embedder: p.embedder, Vectors: p.vectors,
		Words: map[match.Kind]lexical.Index{
			match.PatentKind: patents, match.DemandKind: &client{server: p.servers[match.DemandKind], process: name},
		},
	}, patents
}

func (p *processes) start(t *testing.T, name string) (*catalog.Catalog, *client) {
	t.Helper()
	config, patents := p.config(name)
	c, err := catalog.Open(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	return c, patents
}

// written is how many documents each process wrote.
func (p *processes) written(name string) int {
	s := p.servers[match.PatentKind]
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writers[name]
}

func (p *processes) wantWords(t *testing.T, want int) {
	t.Helper()
	if n, err := p.servers[match.PatentKind].Count(context.Background()); n != want || err != nil {
		t.Errorf("%d documents have words, %v; want %d", n, err, want)
	}
}

func TestWordsOnAServerAreWrittenByOneProcessAndOnce(t *testing.T) {
	p := newProcesses(t)
	a, _ := p.start(t, "a")
	b, _ := p.start(t, "b")
	for n := range 10 {
		write(t, []*catalog.Catalog{a, b}[n%2], patent(n, "电池"))
		p.wantWords(t, n+1)
	}
	if p.written("a")+p.written("b") != 10 || p.written("a")*p.written("b") != 0 {
		t.Errorf("a wrote %d, b %d, want 10 by one of them", p.written("a"), p.written("b"))
	}
	closed(t, a)
	closed(t, b)
}

func TestWhoeverTakesOverWordsGoesOnFromTheirMark(t *testing.T) {
	p := newProcesses(t)
	a, _ := p.start(t, "a")
	write(t, a, patent(1, "电池"), patent(2, "隔膜"))
	b, words := p.start(t, "b")
	closed(t, a)
	write(t, b, patent(3, "铝壳"))
	p.wantWords(t, 3)
	if p.written("a") != 2 || p.written("b") != 1 || words.leads != 1 {
		t.Errorf("a wrote %d, b %d and began to lead %d times, want 2, 1 and 1", p.written("a"), p.written("b"), words.leads)
	}
	if words.shapes != 1 {
		t.Errorf("the collection was given its settings %d times, want once", words.shapes)
	}
	closed(t, b)
	b, _ = p.start(t, "b") // nothing is written again
	write(t, b, patent(4, "极耳"))
	if p.written("b") != 2 {
		t.Errorf("b wrote %d, want 2", p.written("b"))
	}
	closed(t, b)
}

func TestLostWordsOfAServerAreWrittenAgain(t *testing.T) {
	p := newProcesses(t)
	a, _ := p.start(t, "a")
	write(t, a, patent(1, "电池"), patent(2, "隔膜"))
	closed(t, a)
	if err := p.servers[match.PatentKind].Delete(context.Background(), []string{patent(1, "").Key()}); err != nil {
		t.Fatal(err)
	}
	a, _ = p.start(t, "a")
	defer closed(t, a)
	if err := a.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
	p.wantWords(t, 2)
}

func TestWordsOfTheOnlyProcessAreCompleteAtOpening(t *testing.T) {
	p := newProcesses(t)
	for n := range 3 {
		if _, err := p.store.Put(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent(n, fmt.Sprint("电池", n))}}}); err != nil {
			t.Fatal(err)
		}
	}
	config, _ := p.config("a")
	config.Store = p.store
	c, err := catalog.Open(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	p.wantWords(t, 3)
	closed(t, c)
}

func TestWhoReadsAloneWritesNoWords(t *testing.T) {
	p := newProcesses(t)
	if _, err := p.store.Put(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent(1, "电池")}}}); err != nil {
		t.Fatal(err)
	}
	config, words := p.config("reader")
	config.Store, config.ReadOnly = p.store, true
	c, err := catalog.Open(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
	closed(t, c)
	p.wantWords(t, 0)
	if words.leads != 0 {
		t.Error("it began to lead")
	}
}

func TestAChangeOfModelLeavesWordsOnAServerAlone(t *testing.T) {
	p := newProcesses(t)
	c, words := p.start(t, "a")
	write(t, c, patent(1, "电池"), patent(2, "隔膜"))
	vectors := memory(t)
	next, err := catalog.Open(context.Background(), catalog.Config{
		Store: &divided{p.store, "a", p.claims}, Embedder: renamed{&moody{}}, Vectors: vectors,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
	c.Succeed(context.Background(), next)
	write(t, c, patent(3, "电解液"))
	p.wantWords(t, 3)
	if words.leads != 1 || p.written("a") != 3 {
		t.Errorf("it began to lead %d times and wrote %d, want 1 and 3", words.leads, p.written("a"))
	}
	if n, err := vectors[match.PatentKind].Count(context.Background(), nil); n != 3 || err != nil {
		t.Errorf("%d new vectors, %v; want 3", n, err)
	}
	closed(t, c)
	p.claims.mu.Lock()
	defer p.claims.mu.Unlock()
	if len(p.claims.holder) > 0 {
		t.Errorf("claims are left: %v", p.claims.holder)
	}
}

func TestWritesAreQueuedWhileTheServerOfWordsIsDown(t *testing.T) {
	p := newProcesses(t)
	c, _ := p.start(t, "a")
	write(t, c, patent(1, "电池"))
	p.servers[match.PatentKind].setDown(true)
	if _, err := c.Write(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent(2, "隔膜")}}}); err != nil {
		t.Fatal(err)
	}
	record, err := p.store.Get(context.Background(), []match.Ref{patent(2, "").Ref})
	if err != nil {
		t.Fatal(err)
	}
	state, _, err := c.State(context.Background(), record[0])
	if state != match.Accepted || err != nil {
		t.Errorf("its state is %s, %v; want accepted", state, err)
	}
	p.servers[match.PatentKind].setDown(false)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := c.Await(ctx); err != nil {
		t.Fatal(err)
	}
	p.wantWords(t, 2)
	closed(t, c)
}

func TestDroppedKeysLeaveWordsOnAServerToo(t *testing.T) {
	p := newProcesses(t)
	a, _ := p.start(t, "a")
	write(t, a, patent(1, "电池"), patent(2, "隔膜"))
	if err := a.Drop(context.Background(), match.PatentKind, []string{patent(2, "").Key()}); err != nil {
		t.Fatal(err)
	}
	p.wantWords(t, 1)
	b, _ := p.start(t, "b")
	if err := b.Drop(context.Background(), match.PatentKind, []string{patent(1, "").Key()}); match.KindOf(err) != match.Conflict {
		t.Errorf("another process dropped words: %v", err)
	}
	closed(t, a)
	closed(t, b)
}

var (
	_ lexical.Shared = (*client)(nil)
	_ index.Reshaper = (*client)(nil)
)
