package segment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// texts draws vectors as a model of word vectors gives them: words with a spectrum that
// falls as that of word vectors does, topics that prefer few words, and texts that are
// the mean of their words, most of which belong to the topic.
type texts struct {
	dim    int
	words  [][]float32
	topics [][]float32
}

const (
	vocabulary    = 20_000
	wordsOfATopic = 60
)

func newTexts(dim, points int) *texts {
	r := rand.New(rand.NewPCG(20, 26))
	t := &texts{dim: dim, words: make([][]float32, vocabulary)}
	for i := range t.words {
		v := make([]float32, dim)
		for j := range v {
			v[j] = float32(r.NormFloat64() / math.Pow(float64(j+4), 0.35))
		}
		t.words[i] = normalised(v)
	}
	t.topic(topicsOf(points))
	return t
}

// topicsOf is the number of topics of so many patents.
func topicsOf(points int) int { return max(20, points/200) }

// common draws a word as frequent as words are.
func (t *texts) common(r *rand.Rand) []float32 {
	return t.words[int(float64(vocabulary)*math.Pow(r.Float64(), 2.5))]
}

// topic returns the mean of a topic's words, of length 1.
func (t *texts) topic(n int) []float32 {
	for len(t.topics) <= n {
		own := rand.New(rand.NewPCG(uint64(len(t.topics)), 3))
		v := make([]float32, t.dim)
		for range wordsOfATopic {
			for j, x := range t.words[own.IntN(vocabulary)] {
				v[j] += x
			}
		}
		t.topics = append(t.topics, normalised(v))
	}
	return t.topics[n]
}

// vector draws a text on a topic: the topic, with a weight, and some words.
func (t *texts) vector(r *rand.Rand, topic, words int, weight float32) []float32 {
	v := make([]float32, t.dim)
	for j, x := range t.topics[topic] {
		v[j] = weight * x
	}
	for range words {
		for j, x := range t.common(r) {
			v[j] += x
		}
	}
	return normalised(v)
}

// patent draws the i-th of n patents.
func (t *texts) patent(i, n int) index.Point {
	r := rand.New(rand.NewPCG(uint64(i), 1))
	topic := r.IntN(topicsOf(n))
	return index.Point{
		Key:     fmt.Sprintf("default/CN%09d", i),
		Vectors: map[string][]float32{"text": t.vector(r, topic, 10, 4), "title": t.vector(r, topic, 5, 2.5)},
		Payload: match.Payload{
			Tokens: map[string][]string{
				match.FieldTenant:      {"default"},
				match.FieldPool:        {fmt.Sprint(r.IntN(100))}, // 1 % each
				match.FieldTier:        {fmt.Sprint(r.IntN(10))},  // 10 % each
				match.FieldLegalStatus: {[]string{"granted", "pending", "expired"}[r.IntN(3)]},
				match.FieldRegion:      {"44", fmt.Sprintf("44%02d", r.IntN(20))},
				match.FieldIPC:         {"H", "H01", "H01M", fmt.Sprintf("H01M %d", topic%5000)},
			},
			Numbers: map[string]int64{match.FieldExpiryDate: 20200101 + int64(r.IntN(20))*10000, match.FieldFee: int64(r.IntN(1 << 20))},
		},
	}
}

// demand draws a query's vector: other words on a topic of the patents.
func (t *texts) demand(i, n int) []float32 {
	r := rand.New(rand.NewPCG(uint64(i), 2))
	return t.vector(r, r.IntN(topicsOf(n)), 10, 3)
}

func normalised(v []float32) []float32 {
	square := 0.0
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return v
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(square))
	}
	return v
}

var benchSpec = index.Spec{Collection: "patents", Model: "bench", Dim: 256, Vectors: []string{"text", "title"}}

var benchFilters = []struct {
	name       string
	conditions []match.Condition
}{
	{"no filter", nil},
	{"10 % filter", pool(match.FieldTier, "3")},
	{"1 % filter", pool(match.FieldPool, "7")},
	{"usual filter", usual},
}

var usual = []match.Condition{ // about half of all, by three conditions
	{Field: match.FieldTenant, AnyOf: []string{"default"}},
	{Field: match.FieldLegalStatus, NoneOf: []string{"expired"}},
	{Field: match.FieldExpiryDate, Min: new(int64(20250101)), OrAbsent: true},
}

func pool(field, token string) []match.Condition {
	return []match.Condition{{Field: field, AnyOf: []string{token}}}
}

func parallel(n int, do func(i int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				do(i)
			}
		})
	}
	wg.Wait()
}
