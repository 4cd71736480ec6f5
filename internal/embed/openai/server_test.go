package openai

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

const testKey = "sk-secret-0123456789"

// item is one vector of a reply, as the tests spoil it.
type item struct {
	Object    string    `json:"object"`
	Index     int       `json:"index"`
	Embedding []float64 `json:"embedding"`
}

// server is a deterministic endpoint of 8 dimensions. spoil, where set, may
// answer in its place and tells whether it did.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests [][]string // the inputs of each
	headers  []http.Header
	spoil    func(n int, w http.ResponseWriter, inputs []string) bool
}

func serve(t *testing.T, spoil func(n int, w http.ResponseWriter, inputs []string) bool) *server {
	t.Helper()
	s := &server{spoil: spoil}
	s.Server = httptest.NewServer(http.HandlerFunc(s.embeddings))
	t.Cleanup(s.Close)
	return s
}

func (s *server) embeddings(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Input []string
		Model string
	}
	if r.URL.Path != "/v1/embeddings" || json.NewDecoder(r.Body).Decode(&request) != nil {
		http.Error(w, "no such page", http.StatusNotFound)
		return
	}
	s.mu.Lock()
	s.requests = append(s.requests, request.Input)
	s.headers = append(s.headers, r.Header)
	n := len(s.requests)
	s.mu.Unlock()
	if s.spoil != nil && s.spoil(n, w, request.Input) {
		return
	}
	reply(w, items(request.Input))
}

func (s *server) seen() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func items(inputs []string) []item {
	out := make([]item, len(inputs))
	for i, text := range inputs {
		out[i] = item{"embedding", i, vectorOf(text)}
	}
	return out
}

// vectorOf depends on the text alone.
func vectorOf(text string) []float64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	random := rand.New(rand.NewPCG(h.Sum64(), 1))
	v := make([]float64, 8)
	for i := range v {
		v[i] = random.NormFloat64()
	}
	return v
}

func reply(w http.ResponseWriter, data []item) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data, "model": "m", "usage": nil})
}

func refuse(w http.ResponseWriter, status int, message string) bool {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":{"message":%q,"type":"t","code":null}}`, message)
	return true
}

func config(s *server) Config {
	return Config{BaseURL: s.URL + "/v1", Model: "m", Key: testKey, Dim: 8, HTTPClient: s.Client()}
}

func opened(t *testing.T, c Config) *Embedder {
	t.Helper()
	e, err := open(t.Context(), c, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
