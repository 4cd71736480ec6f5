package qdrant_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	client "github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/indextest"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
)

func TestConformance(t *testing.T) {
	addr := qdranttest.Addr(t)
	var last qdrant.Config
	open := func(t *testing.T, spec index.Spec) index.Index {
		last = fresh(t, addr)
		ix, err := qdrant.Open(t.Context(), last, spec)
		if err != nil {
			t.Fatal(err)
		}
		return ix
	}
	reopen := func(t *testing.T, spec index.Spec) (index.Index, error) {
		ix, err := qdrant.Open(t.Context(), last, spec)
		if err != nil {
			return nil, err
		}
		return ix, nil
	}
	indextest.Run(t, open, indextest.Options{Reopen: reopen, ModelsApart: true})
}

// fresh gives a prefix that nobody has, and drops what was made under it.
func fresh(t testing.TB, addr string) qdrant.Config {
	t.Helper()
	prefix := "test-" + strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() {
		c := connect(t, addr)
		names, err := c.ListCollections(context.Background())
		if err != nil {
			t.Error(err)
		}
		for _, name := range names {
			if strings.HasPrefix(name, prefix) {
				if err := c.DeleteCollection(context.Background(), name); err != nil {
					t.Error(err)
				}
			}
		}
	})
	// The server of a loaded machine may be slow to make a collection.
	return qdrant.Config{Addrs: []string{addr}, Prefix: prefix, Timeout: time.Minute}
}

// connect gives the bare client, to look behind the index.
func connect(t testing.TB, addr string) *client.Client {
	t.Helper()
	c, err := qdrant.Config{Addrs: []string{addr}}.Client()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
