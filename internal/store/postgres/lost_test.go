package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
)

// large is longer than what a writer sends before its commit, and the proxy's mark.
const large = 200 << 10

// proxy stands between a store and its server, and cuts a connection when a large
// message comes: once it was passed on and the server has done what it says, or
// before.
type proxy struct {
	server string
	listen net.Listener
	// armed is how often it cuts, passOn whether the message arrives.
	armed  atomic.Int32
	passOn bool
	down   atomic.Bool // it lets nobody in after a cut
}

// through returns the URL of a store by way of a new proxy.
func through(t *testing.T, raw string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: u.Host, listen: l}
	t.Cleanup(func() { l.Close() })
	go p.serve()
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) serve() {
	for {
		c, err := p.listen.Accept()
		if err != nil {
			return
		}
		s, err := net.Dial("tcp", p.server)
		if err != nil || p.down.Load() {
			c.Close()
			continue
		}
		deaf := new(atomic.Bool)
		go back(c, s, deaf)
		go p.pass(c, s, deaf)
	}
}

// back passes answers on, as long as c is not deaf to them.
func back(c, s net.Conn, deaf *atomic.Bool) {
	defer c.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := s.Read(buffer)
		if err != nil {
			return
		}
		if !deaf.Load() {
			c.Write(buffer[:n])
		}
	}
}

func (p *proxy) pass(c, s net.Conn, deaf *atomic.Bool) {
	defer s.Close()
	defer c.Close()
	buffer, long := make([]byte, 64<<10), 0
	for {
		_ = c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		n, err := c.Read(buffer)
		if long += n; long >= large && p.armed.Load() > 0 {
			deaf.Store(true)
		}
		if n > 0 && (long < large || p.armed.Load() <= 0 || p.passOn) {
			s.Write(buffer[:n])
		}
		var slow net.Error
		switch quiet := errors.As(err, &slow) && slow.Timeout(); {
		case quiet && long >= large && p.armed.Add(-1) >= 0:
			return
		case quiet:
			long = 0
		case err != nil:
			return
		}
	}
}

// bulky is a batch that is a large message.
func bulky(id string) store.Batch {
	p := patent(id, "一")
	p.Patent.Claims = strings.Repeat("x", 2*large)
	return store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: p}}}
}

func TestACommitWhoseAnswerIsLostIsLookedUp(t *testing.T) {
	for _, passOn := range []bool{true, false} {
		for _, key := range []string{"", "key-1"} {
			t.Run(fmt.Sprintf("arrives %t, key %q", passOn, key), func(t *testing.T) {
				raw := postgrestest.URL(t)
				p, by := through(t, raw)
				p.passOn = passOn
				s := open(t, by)
				defer mustClose(t, s)
				put(t, s, patent("CN0", "零"))
				p.armed.Store(1)
				batch := bulky("CN1")
				batch.IdempotencyKey = key
				outcomes, err := s.Put(t.Context(), batch)
				if err != nil || outcomes[0].Change != store.Created || outcomes[0].Revision != 1 || outcomes[0].Seq != 2 {
					t.Fatalf("%+v, %v", outcomes, err)
				}
				wantRevisions(t, s, 2)
				if p.armed.Load() > 0 {
					t.Error("nothing was cut")
				}
			})
		}
	}
}

func wantRevisions(t *testing.T, s *Store, want int) {
	t.Helper()
	var n, last int
	if err := s.pool.QueryRow(t.Context(), `SELECT count(*), max(seq) FROM revision`).Scan(&n, &last); err != nil || n != want || last != want {
		t.Errorf("%d revisions up to %d, %v; want %d", n, last, err, want)
	}
}

func TestThatNothingIsKnownOfACommitIsSaid(t *testing.T) {
	raw := postgrestest.URL(t)
	p, by := through(t, raw)
	s, err := Open(t.Context(), by, Options{Patience: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	p.armed.Store(1)
	p.down.Store(true)
	_, err = s.Put(t.Context(), bulky("CN1"))
	wantError(t, err, match.Unavailable, "not known", "idempotency key")
	_, err = s.Count(t.Context(), match.DefaultTenant, match.PatentKind)
	wantError(t, err, match.Unavailable, "count")
	p.down.Store(false)
	if _, err := s.Put(t.Context(), bulky("CN1")); err != nil {
		t.Error(err)
	}
}

func TestWritesGoOnWhileTheServerEndsSessions(t *testing.T) {
	raw := postgrestest.URL(t)
	application := "test" + fmt.Sprint(time.Now().UnixNano())
	s, err := Open(t.Context(), postgrestest.With(t, raw, "application_name", application), Options{Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	const writers, rounds, size = 3, 60, 5
	ctx, stop := context.WithCancel(t.Context())
	var killer, all sync.WaitGroup
	var killed int
	other := open(t, raw)
	defer mustClose(t, other)
	killer.Go(func() {
		for ctx.Err() == nil {
			var n int
			if err := other.pool.QueryRow(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1`, application).Scan(&n); err != nil {
				t.Error(err)
			}
			killed += n
			time.Sleep(60 * time.Millisecond)
		}
	})
	for w := range writers {
		all.Go(func() {
			for round := range rounds {
				var items []store.Item
				for i := range size {
					items = append(items, store.Item{Record: patent(fmt.Sprintf("CN%d-%d", w, i), fmt.Sprint(round))})
				}
				outcomes, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items})
				if err != nil {
					t.Error(err)
					return
				}
				for _, o := range outcomes { // a batch that is written twice would not be seen: its items would be unchanged
					if o.Revision != int64(round+1) || o.Change == store.Unchanged {
						t.Errorf("round %d of %d: %+v", round, w, o)
					}
				}
			}
		})
	}
	all.Wait()
	stop()
	killer.Wait()
	if killed == 0 {
		t.Error("no session was ended")
	}
	t.Logf("%d sessions were ended", killed)
	wantRevisions(t, other, writers*rounds*size) // a session of s may still be dying
}
