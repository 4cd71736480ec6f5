package instance_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/instance"
)

// paid counts the texts of the tests' own records that it embeds, and not those of the
// reference sample, which each model embeds once on its way.
type paid struct {
	embed.Embedder
	texts atomic.Int64
}

func newPaid(t *testing.T) *paid {
	t.Helper()
	m, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return &paid{Embedder: m}
}

func (p *paid) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	for _, t := range texts {
		if strings.Contains(t, "一种电池隔膜") {
			p.texts.Add(1)
		}
	}
	return p.Embedder.Embed(ctx, role, texts)
}

func TestVectorsThatAreMadeAgainAreNotPaidForAgain(t *testing.T) {
	dir, p := t.TempDir(), newPaid(t)
	in := open(t, instance.Config{Data: dir, Embedder: p, CacheBytes: 1 << 20})
	write(t, in, 0, 30)
	shut(t, in)
	first := p.texts.Swap(0)
	if first == 0 {
		t.Fatal("nothing was embedded")
	}
	if err := os.RemoveAll(filepath.Join(dir, "vectors")); err != nil {
		t.Fatal(err)
	}
	in = open(t, instance.Config{Data: dir, Embedder: p, CacheBytes: 1 << 20})
	defer shut(t, in)
	if n := searchable(t, in); n != 30 || p.texts.Load() != 0 {
		t.Errorf("%d are searchable after %d texts were embedded again, want 30 after none", n, p.texts.Load())
	}
	if s := in.Cache.Stats(); s.Disk == 0 || s.Misses != 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestTheBuiltInModelHasNoCache(t *testing.T) {
	dir := t.TempDir()
	in := open(t, instance.Config{Data: dir, CacheBytes: 1 << 20})
	defer shut(t, in)
	if _, err := os.Stat(filepath.Join(dir, "embedded")); in.Cache != nil || !os.IsNotExist(err) {
		t.Errorf("there is a cache: %v, %v", in.Cache, err)
	}
}
