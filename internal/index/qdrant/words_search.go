package qdrant

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/tally"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// wordQuery is a text, and what the statistics say of its terms at one moment.
type wordQuery struct {
	keys    []uint64 // distinct, in the order of their first places
	texts   []string // of the terms
	place   map[uint64]int
	docs    []int // that have the term
	idf     []float64
	n       int     // documents
	average float64 // their length
	// excess is how much more than its weight, made with an earlier mean length, a
	// term may contribute: at least 1.
	excess float64
}

func (w *Words) newQuery(s string) (*wordQuery, error) {
	q := &wordQuery{place: map[uint64]int{}, excess: 1}
	text.Each(s, func(term []rune, _ int) {
		key := lexical.Key(term)
		if _, ok := q.place[key]; !ok {
			q.place[key] = len(q.keys)
			q.keys, q.texts = append(q.keys, key), append(q.texts, string(term))
		}
	})
	q.docs, q.idf = make([]int, len(q.keys)), make([]float64, len(q.keys))
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := w.stats.unusable; err != nil {
		return nil, w.fail(match.Unavailable, "the process that writes makes its statistics again", err)
	}
	table, h := w.stats.table, w.stats.head
	q.n, q.average = table.Texts(), float64(table.Length())/float64(table.Texts())
	for i, key := range q.keys {
		if q.docs[i] = table.Having(key); q.docs[i] > 0 {
			q.idf[i] = lexical.IDF(q.n, q.docs[i])
		}
	}
	if h.levels {
		q.excess = max(1, q.average/lengthOf(h.lowest))
	}
	return q, nil
}

// sparse is the query as Qdrant gets it, of the terms at places. Of terms whose
// dimensions coincide the larger idf counts, so that no score is below the true one.
func (q *wordQuery) sparse(places []int) *qdrant.Query {
	all := make([]weight, len(places))
	for i, at := range places {
		all[i] = weight{dimensionOf(q.keys[at]), float32(q.idf[at])}
	}
	dimensions, values := merged(all, func(a, b float32) float32 { return max(a, b) })
	return qdrant.NewQuerySparse(dimensions, values)
}

// rescored is a document with its score in full.
type rescored struct {
	lexical.Hit
	times []uint32 // by place, how often it has the term
	norm  float64
}

// score scores a document in full, in the order of additions of package segment.
func (q *wordQuery) score(key string, t *tally.Terms) rescored {
	r := rescored{Hit: lexical.Hit{Key: key, QueryTerms: len(q.keys), DocTerms: len(t.Keys)}, times: make([]uint32, len(q.keys))}
	t.Each(func(key uint64, times uint32) {
		if at, ok := q.place[key]; ok {
			r.times[at] = times
			r.Shared++
		}
	})
	r.norm = lexical.Norm(t.Length, q.average)
	for i, times := range r.times {
		if times > 0 {
			r.Score += r.contribution(q, i, times)
		}
	}
	return r
}

func (r *rescored) contribution(q *wordQuery, place int, times uint32) float64 {
	return float64(q.idf[place] * lexical.Saturation(times, r.norm))
}

