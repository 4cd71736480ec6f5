package openai

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

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
	// BatchSize is the number of texts in one request, 64 by default.
	BatchSize int
	// Timeout is for one request, a minute by default.
	Timeout time.Duration
	// Concurrency is the number of requests on their way at once, 4 by default.
	Concurrency int
	// QueryPrefix and DocumentPrefix are put before each text of their role, as
	// models such as E5 and BGE were trained with.
	QueryPrefix    string
	DocumentPrefix string
	// HTTPClient sends the requests; nil is a client of its own. Its own timeout
	// applies as well as Timeout.
	HTTPClient *http.Client
}

const (
	defaultBatch       = 64
	defaultTimeout     = time.Minute
	defaultConcurrency = 4

	maxBatch       = 2048 // what OpenAI accepts
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
	case c.Concurrency < 0 || c.Concurrency > maxConcurrency:
		return outOfRange("concurrency", c.Concurrency, maxConcurrency)
	case c.Timeout < 0:
		return match.Invalidf("timeout", "is negative")
	case strings.ContainsAny(c.Key, "\r\n\x00"):
		return match.Invalidf("key", "contains a line break or a NUL character")
	}
	return validURL(c.BaseURL)
}

func outOfRange(field string, v, high int) error {
	return match.Invalidf(field, fmt.Sprintf("%d is not in 0 to %d", v, high))
}

// validURL never repeats the URL, which may hold a password.
func validURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return match.Invalidf("base_url", "is empty")
	case err != nil:
		return match.Invalidf("base_url", "is not a URL")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return match.Invalidf("base_url", "must begin with http:// or https:// and name a host")
	case u.User != nil:
		return match.Invalidf("base_url", "must not hold a user or password; use the key")
	case u.RawQuery != "" || u.Fragment != "":
		return match.Invalidf("base_url", "must not have a query or fragment")
	}
	return nil
}

// String shows the configuration without the key.
func (c Config) String() string {
	return fmt.Sprintf("openai endpoint %s, model %s, %d dimensions", c.BaseURL, c.Model, c.Dim)
}

// GoString keeps the key out of %#v too.
func (c Config) GoString() string { return c.String() }

func (c Config) withDefaults() Config {
	if c.BatchSize == 0 {
		c.BatchSize = defaultBatch
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Concurrency == 0 {
		c.Concurrency = defaultConcurrency
	}
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{}
	}
	return c
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
