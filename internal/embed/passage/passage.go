package passage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/text"
)

// Over returns an embedder for texts of any length over one with a limit; an
// embedder that has none is returned as it is.
func Over(inner embed.Embedder) embed.Embedder {
	limited, ok := inner.(embed.Limited)
	if !ok || limited.Limit() <= 0 {
		return inner
	}
	return &Embedder{inner: inner, limit: limited.Limit()}
}

// Embedder splits and pools. It is safe for concurrent use.
type Embedder struct {
	inner embed.Embedder
	limit int // code points
}

var _ embed.Embedder = (*Embedder)(nil)

// Identity is that of the embedder below and the limit, such as
// "openai/bge-m3/0123456789ab/passages-6000".
func (e *Embedder) Identity() string {
	return fmt.Sprintf("%s/passages-%d", e.inner.Identity(), e.limit)
}

// Remote implements embed.Remote.
func (e *Embedder) Remote() bool { return embed.IsRemote(e.inner) }

// Dim is that of the embedder below.
func (e *Embedder) Dim() int { return e.inner.Dim() }

// Embed gives one vector for each text, whatever its length. A text of which any
// passage cannot be embedded fails as a whole.
func (e *Embedder) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	p := plan{}
	for i, s := range texts {
		p.add(i, s, e.limit)
	}
	vectors, err := e.inner.Embed(ctx, role, p.pieces)
	var partial *embed.PartialError
	if err != nil && !errors.As(err, &partial) {
		return nil, err
	}
	errs := p.failed(partial)
	out := make([][]float32, len(texts))
	for i := range texts {
		if errs[i] == nil {
			out[i] = p.pool(i, vectors, e.Dim())
		}
	}
	if len(errs) > 0 {
		return out, &embed.PartialError{Errs: errs}
	}
	return out, nil
}

// plan is what is sent for the texts of a call: pieces of them, in order.
type plan struct {
	pieces  []string
	weights []float64 // of the pieces: code points
	of      []int     // the text of each piece
	first   []int     // the first piece of each text, and the end of the last one
}

// add plans text i, the next one. A text within the limit goes as it is, also one
// without a sentence: what is empty is for the embedder to say.
func (p *plan) add(i int, s string, limit int) {
	if len(p.first) == 0 {
		p.first = []int{0}
	}
	if utf8.RuneCountInString(s) <= limit {
		p.piece(i, s, 1)
	} else {
		runes := []rune(s)
		ranges := Split(s, limit)
		if len(ranges) == 0 {
			ranges = []text.Range{{End: limit}}
		}
		for _, r := range ranges {
			p.piece(i, string(runes[r.Start:r.End]), float64(r.End-r.Start))
		}
	}
	p.first = append(p.first, len(p.pieces))
}

func (p *plan) piece(of int, s string, weight float64) {
	p.pieces, p.weights, p.of = append(p.pieces, s), append(p.weights, weight), append(p.of, of)
}

// failed tells which texts failed and why, from the pieces that did.
func (p *plan) failed(partial *embed.PartialError) map[int]error {
	errs := map[int]error{}
	if partial == nil {
		return errs
	}
	for n := len(p.pieces) - 1; n >= 0; n-- { // the first piece's reason stays
		err, of := partial.Errs[n], p.of[n]
		if err == nil {
			continue
		}
		if count := p.first[of+1] - p.first[of]; count > 1 {
			err = fmt.Errorf("passage %d of %d: %w", n-p.first[of]+1, count, err)
		}
		errs[of] = err
	}
	return errs
}

// pool makes the vector of a text. Passages that cancel each other out, or that have
// nothing to know, give the zero vector.
func (p *plan) pool(i int, vectors [][]float32, dim int) []float32 {
	from, to := p.first[i], p.first[i+1]
	if to-from == 1 {
		return vectors[from]
	}
	sum := make([]float64, dim)
	for n := from; n < to; n++ {
		for d, x := range vectors[n] {
			sum[d] += p.weights[n] * float64(x)
		}
	}
	length := 0.0
	for _, x := range sum {
		length += x * x
	}
	length = math.Sqrt(length)
	out := make([]float32, dim)
	if length == 0 {
		return out
	}
	for d, x := range sum {
		out[d] = float32(x / length)
	}
	return out
}
