package chat

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/endpoint"
	"github.com/duijie/duijie/internal/match"
)

// Config says where the endpoint is and how to ask it. BaseURL and Model are required;
// the zero value of every other field is its default.
type Config struct {
	// BaseURL is what stands before "/chat/completions", such as "http://host:8000/v1".
	BaseURL string
	Model   string
	// Key is sent as a bearer token; empty sends none.
	Key string
	// Timeout is for one request, 20 seconds by default.
	Timeout time.Duration
	// MaxTokens bounds an answer, 1,000 by default.
	MaxTokens int
	// BreakAfter failed requests in a row, 3 by default, the endpoint is left alone for
	// BreakFor, 30 seconds by default.
	BreakAfter int
	BreakFor   time.Duration
	// HTTPClient sends the requests; nil is a client of its own.
	HTTPClient *http.Client
}

const (
	defaultTimeout    = 20 * time.Second
	defaultTokens     = 1000
	defaultBreakAfter = 3
	defaultBreakFor   = 30 * time.Second

	maxTokens = 100_000
)

// Validate checks every field and names the first bad one.
func (c Config) Validate() error {
	if err := endpoint.CheckURL(c.BaseURL); err != nil {
		return err
	}
	switch {
	case c.Model == "":
		return match.Invalidf("model", "is empty")
	case c.Timeout < 0:
		return match.Invalidf("timeout", "is negative")
	case c.MaxTokens < 0 || c.MaxTokens > maxTokens:
		return match.Invalidf("max_tokens", "%d is not in %d to %d", c.MaxTokens, 0, maxTokens)
	case c.BreakAfter < 0:
		return match.Invalidf("break_after", "is negative")
	case c.BreakFor < 0:
		return match.Invalidf("break_for", "is negative")
	case strings.ContainsAny(c.Key, "\r\n\x00"):
		return match.Invalidf("key", "contains a line break or a NUL character")
	}
	return nil
}

// String shows the configuration without the key.
func (c Config) String() string {
	return fmt.Sprintf("chat endpoint %s, model %s", c.BaseURL, c.Model)
}

// GoString keeps the key out of %#v too.
func (c Config) GoString() string { return c.String() }

func (c Config) withDefaults() Config {
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.MaxTokens = cmp.Or(c.MaxTokens, defaultTokens)
	c.BreakAfter = cmp.Or(c.BreakAfter, defaultBreakAfter)
	c.BreakFor = cmp.Or(c.BreakFor, defaultBreakFor)
	var own http.Client
	if c.HTTPClient != nil {
		own = *c.HTTPClient
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.HTTPClient = &own
	return c
}
