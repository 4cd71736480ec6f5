package openai

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

type spoil = func(n int, w http.ResponseWriter, inputs []string) bool

// first spoils the first n requests only.
func first(n int, do spoil) spoil {
	return func(i int, w http.ResponseWriter, inputs []string) bool { return i <= n && do(i, w, inputs) }
}

func status(code int) spoil {
	return func(_ int, w http.ResponseWriter, _ []string) bool {
		return refuse(w, code, "key "+testKey+" is not welcome")
	}
}

func changed(change func([]item) []item) spoil {
	return func(_ int, w http.ResponseWriter, inputs []string) bool {
		reply(w, change(items(inputs)))
		return true
	}
}

func verbatim(body string) spoil {
	return func(_ int, w http.ResponseWriter, _ []string) bool {
		fmt.Fprint(w, body)
		return true
	}
}

func cutOff(_ int, w http.ResponseWriter, _ []string) bool {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `{"data":[{"index":0,"embedding":[0.1,`)
	return true
}

func hungUp(int, http.ResponseWriter, []string) bool { panic(http.ErrAbortHandler) }

func slow(int, http.ResponseWriter, []string) bool {
	time.Sleep(600 * time.Millisecond)
	return false
}

func TestFaultsThatPassAreOvercome(t *testing.T) {
	for name, fault := range map[string]spoil{
		"500 once":                first(1, status(500)),
		"503 three times":         first(3, status(503)),
		"429 once":                first(1, status(429)),
		"a cut-off reply once":    first(1, cutOff),
		"a connection hung up":    first(1, hungUp),
		"a reply that is no JSON": first(1, verbatim("<html>busy</html>")),
		"a slow reply once":       first(1, slow),
		"a missing item once":     first(1, changed(func(i []item) []item { return i[:len(i)-1] })),
		"an index given twice":    first(1, changed(func(i []item) []item { i[0].Index = 1; return i })),
		"an index out of range":   first(1, changed(func(i []item) []item { i[0].Index = 99; return i })),
		"indexes in another order": changed(func(i []item) []item {
			slices.Reverse(i)
			return i
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(serve(t, fault))
			c.Timeout = 300 * time.Millisecond
			texts := []string{"甲", "乙", "丙"}
			out, err := opened(t, c).Embed(t.Context(), embed.Document, texts)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range out {
				checkVector(t, texts[i], v)
			}
		})
	}
}

