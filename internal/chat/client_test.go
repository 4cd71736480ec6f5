package chat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
)

const testKey = "sk-secret-0123456789"

// fakeEndpoint answers as handle says and keeps what it was asked.
type fakeEndpoint struct {
	*httptest.Server
	mu    sync.Mutex
	asked []map[string]any
}

func serve(t *testing.T, handle http.HandlerFunc) *fakeEndpoint {
	t.Helper()
	e := &fakeEndpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if r.URL.Path != "/v1/chat/completions" || json.NewDecoder(r.Body).Decode(&body) != nil {
			http.Error(w, "no such page", http.StatusNotFound)
			return
		}
		e.mu.Lock()
		e.asked = append(e.asked, body)
		e.mu.Unlock()
		handle(w, r)
	}))
	t.Cleanup(e.Close)
	return e
}

func say(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{
			"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": text}}},
			"usage":   map[string]any{"total_tokens": 42},
		})
	}
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

func client(t *testing.T, c Config) *Client {
	t.Helper()
	out, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestInstructionsAndDataGoApart(t *testing.T) {
	e := serve(t, say("hello"))
	c := client(t, Config{BaseURL: e.URL + "/v1", Model: "m", Key: testKey})
	a, err := c.Ask(t.Context(), "be brief", "the data")
	if err != nil || a != (Answer{"hello", 42}) {
		t.Fatalf("%+v, %v", a, err)
	}
	messages := e.asked[0]["messages"].([]any)
	if got := fmt.Sprint(messages); !strings.Contains(got, "system") || !strings.Contains(got, "the data") || len(messages) != 2 {
		t.Errorf("asked %s", got)
	}
}

func TestWhatGoesWrongHasAKindAndNoKey(t *testing.T) {
	block := make(chan struct{})
	defer close(block)
	for _, c := range []struct {
		name   string
		handle http.HandlerFunc
		kind   match.ErrorKind
		says   string
	}{
		{"a wrong key", status(401, `{"error":{"message":"bad key `+testKey+`"}}`), match.Denied, "[key]"},
		{"overloaded", status(503, `busy`), match.Unavailable, "503"},
		{"too many requests", status(429, `{"error":{"message":"slow down"}}`), match.Unavailable, "slow down"},
		{"a bad request", status(400, `{"error":{"message":"no such model"}}`), match.Invalid, "no such model"},
		{"no JSON", status(200, `<html>`), match.Unavailable, ""},
		{"no answer in it", status(200, `{"choices":[]}`), match.Unavailable, "no answer"},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, match.Invalid, "redirect"},
		{"a flood", func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				w.Write(make([]byte, MaxReply/2))
			}
		}, match.Unavailable, "longer than"},
		{"silence", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-block:
			case <-r.Context().Done():
			}
		}, match.Unavailable, "no answer within"},
		{"a cut connection", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.Close()
		}, match.Unavailable, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := serve(t, c.handle)
			timeout := time.Minute
			if c.name == "silence" {
				timeout = 50 * time.Millisecond
			}
			_, err := client(t, Config{BaseURL: e.URL + "/v1", Model: "m", Key: testKey, Timeout: timeout}).Ask(t.Context(), "i", "d")
			if err == nil || match.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v is %v, want %v with %q", err, match.KindOf(err), c.kind, c.says)
			}
			if err != nil && strings.Contains(err.Error(), testKey) {
				t.Errorf("the key is in %v", err)
			}
		})
	}
}

func TestAnEndpointThatFailsIsLeftAloneForAWhile(t *testing.T) {
	broken := true
	e := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if broken {
			status(500, "broken")(w, r)
			return
		}
		say("well again")(w, r)
	})
	c := client(t, Config{BaseURL: e.URL + "/v1", Model: "m", BreakAfter: 2, BreakFor: time.Hour})
	for range 5 {
		if _, err := c.Ask(t.Context(), "i", "d"); match.KindOf(err) != match.Unavailable {
			t.Fatal(err)
		}
	}
	if len(e.asked) != 2 {
		t.Errorf("a broken endpoint was asked %d times", len(e.asked))
	}
	broken = false
	c.breaker.HalfOpen() // as after BreakFor
	if a, err := c.Ask(t.Context(), "i", "d"); err != nil || a.Text != "well again" {
		t.Errorf("%v, %v", a, err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := Config{BaseURL: "http://localhost/v1", Model: "m", Key: testKey}
	for field, spoil := range map[string]func(*Config){
		"base_url":    func(c *Config) { c.BaseURL = "ftp://x" },
		"model":       func(c *Config) { c.Model = "" },
		"timeout":     func(c *Config) { c.Timeout = -1 },
		"max_tokens":  func(c *Config) { c.MaxTokens = -1 },
		"break_after": func(c *Config) { c.BreakAfter = -1 },
		"break_for":   func(c *Config) { c.BreakFor = -1 },
		"key":         func(c *Config) { c.Key = "a\nb" },
	} {
		c := good
		spoil(&c)
		if _, err := New(c); match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, url := range []string{"", "http://", "http://user:pw@host", "http://host?x=1", "http://host#x"} {
		if _, err := New(Config{BaseURL: url, Model: "m"}); err == nil {
			t.Errorf("%q is taken for a URL", url)
		}
	}
	if got := fmt.Sprintf("%v %#v %+v", good, good, good); strings.Contains(got, testKey) {
		t.Errorf("the key is in %s", got)
	}
}
