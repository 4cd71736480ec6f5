package openai

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

// Embedder asks one endpoint for the vectors of one model. It is safe for
// concurrent use; all calls share its limit of requests at once, the rest that the
// endpoint asks for, and the number of texts that it takes: where a batch is
// refused and both of its halves are not, batches are no larger than a half from
// then on.
type Embedder struct {
	config   Config
	identity string
	slots    chan struct{}
	gate     *gate
	batch    atomic.Int64 // texts in one request
	// pause is the first wait before a retry; tests shorten it.
	pause time.Duration
}

var (
	_ embed.Embedder = (*Embedder)(nil)
	_ embed.Remote   = (*Embedder)(nil)
	_ embed.Limited  = (*Embedder)(nil)
)

// probeText is a text that every model takes. It finds the number of dimensions,
// and tells a refused text from a refused setting.
const probeText = "patent 专利"

// New checks config and sends the endpoint one text, to find the number of
// dimensions or to compare them with those of config. Errors are of kind Invalid,
// Denied, Unavailable or Canceled. Where config names the dimensions, an endpoint
// that does not answer is no error: the embedder is down until it does.
func New(ctx context.Context, config Config) (*Embedder, error) {
	e, err := open(ctx, config, firstPause)
	if err != nil || config.Dim == 0 { // without dimensions, open has asked
		return e, err
	}
	if _, _, err := e.try(ctx, []string{probeText}); err != nil && match.KindOf(err) != match.Unavailable {
		return nil, e.about(err)
	}
	return e, nil
}

func open(ctx context.Context, config Config, pause time.Duration) (*Embedder, error) {
	if err := config.Validate(); err != nil {
		return nil, match.About("openai embedder", err)
	}
	e := &Embedder{config: config.withDefaults(), pause: pause}
	e.slots = make(chan struct{}, e.config.Concurrency)
	e.gate = newGate(e.config)
	e.batch.Store(int64(e.config.BatchSize))
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

// Limit is the number of code points of one text that the model reads.
func (e *Embedder) Limit() int { return e.config.TextChars }

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
		batch := e.next(j, sent)
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

// next is the longest beginning of sent that fits in one request, one text at least.
func (e *Embedder) next(j job, sent []int) []int {
	most, chars := min(int(e.batch.Load()), len(sent)), 0
	for n, i := range sent[:most] {
		chars += utf8.RuneCountInString(e.input(j.role, j.texts[i]))
		if n > 0 && chars > e.config.BatchChars {
			return sent[:n]
		}
	}
	return sent[:most]
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

// Remote implements embed.Remote: texts go to the endpoint.
func (e *Embedder) Remote() bool { return true }