// Search implements lexical.Index.
func (w *Words) Search(ctx context.Context, in lexical.Query) ([]lexical.Hit, error) {
	if in.Limit < 1 {
		return nil, match.Invalidf("limit", "%d is less than 1", in.Limit)
	}
	filter, err := translate(in.Conditions)
	if err != nil {
		return nil, match.About("query", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, w.fail(match.Canceled, "search", err)
	}
	q, err := w.newQuery(in.Text)
	if err != nil {
		return nil, err
	}
	places, all := lexical.Telling(q.docs, q.n, lexical.TellingAlways, in.Exact)
	if len(places) == 0 {
		return nil, nil
	}
	s := wordSearch{Words: w, wordQuery: q, places: places, all: all, limit: in.Limit, exact: in.Exact, filter: filter}
	return s.run(ctx)
}

// wordSearch is one search, which may take several calls.
type wordSearch struct {
	*Words
	*wordQuery
	places []int
	all    bool // places are those of all terms that documents have
	limit  int
	exact  bool
	filter *qdrant.Filter
	fetch  int // candidates to ask for
}

func (s *wordSearch) run(ctx context.Context) ([]lexical.Hit, error) {
	if s.limit > largeLimit {
		n, err := s.count(ctx, s.filter)
		if err != nil {
			return nil, err
		}
		s.limit = min(s.limit, n+1) // the one more shows that there are no more
	}
	most := lexical.Candidates(s.limit)
	s.fetch = s.limit + spare
	if !s.all {
		s.fetch = most
	}
	for {
		found, err := s.candidates(ctx)
		if err != nil {
			return nil, err
		}
		hits, err := s.rescore(found)
		if err != nil {
			return nil, err
		}
		if !s.all || s.settled(found, hits) || !s.exact && s.fetch >= most {
			return hits[:min(s.limit, len(hits))], nil
		}
		s.fetch *= 2
	}
}

// candidates returns the best documents in the server's opinion, best first.
func (s *wordSearch) candidates(ctx context.Context) ([]*qdrant.ScoredPoint, error) {
	request := &qdrant.QueryPoints{
		CollectionName: s.collection,
		Query:          s.sparse(s.places),
		Using:          qdrant.PtrOf(termsVector),
		Filter:         s.filter,
		Limit:          qdrant.PtrOf(uint64(s.fetch)),
		WithVectors:    qdrant.NewWithVectorsEnable(false),
		WithPayload:    qdrant.NewWithPayloadInclude(keyField, termsField, goneField),
	}
	return call(ctx, &s.remote, "search", func(ctx context.Context, c *qdrant.Client) ([]*qdrant.ScoredPoint, error) {
		return c.Query(ctx, request)
	})
}

// rescore gives the candidates their scores and order. Those that share no term, but a
// dimension, are none; nor are those that were deleted while the server found them.
func (s *wordSearch) rescore(found []*qdrant.ScoredPoint) ([]lexical.Hit, error) {
	hits := make([]lexical.Hit, 0, len(found))
	for _, p := range found {
		if p.GetPayload()[goneField] != nil {
			continue
		}
		key, terms, err := keyAndTerms(p.GetPayload())
		if err != nil {
			return nil, s.fail(match.Corrupt, "search", err)
		}
		if r := s.score(key, &terms); r.Shared > 0 {
			hits = append(hits, r.Hit)
		}
	}
	slices.SortFunc(hits, func(a, b lexical.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key))
	})
	return hits, nil
}

// settled tells whether no document that was not fetched can be among the hits: the
// server scores it no better than the last one fetched, which is less than its score by
// no more than excess and rounding.
func (s *wordSearch) settled(found []*qdrant.ScoredPoint, hits []lexical.Hit) bool {
	if len(found) < s.fetch {
		return true
	}
	if len(hits) < s.limit {
		return false
	}
	last := float64(found[len(found)-1].GetScore())
	return hits[s.limit-1].Score > last*s.excess*(1+sumRounding(len(s.places)))
}

// sumRounding bounds the relative error of a float32 sum of n products of numbers that
// are not negative, each of which was rounded as well (Higham, Accuracy and Stability,
// §3.1 and §4.2).
func sumRounding(n int) float64 { return 1.01 * float64(n+4) / (1 << 24) }

func keyAndTerms(payload map[string]*qdrant.Value) (string, tally.Terms, error) {
	key, err := keyOf(payload)
	if err != nil {
		return "", tally.Terms{}, err
	}
	raw, err := decodeBytes(payload[termsField])
	if err != nil {
		return "", tally.Terms{}, fmt.Errorf("point %q: %w", key, err)
	}
	terms, err := tally.Decode(raw)
	if err != nil {
		return "", tally.Terms{}, fmt.Errorf("point %q: %w", key, err)
	}
	return key, terms, nil
}
