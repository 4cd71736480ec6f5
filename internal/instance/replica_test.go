package instance_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
)

// shared gives the URLs of an empty store and of an empty index.
func shared(t *testing.T) (store, index string) {
	t.Helper()
	store, addr := postgrestest.URL(t), qdranttest.Addr(t)
	prefix := "replica" + strings.ToLower(rand.Text()[:8])
	t.Cleanup(func() {
		if _, err := qdrant.DropModels(context.Background(), qdrant.Config{Addrs: []string{addr}, Prefix: prefix}, []string{"patents", "demands"}, nil); err != nil {
			t.Error(err)
		}
		for _, of := range []string{"patents", "demands"} {
			if err := qdrant.DiscardWords(context.Background(), qdrant.Config{Addrs: []string{addr}, Prefix: prefix}, of); err != nil {
				t.Error(err)
			}
		}
	})
	return store, "qdrant://" + addr + "?prefix=" + prefix
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within two minutes", what)
		}
	}
}

// has tells whether a replica has so many patents, by their vectors and by their words.
func has(t *testing.T, in *instance.Instance, want int) bool {
	t.Helper()
	side := in.Engine.Sides[match.PatentKind]
	vectors, err := side.Vectors.Count(t.Context(), nil)
	words, err2 := side.Words.Count(t.Context())
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	return vectors == want && words == want
}

// finds tells whether a replica answers with a patent.
func finds(t *testing.T, in *instance.Instance, title, number string) bool {
	t.Helper()
	answer, err := in.Engine.Match(t.Context(), match.Request{ID: "t", Tenant: match.DefaultTenant, Limit: 1,
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Title: title}})
	if err != nil {
		t.Fatal(err)
	}
	return len(answer.Hits) == 1 && answer.Hits[0].Record.ID == number
}

func TestReplicasEmbedEachRecordOnceAndOneGoesOnForAnother(t *testing.T) {
	store, index := shared(t)
	var replicas [2]*instance.Instance
	var paids [2]*paid
	for i := range replicas {
		paids[i] = newPaid(t)
		replicas[i] = open(t, instance.Config{Data: t.TempDir(), Store: store, Index: index, Embedder: paids[i]})
	}
	var all sync.WaitGroup
	for i, in := range replicas {
		all.Go(func() { write(t, in, 100*i, 100*(i+1)) })
	}
	all.Wait()
	first, second := paids[0].texts.Load(), paids[1].texts.Load()
	for i, in := range replicas {
		if n := searchable(t, in); n != 200 {
			t.Errorf("replica %d: %d are searchable", i, n)
		}
		if !finds(t, in, "一种电池隔膜 35", "CN35") || !finds(t, in, "一种电池隔膜 135", "CN135") {
			t.Errorf("replica %d does not find what both have written", i)
		}
	}
	single := newPaid(t) // what one alone embeds
	alone := open(t, instance.Config{Data: t.TempDir(), Embedder: single})
	write(t, alone, 0, 200)
	shut(t, alone)
	if want := single.texts.Load(); first+second != want {
		t.Errorf("%d and %d texts were embedded, want %d together", first, second, want)
	}
	leader, other := 0, 1
	if second > first {
		leader, other = 1, 0
	}
	shut(t, replicas[leader])
	paids[other].texts.Store(0)
	write(t, replicas[other], 200, 230)
	if n := searchable(t, replicas[other]); n != 230 || paids[other].texts.Load() == 0 {
		t.Errorf("the one that is left: %d are searchable, %d texts embedded", n, paids[other].texts.Load())
	}
	shut(t, replicas[other])
}

func TestAReplicaWhoseSessionsEndLosesNothing(t *testing.T) {
	store, index := shared(t)
	var replicas [2]*instance.Instance
	for i := range replicas {
		replicas[i] = open(t, instance.Config{Data: t.TempDir(), Store: store, Index: index})
		defer shut(t, replicas[i])
	}
	for round := range 4 {
		postgrestest.Exec(t, store, `SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
			WHERE l.locktype = 'advisory' AND a.application_name = 'duijie' AND l.pid <> pg_backend_pid()`)
		write(t, replicas[round%2], 50*round, 50*(round+1))
	}
	for i, in := range replicas {
		eventually(t, "all are searchable", func() bool { return has(t, in, 200) })
		if !finds(t, in, "一种电池隔膜 150", "CN150") {
			t.Errorf("replica %d does not find the last ones", i)
		}
	}
}

func TestReplicasWithVectorsOfTheirOwnFollowForThemselves(t *testing.T) {
	store := postgrestest.URL(t)
	var dirs [2]string
	for i := range dirs {
		dirs[i] = t.TempDir()
		in := open(t, instance.Config{Data: dirs[i], Store: store})
		write(t, in, 50*i, 50*(i+1))
		if n := searchable(t, in); n != 50*(i+1) {
			t.Errorf("replica %d: %d are searchable", i, n)
		}
		shut(t, in)
	}
	in := open(t, instance.Config{Data: dirs[0], Store: store}) // the other one's progress is not its own
	defer shut(t, in)
	if n := searchable(t, in); n != 100 || !finds(t, in, "一种电池隔膜 75", "CN75") {
		t.Errorf("%d are searchable", n)
	}
	reader := open(t, instance.Config{Data: dirs[0], Store: store, ReadOnly: true})
	defer shut(t, reader)
	write(t, in, 100, 120)
	eventually(t, "a reader beside it follows", func() bool { return has(t, reader, 120) })
}

func TestAFolderBelongsToOneStore(t *testing.T) {
	dir, store := t.TempDir(), postgrestest.URL(t)
	in := open(t, instance.Config{Data: dir, Store: store})
	wantConflict := func(c instance.Config, part string) {
		t.Helper()
		_, err := instance.Open(t.Context(), c)
		if match.KindOf(err) != match.Conflict || !strings.Contains(err.Error(), part) {
			t.Errorf("%v, want a conflict that says %q", err, part)
		}
	}
	wantConflict(instance.Config{Data: dir, Store: store}, "another Duijie")
	shut(t, in)
	wantConflict(instance.Config{Data: dir, Store: postgrestest.URL(t)}, "another store")
	if err := os.WriteFile(filepath.Join(dir, "records.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantConflict(instance.Config{Data: dir, Store: store}, "records of its own")
}
