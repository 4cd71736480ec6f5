package openai

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	goopenai "github.com/sashabaranov/go-openai"

	"github.com/duijie/duijie/internal/endpoint"
	"github.com/duijie/duijie/internal/match"
)

const (
	maxAttempts = 4
	firstPause  = 500 * time.Millisecond // doubles with each attempt
	// longestPause is the longest Retry-After that is waited for; calls within a
	// longer one end at once, and their callers may come back.
	longestPause = time.Minute
	// overdue is the time after which a caller that gives up has waited too long,
	// which counts against the endpoint.
	overdue = 3 * time.Second
)

// request sends inputs until there is an answer, a final error or no attempt
// left, and gives one unit vector for each input.
func (e *Embedder) request(ctx context.Context, inputs []string) ([][]float32, error) {
	for attempt := 1; ; attempt++ {
		wait, err := e.gate.resting()
		if err != nil {
			return nil, err
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
		vectors, after, err := e.try(ctx, inputs)
		if err == nil || match.KindOf(err) != match.Unavailable {
			return vectors, err
		}
		e.gate.rest(after)
		if attempt == maxAttempts || e.gate.Open() || after > longestPause {
			return nil, (&match.Error{Kind: match.Unavailable, Err: err}).Because("gave up after %d attempts", attempt)
		}
		if err := sleep(ctx, e.backOff(attempt)); err != nil {
			return nil, err
		}
	}
}

// backOff doubles with each attempt, less up to a half by chance, so that many
// clients do not come back at once.
func (e *Embedder) backOff(attempt int) time.Duration {
	pause := e.pause << (attempt - 1)
	return pause - time.Duration(rand.Int64N(int64(pause)/2+1))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try sends one request, if the gate is open, and tells the gate what became of
// it. An error of kind Unavailable may be tried again, not before the time given.
func (e *Embedder) try(ctx context.Context, inputs []string) ([][]float32, time.Duration, error) {
	if err := e.gate.Enter(); err != nil {
		return nil, 0, err
	}
	began := time.Now()
	doer := &doer{client: e.config.HTTPClient}
	vectors, err := e.send(ctx, doer, inputs)
	switch {
	case ctx.Err() != nil && time.Since(began) < overdue:
		e.gate.Leave(endpoint.Abandoned)
	case ctx.Err() != nil:
		e.gate.Leave(endpoint.Failed)
	case match.KindOf(err) == match.Unavailable && doer.status != http.StatusTooManyRequests:
		e.gate.Leave(endpoint.Failed)
	default: // who asks for patience is alive
		e.gate.Leave(endpoint.Alive)
	}
	return vectors, doer.retryAfter, err
}

// send sends one request and checks the reply.
func (e *Embedder) send(ctx context.Context, d *doer, inputs []string) ([][]float32, error) {
	within, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	response, err := e.client(d).CreateEmbeddings(within, goopenai.EmbeddingRequestStrings{
		Input:          inputs,
		Model:          goopenai.EmbeddingModel(e.config.Model),
		EncodingFormat: goopenai.EmbeddingEncodingFormatFloat,
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && within.Err() != nil:
		return nil, endpoint.Unavailable("no answer within %v", e.config.Timeout)
	case err != nil:
		return nil, e.classify(err)
	}
	return arrange(response.Data, len(inputs), e.config.Dim)
}

// client is made for each request, so that its doer can carry the reply's
// headers, which go-openai keeps from its errors.
func (e *Embedder) client(d *doer) *goopenai.Client {
	config := goopenai.DefaultConfig(e.config.Key)
	config.BaseURL = e.config.BaseURL
	config.HTTPClient = d
	return goopenai.NewClientWithConfig(config)
}

// classify turns an error of go-openai into one with a kind.
func (e *Embedder) classify(err error) error {
	var own *refusal
	if errors.As(err, &own) {
		return own
	}
	if moved := (*match.Error)(nil); errors.As(err, &moved) {
		return moved
	}
	status, message := statusOf(err)
	reason := endpoint.Told(status, message, e.config.Key)
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &match.Error{Kind: match.Denied, Reason: reason}
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return refused(reason)
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return endpoint.Unavailable("%s", reason)
	}
	if status >= 400 && status < 500 {
		return &match.Error{Kind: match.Invalid, Reason: reason}
	}
	return endpoint.Unavailable("%s", reason)
}

// statusOf gives the status of a reply, 0 where there was none, and what it said.
func statusOf(err error) (int, string) {
	var api *goopenai.APIError
	if errors.As(err, &api) {
		return api.HTTPStatusCode, api.Message
	}
	var request *goopenai.RequestError
	if errors.As(err, &request) {
		return request.HTTPStatusCode, string(request.Body)
	}
	return 0, err.Error()
}
