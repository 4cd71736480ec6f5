package instance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// outage is something that happens to a server, and its end.
type outage struct {
	name  string
	begin func(*qdranttest.Server) error
	end   func(*qdranttest.Server) error
}

var outages = []outage{
	{"dead, and started again", func(s *qdranttest.Server) error { s.Kill(); return nil }, (*qdranttest.Server).Start},
	{"so slow that it does not answer in time", (*qdranttest.Server).Pause, (*qdranttest.Server).Resume},
}

// queue writes patents and does not wait for them.
func queue(t *testing.T, in *instance.Instance, from, to int) {
	t.Helper()
	var items []store.Item
	for n := from; n < to; n++ {
		items = append(items, store.Item{Record: match.NewPatent(match.DefaultTenant, match.Patent{
			Number: fmt.Sprint("CN", n), Title: fmt.Sprintf("一种电池隔膜 %d", n)})})
	}
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
}

func within(t *testing.T, seconds int) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), time.Duration(seconds)*time.Second)
}

func state(t *testing.T, in *instance.Instance, number string) match.State {
	t.Helper()
	records, err := in.Store.Get(t.Context(), []match.Ref{{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: number}})
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := in.Catalog.State(t.Context(), records[0])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func asked(t *testing.T, in *instance.Instance, title string) (*match.Answer, error) {
	t.Helper()
	return in.Engine.Match(t.Context(), match.Request{ID: "t", Tenant: match.DefaultTenant, Limit: 3,
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Title: title}})
}

// Whatever happens to Qdrant, writes are accepted and are found by vectors and words once
// it is back. Meanwhile words in the folder answer alone and say so; where words are on
// Qdrant too, the answer is that it is unavailable.
func TestAfterAnOutageOfQdrantEverythingIsBackInStep(t *testing.T) {
	for _, words := range []string{"local", "qdrant"} {
		for _, o := range outages {
			t.Run(words+" words, "+o.name, func(t *testing.T) {
				s := qdranttest.Own(t)
				in := open(t, instance.Config{Data: t.TempDir(), Index: "qdrant://" + s.Addr + "?timeout=2s&words=" + words})
				defer shut(t, in)
				write(t, in, 0, 40)
				if err := o.begin(s); err != nil {
					t.Fatal(err)
				}
				queue(t, in, 40, 70)
				queue(t, in, 0, 5) // nothing changes
				a, err := asked(t, in, "一种电池隔膜 7")
				switch {
				case words == "qdrant" && match.KindOf(err) != match.Unavailable:
					t.Errorf("the answer is %+v, %v", a, err)
				case words == "local" && (err != nil || len(a.Hits) == 0 || !strings.Contains(strings.Join(a.Degraded, " "), s.Addr)):
					t.Errorf("%d hits, degraded %q, %v", len(a.Hits), a.Degraded, err)
				}
				if got := state(t, in, "CN60"); got != match.Accepted {
					t.Errorf("a record that is not searchable is %s", got)
				}
				if status, err := in.Catalog.Status(t.Context(), match.DefaultTenant, match.PatentKind); err != nil || status.Stored != 70 || status.Pending == 0 {
					t.Errorf("status %+v, %v", status, err)
				}
				if err := o.end(s); err != nil {
					t.Fatal(err)
				}
				eventually(t, "all are searchable", func() bool {
					status, err := in.Catalog.Status(t.Context(), match.DefaultTenant, match.PatentKind)
					return err == nil && status.Pending == 0 && status.Searchable == 70
				})
				if n := searchable(t, in); n != 70 || !finds(t, in, "一种电池隔膜 65", "CN65") {
					t.Errorf("%d are searchable", n)
				}
				if a, err := asked(t, in, "一种电池隔膜 7"); err != nil || len(a.Degraded) > 0 {
					t.Errorf("degraded %q, %v", a.Degraded, err)
				}
			})
		}
	}
}

func TestAReaderBesideTheOwnerSeesWordsOnAServer(t *testing.T) {
	s := qdranttest.Own(t)
	dir, index := t.TempDir(), "qdrant://"+s.Addr+"?words=qdrant"
	in := open(t, instance.Config{Data: dir, Index: index})
	defer shut(t, in)
	write(t, in, 0, 20)
	reader := open(t, instance.Config{Data: dir, Index: index, ReadOnly: true})
	defer shut(t, reader)
	if !finds(t, reader, "一种电池隔膜 7", "CN7") {
		t.Error("it does not find what is there")
	}
	write(t, in, 20, 40)
	eventually(t, "it finds what was written later", func() bool { return finds(t, reader, "一种电池隔膜 27", "CN27") })
	a, err := asked(t, in, "一种电池隔膜 27")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "it gives the same scores", func() bool {
		b, err := asked(t, reader, "一种电池隔膜 27")
		return err == nil && len(b.Hits) > 0 && b.Hits[0].Score.Logit == a.Hits[0].Score.Logit
	})
}
