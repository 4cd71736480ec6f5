package passage

import (
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
)

// limited gives an embedder that reads everything a limit.
type limited struct {
	embed.Embedder
	limit int
}

func (l limited) Limit() int { return l.limit }

func limitedStatic(t *testing.T, limit int) embed.Embedder {
	return Over(limited{builtin(t), limit})
}

func builtin(t *testing.T) embed.Embedder {
	t.Helper()
	m, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
