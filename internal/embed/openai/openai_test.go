package openai

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/embedtest"
	"github.com/duijie/duijie/internal/match"
)

func TestConformance(t *testing.T) {
	embedtest.Run(t, func(t *testing.T) embed.Embedder {
		c := config(serve(t, nil))
		c.BatchSize, c.QueryPrefix = 2, "query: "
		return opened(t, c)
	})
}

func TestConfigNamesTheBadField(t *testing.T) {
	good := Config{BaseURL: "http://localhost:8000/v1", Model: "m"}
	tests := []struct {
		field string
		spoil func(*Config)
	}{
		{"base_url", func(c *Config) { c.BaseURL = "" }},
		{"base_url", func(c *Config) { c.BaseURL = "localhost:8000" }},
		{"base_url", func(c *Config) { c.BaseURL = "ftp://host/v1" }},
		{"base_url", func(c *Config) { c.BaseURL = "http://user:hunter2@host/v1" }},
		{"base_url", func(c *Config) { c.BaseURL = "http://host/v1?key=hunter2" }},
		{"model", func(c *Config) { c.Model = "" }},
		{"dim", func(c *Config) { c.Dim = -1 }},
		{"batch_size", func(c *Config) { c.BatchSize = 5000 }},
		{"concurrency", func(c *Config) { c.Concurrency = -1 }},
		{"batch_chars", func(c *Config) { c.BatchChars = -1 }},
		{"text_chars", func(c *Config) { c.TextChars = -1 }},
		{"break_after", func(c *Config) { c.BreakAfter = -1 }},
		{"break_for", func(c *Config) { c.BreakFor = -1 }},
		{"timeout", func(c *Config) { c.Timeout = -time.Second }},
		{"key", func(c *Config) { c.Key = "a\nb" }},
	}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		c := good
		test.spoil(&c)
		err, ok := c.Validate().(*match.Error)
		if !ok || err.Kind != match.Invalid || err.Field != test.field {
			t.Errorf("%+v: error %v, want one of field %s", c, err, test.field)
		}
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestConfigPrintsNoKey(t *testing.T) {
	c := Config{BaseURL: "http://host/v1", Model: "m", Key: testKey}
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(form, c); strings.Contains(s, testKey) {
			t.Errorf("%s shows the key: %s", form, s)
		}
	}
}

func TestIdentityChangesWithWhatChangesVectors(t *testing.T) {
	base := Config{BaseURL: "http://host/v1", Model: "m", Dim: 8}
	same := base
	same.BaseURL, same.Key, same.BatchSize = "https://HOST/v1/", "k", 3
	if base.identity() != same.identity() {
		t.Errorf("%s and %s differ", base.identity(), same.identity())
	}
	for _, change := range []func(*Config){
		func(c *Config) { c.BaseURL = "http://host/v2" },
		func(c *Config) { c.Model = "m2" },
		func(c *Config) { c.Dim = 9 },
		func(c *Config) { c.QueryPrefix = "a" },
		func(c *Config) { c.DocumentPrefix = "a" },
	} {
		other := base
		change(&other)
		if base.identity() == other.identity() {
			t.Errorf("%v has the identity of %v", other, base)
		}
	}
}

func TestDimensionsAreFoundByOneRequest(t *testing.T) {
	s := serve(t, nil)
	c := config(s)
	c.Dim = 0
	e := opened(t, c)
	if e.Dim() != 8 || len(s.seen()) != 1 {
		t.Errorf("Dim() = %d after %d requests, want 8 after 1", e.Dim(), len(s.seen()))
	}
	if want := opened(t, config(s)).Identity(); e.Identity() != want {
		t.Errorf("identity %s, want %s as with the dimensions given", e.Identity(), want)
	}
}

func TestTextsGoInBatchesWithTheirPrefixAndKey(t *testing.T) {
	s := serve(t, nil)
	c := config(s)
	c.BatchSize, c.Concurrency, c.QueryPrefix, c.DocumentPrefix = 2, 1, "q: ", "d: "
	e := opened(t, c)
	for role, prefix := range map[embed.Role]string{embed.Query: "q: ", embed.Document: "d: "} {
		s.requests = nil
		if _, err := e.Embed(t.Context(), role, []string{"a", "", "b", " \n", "c"}); err != nil {
			t.Fatal(err)
		}
		want := [][]string{{prefix + "a", prefix + "b"}, {prefix + "c"}}
		if diff := cmp.Diff(want, s.seen()); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	}
	if got := s.headers[0].Get("Authorization"); got != "Bearer "+testKey {
		t.Errorf("Authorization: %s", got)
	}
}

func TestRequestsAtOnceAreBounded(t *testing.T) {
	var now, most atomic.Int32
	s := serve(t, func(int, http.ResponseWriter, []string) bool {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		return false
	})
	c := config(s)
	c.BatchSize, c.Concurrency = 1, 3
	texts := make([]string, 20)
	for i := range texts {
		texts[i] = fmt.Sprint("text ", i)
	}
	out, err := opened(t, c).Embed(t.Context(), embed.Document, texts)
	if err != nil {
		t.Fatal(err)
	}
	if most.Load() > 3 {
		t.Errorf("%d requests at once, at most 3 are allowed", most.Load())
	}
	for i, v := range out {
		checkVector(t, texts[i], v)
	}
}

// checkVector compares v with what the server gives for text.
func checkVector(t *testing.T, text string, v []float32) {
	t.Helper()
	want, sum := vectorOf(text), 0.0
	for _, x := range want {
		sum += x * x
	}
	if len(v) != len(want) {
		t.Errorf("%q has %d numbers, want %d", text, len(v), len(want))
		return
	}
	for i, x := range want {
		if math.Abs(x/math.Sqrt(sum)-float64(v[i])) > 1e-6 {
			t.Errorf("%q has the vector of another text", text)
			return
		}
	}
}
