package openai

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/endpoint"
	"github.com/duijie/duijie/internal/match"
)

// Config says where the endpoint is and how to ask it. BaseURL and Model are
// required; the zero value of every other field is its default.
type Config struct {
	// BaseURL is what stands before "/embeddings", such as "http://host:8000/v1".
	BaseURL string
	Model   string
	// Key is sent as a bearer token; empty sends none.
	Key string
	// Dim is the number of dimensions that the model gives; 0 asks the endpoint.
	Dim int
	// BatchSize is the number of texts in one request, 64 by default. An endpoint
	// that takes fewer is found out: see Embedder.
	BatchSize int
	// BatchChars is the number of code points in one request, 100,000 by default: one
	// text of more goes alone.
	BatchChars int
	// TextChars is the number of code points of one text that the model reads, 6,000
	// by default. It is only told (see embed.Limited), for long texts to be split.
	TextChars int
	// Timeout is for one request, a minute by default.
	Timeout time.Duration
	// Concurrency is the number of requests on their way at once, 4 by default.
	Concurrency int
	// BreakAfter failed requests in a row, 8 by default, the endpoint is left alone
	// for BreakFor, 10 seconds by default.
	BreakAfter int
	BreakFor   time.Duration
	// QueryPrefix and DocumentPrefix are put before each text of their role, as
	// models such as E5 and BGE were trained with.
	QueryPrefix    string
	DocumentPrefix string
	// HTTPClient sends the requests; nil is a client of its own. Its own timeout
	// applies as well as Timeout. Redirects are never followed: they would carry key
	// and texts to another place.
	HTTPClient *http.Client
}

const (
	defaultBatch       = 64
	defaultTimeout     = time.Minute
	defaultConcurrency = 4
	defaultBatchChars  = 100_000
	defaultTextChars   = 6_000
	defaultBreakAfter  = 8
	defaultBreakFor    = 10 * time.Second

	maxBatch       = 2048 // what OpenAI accepts
	maxChars       = 10_000_000
	maxBreakAfter  = 1000
	maxConcurrency = 256
	maxDim         = 65536
)

// Validate checks every field and names the first bad one.
func (c Config) Validate() error {
	switch {
	case c.Model == "":
		return match.Invalidf("model", "is empty")
	case c.Dim < 0 || c.Dim > maxDim:
		return outOfRange("dim", c.Dim, maxDim)
	case c.BatchSize < 0 || c.BatchSize > maxBatch:
		return outOfRange("batch_size", c.BatchSize, maxBatch)
	case c.BatchChars < 0 || c.BatchChars > maxChars:
		return outOfRange("batch_chars", c.BatchChars, maxChars)
	case c.TextChars < 0 || c.TextChars > maxChars:
		return outOfRange("text_chars", c.TextChars, maxChars)
	case c.BreakAfter < 0 || c.BreakAfter > maxBreakAfter:
		return outOfRange("break_after", c.BreakAfter, maxBreakAfter)
	case c.BreakFor < 0:
		return match.Invalidf("break_for", "is negative")
	case c.Concurrency < 0 || c.Concurrency > maxConcurrency:
		return outOfRange("concurrency", c.Concurrency, maxConcurrency)
	case c.Timeout < 0:
		return match.Invalidf("timeout", "is negative")
	case strings.ContainsAny(c.Key, "\r\n\x00"):
		return match.Invalidf("key", "contains a line break or a NUL character")
	}
	return endpoint.CheckURL(c.BaseURL)
}

func outOfRange(field string, v, high int) error {
	return match.Invalidf(field, "%d is not in %d to %d", v, 0, high)
}

// String shows the configuration without the key.
func (c Config) String() string {
	return fmt.Sprintf("openai endpoint %s, model %s, %d dimensions", c.BaseURL, c.Model, c.Dim)
}

// GoString keeps the key out of %#v too.
func (c Config) GoString() string { return c.String() }

func (c Config) withDefaults() Config {
	c.BatchSize = cmp.Or(c.BatchSize, defaultBatch)
	c.BatchChars = cmp.Or(c.BatchChars, defaultBatchChars)
	c.TextChars = cmp.Or(c.TextChars, defaultTextChars)
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.Concurrency = cmp.Or(c.Concurrency, defaultConcurrency)
	c.BreakAfter = cmp.Or(c.BreakAfter, defaultBreakAfter)
	c.BreakFor = cmp.Or(c.BreakFor, defaultBreakFor)
	c.HTTPClient = c.client()
	return c
}

// client is a copy of the client given, or one that keeps a connection for each
// request at once; it follows no redirect.
func (c Config) client() *http.Client {
	var own http.Client
	if c.HTTPClient != nil {
		own = *c.HTTPClient
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = c.Concurrency
		own.Transport = transport
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// identity digests what changes the vectors, with the length of each part before
// it, so that no two settings look alike. The scheme is left out: the same host
// gives the same vectors by http and https.
func (c Config) identity() string {
	u, _ := url.Parse(c.BaseURL) // Validate has parsed it
	place := strings.ToLower(u.Host) + strings.TrimRight(u.Path, "/")
	digest := sha256.New()
	for _, part := range []string{place, c.Model, fmt.Sprint(c.Dim), c.QueryPrefix, c.DocumentPrefix} {
		fmt.Fprintf(digest, "%d:%s", len(part), part)
	}
	return "openai/" + c.Model + "/" + hex.EncodeToString(digest.Sum(nil))[:12]
}
