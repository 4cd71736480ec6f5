package cache

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

// paid is a real embedder of 8 dimensions whose vectors depend on role and text, and
// which notes what it was asked for. Texts that contain "bad" are refused.
type paid struct {
	name string
	mu   sync.Mutex
	seen []string
	// before, where set, runs before an answer, and may fail the call.
	before func(texts []string) error
}

func (p *paid) Identity() string { return "paid/" + p.name }
func (p *paid) Dim() int         { return 8 }
func (p *paid) Limit() int       { return 77 }

func (p *paid) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	p.mu.Lock()
	p.seen = append(p.seen, texts...)
	p.mu.Unlock()
	if p.before != nil {
		if err := p.before(texts); err != nil {
			return nil, err
		}
	}
	out, errs := make([][]float32, len(texts)), map[int]error{}
	for i, text := range texts {
		if strings.Contains(text, "bad") {
			errs[i] = match.Invalidf("text", "is bad")
			continue
		}
		out[i] = p.vector(role, text)
	}
	if len(errs) > 0 {
		return out, &embed.PartialError{Errs: errs}
	}
	return out, ctx.Err()
}

func (p *paid) vector(role embed.Role, text string) []float32 {
	v := make([]float32, 8)
	if strings.TrimSpace(text) == "" {
		return v
	}
	h := fnv.New64a()
	fmt.Fprint(h, p.name, role, text)
	random, sum := rand.New(rand.NewPCG(h.Sum64(), 1)), 0.0
	for i := range v {
		v[i] = float32(random.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(sum))
	}
	return v
}

// asked returns what was asked for since the last call of it.
func (p *paid) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.seen
	p.seen = nil
	return out
}

func opened(t *testing.T, inner embed.Embedder, c Config) *Embedder {
	t.Helper()
	e, err := New(inner, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func embedded(t *testing.T, e embed.Embedder, texts ...string) [][]float32 {
	t.Helper()
	out, err := e.Embed(t.Context(), embed.Document, texts)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
