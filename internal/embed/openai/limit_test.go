package openai

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

func TestRequestsStayBelowTheLimitOfCharacters(t *testing.T) {
	s := serve(t, nil)
	c := config(s)
	c.BatchChars, c.Concurrency, c.DocumentPrefix = 10, 1, "d:"
	long := strings.Repeat("电", 30)
	texts := []string{"电池", "回收", "正极", long, "材料材料", "废水", "膜"}
	out, err := opened(t, c).Embed(t.Context(), embed.Document, texts)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"d:电池", "d:回收"}, {"d:正极"}, {"d:" + long}, {"d:材料材料", "d:废水"}, {"d:膜"}}
	if diff := cmp.Diff(want, s.seen()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	for i, v := range out {
		checkVector(t, "d:"+texts[i], v)
	}
}

func TestTheNumberOfTextsThatAnEndpointTakesIsLearned(t *testing.T) {
	const takes = 10
	s := serve(t, func(_ int, w http.ResponseWriter, inputs []string) bool {
		return len(inputs) > takes && refuse(w, 422, fmt.Sprint("batch size ", len(inputs), " > maximum allowed batch size 10"))
	})
	c := config(s)
	c.BatchSize, c.Concurrency = 64, 1
	e := opened(t, c)
	texts := make([]string, 64)
	for i := range texts {
		texts[i] = fmt.Sprint("text ", i)
	}
	for round := range 2 {
		before := len(s.seen())
		out, err := e.Embed(t.Context(), embed.Document, texts)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range out {
			checkVector(t, texts[i], v)
		}
		for _, inputs := range s.seen()[before:] {
			if round == 1 && len(inputs) > takes {
				t.Errorf("a request of %d texts after the first call", len(inputs))
			}
		}
	}
	if n := e.batch.Load(); n != 8 {
		t.Errorf("batches of %d texts, want 8: halves of 64 until they are taken", n)
	}
}

func TestARefusedTextDoesNotMakeBatchesSmaller(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter, inputs []string) bool {
		return strings.Contains(strings.Join(inputs, " "), "bad") && refuse(w, 400, "no")
	})
	e := opened(t, config(s))
	_, err := e.Embed(t.Context(), embed.Document, []string{"a", "b", "bad", "c", "d", "e", "f"})
	if partial, ok := err.(*embed.PartialError); !ok || len(partial.Errs) != 1 || e.batch.Load() != defaultBatch {
		t.Errorf("error %v and batches of %d texts, want one failed text and %d", err, e.batch.Load(), defaultBatch)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	for _, code := range []int{301, 302, 307, 308} {
		elsewhere := serve(t, nil)
		front := httptest.NewServer(http.RedirectHandler(elsewhere.URL+"/v1/embeddings", code))
		defer front.Close()
		_, err := opened(t, Config{BaseURL: front.URL, Model: "m", Key: testKey, Dim: 8}).Embed(t.Context(), embed.Document, []string{"a"})
		if match.KindOf(err) != match.Invalid || !strings.Contains(fmt.Sprint(err), "redirect") {
			t.Errorf("%d: error %v, want Invalid", code, err)
		}
		if len(elsewhere.seen()) != 0 {
			t.Errorf("%d: the request, with the key, went on", code)
		}
	}
}

func TestOpeningComparesTheDimensions(t *testing.T) {
	right := config(serve(t, nil))
	if e, err := New(t.Context(), right); err != nil || e.Dim() != 8 {
		t.Errorf("the right dimensions: %v", err)
	}
	wrong := right
	wrong.Dim = 7
	if _, err := New(t.Context(), wrong); match.KindOf(err) != match.Invalid || !strings.Contains(fmt.Sprint(err), "8 dimensions, not 7") {
		t.Errorf("the wrong dimensions: error %v, want Invalid", err)
	}
	if _, err := New(t.Context(), config(serve(t, status(401)))); match.KindOf(err) != match.Denied {
		t.Errorf("a wrong key: error %v, want Denied", err)
	}
}

func TestAnEndpointThatIsDownCanBeOpenedWhenTheDimensionsAreKnown(t *testing.T) {
	s := serve(t, first(1, status(503)))
	e, err := New(t.Context(), config(s))
	if err != nil {
		t.Fatal(err)
	}
	if err := embedOne(e); err != nil {
		t.Errorf("when it is back: %v", err)
	}
}

func TestWithoutAKeyNoneIsSent(t *testing.T) {
	s := serve(t, nil)
	c := config(s)
	c.Key = ""
	if err := embedOne(opened(t, c)); err != nil {
		t.Fatal(err)
	}
	if got, there := s.headers[0]["Authorization"]; there {
		t.Errorf("Authorization: %v", got)
	}
}
