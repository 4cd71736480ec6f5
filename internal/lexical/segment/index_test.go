package segment_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/lexicaltest"
	"github.com/duijie/duijie/internal/lexical/segment"
)

func open(t testing.TB, dir string) *segment.Index {
	t.Helper()
	x, err := segment.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestSegmentsAreALexicalIndex(t *testing.T) {
	lexicaltest.Run(t, func(t *testing.T) lexical.Index { return open(t, t.TempDir()) })
}

func TestAReadOnlyIndexIsALexicalIndex(t *testing.T) {
	lexicaltest.Run(t, func(t *testing.T) lexical.Index {
		x, err := segment.OpenReadOnly(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return x
	})
}

// flushing flushes after every write, and merges now and then.
type flushing struct {
	*segment.Index
	writes int64
}

func (f *flushing) Upsert(ctx context.Context, docs []lexical.Doc) error {
	return f.after(ctx, f.Index.Upsert(ctx, docs))
}

func (f *flushing) Delete(ctx context.Context, keys []string) error {
	return f.after(ctx, f.Index.Delete(ctx, keys))
}

func (f *flushing) after(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return f.Flush(ctx, atomic.AddInt64(&f.writes, 1))
}

func TestFilesAreALexicalIndex(t *testing.T) {
	lexicaltest.Run(t, func(t *testing.T) lexical.Index { return &flushing{Index: open(t, t.TempDir())} })
}
