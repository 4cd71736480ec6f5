package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// candidate is a record that was nominated and scored.
type candidate struct {
	record   *match.Record
	vectors  rank.Vectors
	prepared rank.Prepared
	kept     bool // prepared of vectors that belong to this revision
	logit    float64
	twoSided *match.TwoSidedFit // where it was needed for the order
	// ranks are the places in the lists of the legs that nominated it
	ranks map[match.LegName]int
	// words is the BM25 score
	words float64

	ordering *match.Ordering // where hits were re-ranked

	search *search // that scores it, where that is another one than the request's
	team   string

	// step is that of broadening which let it in, 0 where it meets the filter, and unmet the
	// fields that it does not meet.
	step    int
	unmet   []string
	gone    bool     // hidden since the list was made that it is read from
	placing *placing // in the list of a request with a shape; nil otherwise
}

// known is what the indexes know of a nominated key.
type known struct {
	key     string
	words   lexical.Hit
	vectors rank.Vectors
	first   float64 // logit of the first pass
}

// ranking nominates, reads and scores the candidates, and orders them: the best one
// first, equal ones by id.
func (s *search) ranking(ctx context.Context) ([]*candidate, error) {
	if err := s.embedQuery(ctx); err != nil {
		return nil, err
	}
	if err := s.makeMoving(ctx); err != nil {
		return nil, err
	}
	if behind := s.side.Behind; behind != nil {
		if done, total := behind(); done < total {
			s.degraded = append(s.degraded, fmt.Sprintf("vectors: made up to write %d of %d; later records are found by their words alone", done, total))
		}
	}
	out, err := s.candidates(ctx)
	if err != nil {
		return nil, err
	}
	if out, err = s.broaden(ctx, out); err != nil {
		return nil, err
	}
	s.sort(out)
	return out, nil
}

// candidates nominates, reads and scores, in no order.
func (s *search) candidates(ctx context.Context) ([]*candidate, error) {
	nominated, err := s.nominate(ctx)
	if err != nil {
		return nil, err
	}
	s.nominated = nominated
	applied := s.side.Applied() // before the vectors are read, which may be newer then, not older
	firsts, err := s.firstPass(ctx, nominated)
	if err != nil {
		return nil, err
	}
	out, err := s.read(ctx, firsts, applied)
	if err != nil {
		return nil, err
	}
	sideBySide(len(out), func(i int) {
		c := out[i]
		c.prepared = s.engine.prepare(s.ranker, c.record, c.vectors, c.kept)
		c.logit = s.ranker.Logit(s.pair(s.prepared, c.prepared))
	})
	for _, c := range out {
		c.ranks = nominated[c.record.Key()]
	}
	return out, nil
}

// firstPass measures the nominated keys by what the indexes know, and keeps the best
// MaxDepth: an order that does not depend on the legs, the filter or the page.
func (s *search) firstPass(ctx context.Context, nominated nominations) ([]known, error) {
	keys := make([]string, 0, len(nominated))
	for k := range nominated {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out, err := s.measure(ctx, keys)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b known) int { return cmp.Or(cmp.Compare(b.first, a.first), cmp.Compare(a.key, b.key)) })
	s.firsts = out
	return out[:min(len(out), match.MaxDepth)], nil
}

