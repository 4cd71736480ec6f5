package openai

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

// Embedder asks one endpoint for the vectors of one model. It is safe for
// concurrent use; all calls share its limit of requests at once.
type Embedder struct {
	config   Config
	identity string
	slots    chan struct{}
	// pause is the first wait before a retry; tests shorten it.
	pause time.Duration
}

var _ embed.Embedder = (*Embedder)(nil)

// probeText is a text that every model takes. It finds the number of dimensions,
// and tells a refused text from a refused setting.
const probeText = "patent 专利"

// New checks config and, where it names no dimensions, asks the endpoint for
// them with one request. Errors are of kind Invalid, Denied, Unavailable or
// Canceled.
func New(ctx context.Context, config Config) (*Embedder, error) {
	return open(ctx, config, firstPause)
}

func open(ctx context.Context, config Config, pause time.Duration) (*Embedder, error) {
	if err := config.Validate(); err != nil {
		return nil, match.About("openai embedder", err)
	}
	e := &Embedder{config: config.withDefaults(), pause: pause}
	e.slots = make(chan struct{}, e.config.Concurrency)
	if e.config.Dim == 0 {
		vectors, err := e.request(ctx, []string{probeText})
		if err != nil {
			return nil, e.about(err)
		}
		e.config.Dim = len(vectors[0])
	}
	e.identity = e.config.identity()
	return e, nil
}

// Identity is "openai/MODEL/DIGEST". The digest covers host and path of the
// endpoint, model, dimensions and prefixes, and no secret.
func (e *Embedder) Identity() string { return e.identity }

// Dim is the number of dimensions.
func (e *Embedder) Dim() int { return e.config.Dim }

// Embed sends the texts that are not blank, in batches. Texts that the endpoint
// refuses, or has no usable numbers for, are in a *embed.PartialError.
func (e *Embedder) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, e.about(err)
	}
	out := make([][]float32, len(texts))
	var sent []int // the places of the texts that are not blank
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			out[i] = make([]float32, e.config.Dim)
		} else {
			sent = append(sent, i)
		}
	}
	failed, err := e.embedAll(ctx, job{role: role, texts: texts, out: out}, sent)
	if err != nil {
		return nil, e.about(err)
	}
	if len(failed) > 0 {
		return out, &embed.PartialError{Errs: failed}
	}
	return out, nil
}

// job is one call of Embed: vectors go from texts[i] to out[i].
type job struct {
	role  embed.Role
	texts []string
	out   [][]float32
}

// embedAll runs the batches of sent, as many at once as there are slots. The
// first error that is not of one text stops the others.
func (e *Embedder) embedAll(ctx context.Context, j job, sent []int) (map[int]error, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	failed := failures{errs: map[int]error{}}
	for len(sent) > 0 {
		if err := e.acquire(ctx); err != nil {
			break
		}
		batch := sent[:min(e.config.BatchSize, len(sent))]
		sent = sent[len(batch):]
		running.Go(func() {
			defer e.release()
			if err := e.embedBatch(ctx, j, batch, &failed); err != nil {
				stop(err)
			}
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return failed.errs, nil
}

func (e *Embedder) acquire(ctx context.Context) error {
	select {
	case e.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Embedder) release() { <-e.slots }

// about says whose error it is.
func (e *Embedder) about(err error) error {
	return match.About("openai embedder, model "+e.config.Model, err)
}

// failures collects the texts that failed from several batches.
type failures struct {
	mu   sync.Mutex
	errs map[int]error
}

func (f *failures) add(text int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs[text] = err
}
