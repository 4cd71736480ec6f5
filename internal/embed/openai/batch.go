package openai

import (
	"context"
	"errors"
	"strings"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

// embedBatch fills j.out at the places in batch, or adds their errors to failed.
//
// A refused batch is cut in halves until the refused texts stand alone. First a
// harmless text is sent: if that is refused too, the settings are wrong, and no
// text is at fault.
func (e *Embedder) embedBatch(ctx context.Context, j job, batch []int, failed *failures) error {
	err := e.fill(ctx, j, batch)
	if !errors.As(err, new(*refusal)) {
		return err
	}
	if _, probeErr := e.request(ctx, []string{probeText}); probeErr != nil {
		return probeErr
	}
	return e.divide(ctx, j, batch, err, failed)
}

// divide goes on with a batch that was refused with err.
func (e *Embedder) divide(ctx context.Context, j job, batch []int, err error, failed *failures) error {
	if len(batch) == 1 {
		failed.add(batch[0], err)
		return nil
	}
	refusals := 0
	half := len(batch) / 2
	for _, part := range [][]int{batch[:half], batch[half:]} {
		err := e.fill(ctx, j, part)
		if errors.As(err, new(*refusal)) {
			refusals++
			err = e.divide(ctx, j, part, err, failed)
		}
		if err != nil {
			return err
		}
	}
	if refusals == 0 { // no text is at fault, the batch was too large
		e.shrink(len(batch) - half)
	}
	return nil
}

// shrink makes later batches no larger than n texts.
func (e *Embedder) shrink(n int) {
	for old := e.batch.Load(); int64(n) < old && !e.batch.CompareAndSwap(old, int64(n)); old = e.batch.Load() {
	}
}

func (e *Embedder) fill(ctx context.Context, j job, batch []int) error {
	inputs := make([]string, len(batch))
	for n, i := range batch {
		inputs[n] = e.input(j.role, j.texts[i])
	}
	vectors, err := e.request(ctx, inputs)
	if err != nil {
		return err
	}
	for n, i := range batch {
		j.out[i] = vectors[n]
	}
	return nil
}

// input is what is sent for a text. JSON has no bytes that are not UTF-8.
func (e *Embedder) input(role embed.Role, text string) string {
	prefix := e.config.DocumentPrefix
	if role == embed.Query {
		prefix = e.config.QueryPrefix
	}
	return prefix + strings.ToValidUTF8(text, "\uFFFD")
}

// refusal is an error that the content of a batch may be to blame for.
type refusal struct{ err *match.Error }

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func refused(reason string) error {
	return &refusal{&match.Error{Kind: match.Invalid, Field: "text", Reason: reason}}
}