// measure compares the query with the keys by what the indexes know, in their order.
func (s *search) measure(ctx context.Context, keys []string) ([]known, error) {
	var words []lexical.Hit
	var vectors []rank.Vectors
	var both errgroup.Group
	both.Go(func() (err error) {
		words, err = s.wordHits(ctx, keys)
		return err
	})
	both.Go(func() (err error) {
		vectors, err = s.storedVectors(ctx, keys)
		return err
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	out := make([]known, len(keys))
	for i, k := range keys {
		title, text := rank.Cosines(s.vectors.Title, vectors[i].Title, s.vectors.Text, vectors[i].Text)
		out[i] = known{key: k, words: words[i], vectors: vectors[i], first: rank.FirstPass(rank.Features{
			Title: title, Text: text, Coverage: coverage(s.query.Kind, words[i]),
		})}
	}
	return out, nil
}

// wordHits compares the words of the query with those of the keys, in their order. Those that
// the words nominated were compared then.
func (s *search) wordHits(ctx context.Context, keys []string) ([]lexical.Hit, error) {
	known := make(map[string]lexical.Hit, len(s.byWords))
	for _, h := range s.byWords {
		known[h.Key] = h
	}
	out := make([]lexical.Hit, len(keys))
	var others []string
	var at []int
	for i, key := range keys {
		if h, ok := known[key]; ok {
			out[i] = h
		} else {
			others, at = append(others, key), append(at, i)
		}
	}
	scored, err := s.side.Words.Score(ctx, s.query.Texts().Full(), others)
	if err != nil {
		return nil, fmt.Errorf("comparing words: %w", err)
	}
	for i, h := range scored {
		out[at[i]] = h
	}
	return out, nil
}

// storedVectors are those of the keys, in their order; none where the query has none
// to compare them with, or the index is down.
func (s *search) storedVectors(ctx context.Context, keys []string) ([]rank.Vectors, error) {
	out := make([]rank.Vectors, len(keys))
	if s.vectors.Text == nil {
		return out, nil
	}
	points, err := s.side.Vectors.Vectors(ctx, keys)
	if match.KindOf(err) == match.Unavailable {
		s.degraded = append(s.degraded, "vectors: "+err.Error())
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("comparing vectors: %w", err)
	}
	for i, p := range points {
		out[i] = rank.Vectors{Title: p.Vectors[TitleVector], Text: p.Vectors[TextVector]}
	}
	return out, nil
}

// coverage is the share of the demand's terms that the patent has, whichever of the
// two is the query.
func coverage(query match.Kind, h lexical.Hit) float64 {
	of := h.QueryTerms
	if query == match.PatentKind {
		of = h.DocTerms
	}
	if of == 0 {
		return 0
	}
	return float64(h.Shared) / float64(of)
}

// read gets the records. Those that do not meet the filter any more, in the revision that is
// read, are left out: a store may be ahead of its indexes. applied is the write up to which
// vectors are certain to belong to the newest revision: what rests on others is not kept.
func (s *search) read(ctx context.Context, of []known, applied int64) ([]*candidate, error) {
	refs := make([]match.Ref, len(of))
	for i, k := range of {
		refs[i] = match.RefOfKey(s.target, k.key)
	}
	records, err := s.records(ctx, refs)
	if err != nil {
		return nil, fmt.Errorf("reading the candidates: %w", err)
	}
	out := make([]*candidate, 0, len(of))
	for i, r := range records {
		if !meets(r, s.conditions) {
			continue
		}
		v := of[i].vectors
		out = append(out, &candidate{record: r, vectors: v, words: of[i].words.Score, kept: v.Title != nil && v.Text != nil && r.Seq <= applied})
	}
	return out, nil
}

// fewRecords are read at once; of more, each half by itself, since a store reads them one
// after the other.
const fewRecords = 50

// records reads records by two connections. Of two that are written together, it may see
// one before and one after that.
func (s *search) records(ctx context.Context, refs []match.Ref) ([]*match.Record, error) {
	if len(refs) <= fewRecords {
		return s.engine.Records.Get(ctx, refs)
	}
	var halves [2][]*match.Record
	both, ctx := errgroup.WithContext(ctx)
	for i, part := range [2][]match.Ref{refs[:len(refs)/2], refs[len(refs)/2:]} {
		both.Go(func() (err error) {
			halves[i], err = s.engine.Records.Get(ctx, part)
			return err
		})
	}
	err := both.Wait()
	return append(halves[0], halves[1]...), err
}

// sideBySide calls f with 0 to n−1, on all processors.
func sideBySide(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			f(i)
		}
	}
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}

// prepare takes a record apart, or returns what is kept of it. keep tells whether the
// vectors are those of this very revision.
func (e *Engine) prepare(by rank.Ranker, r *match.Record, v rank.Vectors, keep bool) rank.Prepared {
	key := preparedKey{by.Identity(), r.Ref, r.Revision}
	if keep {
		if p := e.root().prepared.get(key); p != nil {
			return p
		}
	}
	p := by.Prepare(r, v)
	if keep {
		e.root().prepared.put(key, p)
	}
	return p
}

// prepareQuery prepares the query for the ranker, and for the reverse fit. keep tells
// whether it has its vectors.
func (s *search) prepareQuery(keep bool) {
	keep = keep && s.query.ID != ""
	s.prepared = s.engine.prepare(s.ranker, s.query, s.vectors, keep)
	if s.referenced {
		s.placed = s.engine.prepare(s.fusion, s.query, s.vectors, keep)
	}
}

// pair puts the query and a candidate in the order in which a ranker takes them.
func (s *search) pair(query, candidate rank.Prepared) (demand, patent rank.Prepared) {
	if s.query.Kind == match.DemandKind {
		return query, candidate
	}
	return candidate, query
}