func TestFaultsThatStayHaveTheirKind(t *testing.T) {
	tests := []struct {
		name     string
		fault    spoil
		kind     match.ErrorKind
		reason   string
		requests int
	}{
		{"always 500", status(500), match.Unavailable, "gave up after 4 attempts: status 500", 4},
		{"always 429", status(429), match.Unavailable, "status 429", 4},
		{"a wrong key", status(401), match.Denied, "status 401: key [key] is not welcome", 1},
		{"a forbidden model", status(403), match.Denied, "status 403", 1},
		{"an unknown model", status(404), match.Invalid, "status 404", 1},
		{"everything is refused", status(400), match.Invalid, "status 400", 2},
		{"always cut off", cutOff, match.Unavailable, "the reply is cut off", 4},
		{"always slow", slow, match.Unavailable, "no answer within 300ms", 4},
		{"always an item short", changed(func(i []item) []item { return i[1:] }), match.Unavailable, "2 vectors for 3 texts", 4},
		{"no data at all", verbatim(`{"data":[]}`), match.Unavailable, "0 vectors for 3 texts", 4},
		{"wrong dimensions", changed(func(i []item) []item { i[1].Embedding = i[1].Embedding[:5]; return i }), match.Invalid, "dim: the model gives 5 dimensions, not 8", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.fault)
			c := config(s)
			c.Timeout = 300 * time.Millisecond
			out, err := opened(t, c).Embed(t.Context(), embed.Document, []string{"甲", "乙", "丙"})
			if out != nil || match.KindOf(err) != test.kind || !strings.Contains(fmt.Sprint(err), test.reason) {
				t.Errorf("error %v of kind %v, want kind %v and %q", err, match.KindOf(err), test.kind, test.reason)
			}
			if n := len(s.seen()); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
			if strings.Contains(fmt.Sprintf("%v %+v", err, err), testKey) {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

func TestOneRefusedTextFailsAlone(t *testing.T) {
	bad := func(answer func(w http.ResponseWriter)) spoil {
		return func(_ int, w http.ResponseWriter, inputs []string) bool {
			if slices.Contains(inputs, "bad") {
				answer(w)
				return true
			}
			return false
		}
	}
	zero := changed(func(i []item) []item { i[0].Embedding = make([]float64, 8); return i })
	for name, answer := range map[string]func(http.ResponseWriter){
		"400":             func(w http.ResponseWriter) { refuse(w, 400, "too long") },
		"413":             func(w http.ResponseWriter) { refuse(w, 413, "too long") },
		"422":             func(w http.ResponseWriter) { refuse(w, 422, "too long") },
		"null numbers":    func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[1,null]}]}`) },
		"NaN":             func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[ NaN, 1]}]}`) },
		"minus infinity":  func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[-Infinity]}]}`) },
		"a vector of 0s":  func(w http.ResponseWriter) { zero(0, w, []string{"bad"}) },
		"400 in HTML":     func(w http.ResponseWriter) { http.Error(w, "<b>no</b>", 400) },
		"400 empty":       func(w http.ResponseWriter) { w.WriteHeader(400) },
		"huge numbers":    func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[null,1e99]}]}`) },
		"400 with a list": func(w http.ResponseWriter) { w.WriteHeader(400); fmt.Fprint(w, `{"error":{"message":["a"]}}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(serve(t, bad(answer)))
			texts := []string{"a", "b", "", "c", "bad", "d", "e"}
			out, err := opened(t, c).Embed(t.Context(), embed.Document, texts)
			var partial *embed.PartialError
			if !errors.As(err, &partial) || len(partial.Errs) != 1 || match.KindOf(partial.Errs[4]) != match.Invalid {
				t.Fatalf("error %v, want one of text 4", err)
			}
			for i, v := range out {
				if i == 4 && v != nil {
					t.Error("the refused text has a vector")
				} else if i != 4 && texts[i] != "" {
					checkVector(t, texts[i], v)
				}
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	s := serve(t, first(1, func(_ int, w http.ResponseWriter, _ []string) bool {
		w.Header().Set("Retry-After", "0.2")
		return refuse(w, 429, "slowly")
	}))
	began := time.Now()
	if _, err := opened(t, config(s)).Embed(t.Context(), embed.Document, []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("came back after %v, want 200ms at least", took)
	}
}

func TestALongRetryAfterIsNotWaitedFor(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter, _ []string) bool {
		w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		return refuse(w, 429, "tomorrow")
	})
	e := opened(t, config(s))
	for range 2 { // nor is anything sent before it is over
		_, err := e.Embed(t.Context(), embed.Document, []string{"a"})
		if match.KindOf(err) != match.Unavailable || len(s.seen()) != 1 {
			t.Errorf("error %v after %d requests, want Unavailable after 1", err, len(s.seen()))
		}
	}
}

func TestCancelingEndsAWait(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter, _ []string) bool {
		w.Header().Set("Retry-After", "30")
		return refuse(w, 429, "slowly")
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := opened(t, config(s)).Embed(ctx, embed.Document, []string{"a"})
	if match.KindOf(err) != match.Canceled {
		t.Errorf("error %v of kind %v, want Canceled", err, match.KindOf(err))
	}
}

func TestNewReportsADeadEndpoint(t *testing.T) {
	s := serve(t, nil)
	c := config(s)
	c.Dim = 0
	s.Close()
	if _, err := open(t.Context(), c, time.Millisecond); match.KindOf(err) != match.Unavailable {
		t.Errorf("error %v, want Unavailable", err)
	}
}

func TestNormaliseRefusesWhatHasNoLength(t *testing.T) {
	for _, v := range [][]float32{{0, 0}, {float32(math.NaN()), 1}, {float32(math.Inf(1)), 1}, {}} {
		if normalise(v) {
			t.Errorf("%v was scaled", v)
		}
	}
}
