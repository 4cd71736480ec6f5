package retrieve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/rank"
)

// Many matches many stored records of one kind at once.
type Many struct {
	Kind    match.Kind // of the records; hits are of the other one
	Records []*match.Record
	// Conditions are those of a filter of the other kind.
	Conditions []match.Condition
	Limit      int
	// Model is that of match.Request: the ranker that is wanted.
	Model string
	// Depth is how many candidates each search nominates; 0 is that of Match, and it is at
	// least Limit. Fewer cost less and lose hits.
	Depth int
	// VectorsOnly has vectors alone nominate, which costs less and loses hits; the words
	// of a record without vectors nominate all the same.
	VectorsOnly bool
}

// ManyHit is a record that was found, and its score.
type ManyHit struct {
	Ref   match.Ref
	Score match.Score
}

// ManyAnswer is what was found for one record, the best first, equal ones by id.
type ManyAnswer struct {
	Hits []ManyHit
	// Degraded says why vectors did not nominate; words did then.
	Degraded string
}

// manyRead is how many candidates are read at a time.
const manyRead = 500

// MatchMany answers for each record what Match answers, unless m says to nominate fewer
// candidates. Each score is that of ScorePairs and Match. Vectors are read once for all
// records (see index.SearchMany), which finds what the search of a single record may miss
// in an index that is not exact.
func (e *Engine) MatchMany(ctx context.Context, m Many) ([]ManyAnswer, error) {
	b := e.batch(m)
	for _, step := range []func(context.Context) error{b.embed, b.route, b.nominate, b.firstPass, b.score} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("matching %d %ss: %w", len(m.Records), m.Kind, err)
		}
	}
	return b.answers, nil
}

// NearestTexts answers for each record what is nearest to its whole text by the vectors
// alone, and why there is no such answer.
func (e *Engine) NearestTexts(ctx context.Context, m Many) (lists [][]index.Hit, degraded []string, err error) {
	b := e.batch(m)
	if err := b.embed(ctx); err != nil {
		return nil, nil, err
	}
	lists, degraded = make([][]index.Hit, len(m.Records)), make([]string, len(m.Records))
	which, _, text := b.queries(m.Limit)
	got, err := index.SearchMany(ctx, b.side.Vectors, text, 4*b.workers)
	if err != nil {
		return nil, nil, fmt.Errorf("searching by %s: %w", text.Name, err)
	}
	for i, n := range which {
		lists[n] = got[i]
	}
	for i, a := range b.answers {
		degraded[i] = a.Degraded
	}
	return lists, degraded, nil
}

func (e *Engine) batch(m Many) *batch {
	e = e.Live()
	m.Depth = max(cmp.Or(m.Depth, Depth), m.Limit)
	return &batch{
		Many: m, engine: e, target: m.Kind.Other(), side: e.Sides[m.Kind.Other()],
		workers: runtime.GOMAXPROCS(0), answers: make([]ManyAnswer, len(m.Records)),
	}
}

// batch is the work on one MatchMany.
type batch struct {
	Many
	engine  *Engine
	target  match.Kind
	side    Side
	workers int

	vectors []rank.Vectors
	rankers []rank.Ranker // by record
	found   [][]string    // nominated keys by record, then those that are kept
	answers []ManyAnswer
}

// each calls do for all records, some at a time, until one fails.
func (b *batch) each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(b.workers, n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// embed gets the records' vectors: the stored ones where they are certain to be those of
// the record as it is, others from the embedder.
func (b *batch) embed(ctx context.Context) error {
	own, keys := b.engine.Sides[b.Kind], make([]string, len(b.Records))
	applied := own.Applied() // before they are read, which may be newer then, not older
	for i, r := range b.Records {
		keys[i] = r.Key()
	}
	points, err := own.Vectors.Vectors(ctx, keys)
	if err != nil && match.KindOf(err) != match.Unavailable {
		return err
	}
	b.vectors = make([]rank.Vectors, len(b.Records))
	var missing []int
	for i, r := range b.Records {
		if err == nil && r.Seq <= applied && points[i].Vectors[TextVector] != nil && points[i].Vectors[TitleVector] != nil {
			b.vectors[i] = rank.Vectors{Title: points[i].Vectors[TitleVector], Text: points[i].Vectors[TextVector]}
		} else {
			missing = append(missing, i)
		}
	}
	for part := range slices.Chunk(missing, manyRead) {
		if err := b.embedSome(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) embedSome(ctx context.Context, which []int) error {
	records := make([]*match.Record, len(which))
	for i, n := range which {
		records[i] = b.Records[n]
	}
	got, failed, err := EmbedRecords(ctx, b.engine.Embedder, b.Kind, records)
	if err != nil && (ctx.Err() != nil || match.KindOf(err) != match.Unavailable) {
		return fmt.Errorf("embedding: %w", err)
	}
	for i, n := range which {
		switch {
		case err != nil:
			b.answers[n].Degraded = "embedder: " + err.Error()
		case failed[i] != nil:
			b.answers[n].Degraded = "embedder: " + failed[i].Error()
		default:
			b.vectors[n] = got[i]
		}
	}
	return nil
}

// route chooses the ranker of each record, as Match would but for what is tried out.
func (b *batch) route(ctx context.Context) error {
	own, missing := b.engine.lineup(ctx, true)
	if len(missing) > 0 {
		return errors.New(missing[0])
	}
	b.rankers = make([]rank.Ranker, len(b.Records))
	for i, r := range b.Records {
		s := &search{engine: b.engine, query: r, named: true, lineup: own, vectors: b.vectors[i], asked: match.Request{Tenant: r.Tenant, Model: b.Model}}
		if err := s.route(ctx); err != nil {
			return err
		}
		b.rankers[i] = s.ranker
	}
	return nil
}

// queries are the searches by vectors, and the records that have any.
func (b *batch) queries(limit int) (which []int, title, text index.Many) {
	title = index.Many{Name: TitleVector, Conditions: b.Conditions, Limit: limit}
	text = index.Many{Name: TextVector, Conditions: b.Conditions, Limit: limit}
	for i, v := range b.vectors {
		if v.Text != nil {
			which, title.Vectors, text.Vectors = append(which, i), append(title.Vectors, v.Title), append(text.Vectors, v.Text)
		}
	}
	return which, title, text
}

// nominate finds the candidates of all records by their vectors.
func (b *batch) nominate(ctx context.Context) error {
	b.found = make([][]string, len(b.Records))
	which, title, text := b.queries(b.Depth)
	for _, m := range []index.Many{title, text} {
		lists, err := index.SearchMany(ctx, b.side.Vectors, m, 4*b.workers)
		if err != nil {
			return fmt.Errorf("searching by %s: %w", m.Name, err)
		}
		for i, n := range which {
			for _, hit := range lists[i] {
				b.found[n] = append(b.found[n], hit.Key)
			}
		}
	}
	return nil
}

// byWords are the hits that the words of a record nominate.
func (b *batch) byWords(ctx context.Context, i int) ([]lexical.Hit, error) {
	if b.VectorsOnly && b.vectors[i].Text != nil {
		return nil, nil
	}
	hits, err := b.side.Words.Search(ctx, lexical.Query{Text: b.Records[i].Texts().Full(), Conditions: b.Conditions, Limit: b.Depth})
	if err != nil {
		return nil, fmt.Errorf("searching by words: %w", err)
	}
	return hits, nil
}

// firstPass adds what words nominate, one record at a time, since their hits are large, and
// keeps the best candidates of each record by what the indexes know of them.
func (b *batch) firstPass(ctx context.Context) error {
	return b.each(ctx, len(b.Records), func(ctx context.Context, i int) error {
		words, err := b.byWords(ctx, i)
		if err != nil {
			return err
		}
		s := &search{engine: b.engine, query: b.Records[i], target: b.target, side: b.side, vectors: b.vectors[i], byWords: words}
		nominated := nominations{}
		for _, key := range append(b.found[i], keysOf(words, func(h lexical.Hit) string { return h.Key })...) {
			nominated[key] = nil
		}
		known, err := s.firstPass(ctx, nominated)
		if err != nil {
			return err
		}
		if len(s.degraded) > 0 {
			return errors.New(s.degraded[0]) // the whole batch is tried again rather than half compared
		}
		b.found[i] = nil
		for _, k := range known {
			b.found[i] = append(b.found[i], k.key)
		}
		return nil
	})
}

// pairing is a candidate of a record.
type pairing struct {
	key    string
	record int
}

// scored is a candidate with its score.
type scored struct {
	logit float64
	hit   ManyHit
}

// order is that of search.ranking.
func (s scored) order(t scored) int {
	return cmp.Or(cmp.Compare(t.logit, s.logit), cmp.Compare(s.hit.Ref.ID, t.hit.Ref.ID), cmp.Compare(s.hit.Ref.Tenant, t.hit.Ref.Tenant))
}

// podium is the best candidates of a record so far.
type podium struct {
	mu   sync.Mutex
	best quant.Best[scored]
}

// open tells whether a candidate gets in, as far as is known now.
func (p *podium) open(s scored) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.best.Full() || s.order(p.best.Worst()) < 0
}

func (p *podium) add(s scored) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.best.Add(s)
}

// score reads each candidate once for all records that it is a candidate of.
func (b *batch) score(ctx context.Context) error {
	var pairs []pairing
	for i, keys := range b.found {
		for _, key := range keys {
			pairs = append(pairs, pairing{key, i})
		}
	}
	slices.SortFunc(pairs, func(x, y pairing) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.record, y.record)) })
	queries, podiums := make([]rank.Prepared, len(b.Records)), make([]podium, len(b.Records))
	err := b.each(ctx, len(b.Records), func(_ context.Context, i int) error {
		queries[i] = b.rankers[i].Prepare(b.Records[i], b.vectors[i])
		podiums[i].best = quant.Best[scored]{Limit: b.Limit, Worse: func(x, y scored) bool { return x.order(y) > 0 }}
		return nil
	})
	if err != nil {
		return err
	}
	parts := partsOf(pairs)
	err = b.each(ctx, len(parts), func(ctx context.Context, i int) error { return b.scorePart(ctx, parts[i], queries, podiums) })
	if err != nil {
		return err
	}
	for i := range podiums {
		items := podiums[i].best.Items
		slices.SortFunc(items, scored.order)
		for _, s := range items {
			b.answers[i].Hits = append(b.answers[i].Hits, s.hit)
		}
	}
	return nil
}

// partsOf cuts sorted pairs where the key changes, into parts of manyRead keys.
func partsOf(pairs []pairing) (out [][]pairing) {
	keys, from := 0, 0
	for i := range pairs {
		if i > 0 && pairs[i].key == pairs[i-1].key {
			continue
		}
		if keys == manyRead {
			out, keys, from = append(out, pairs[from:i]), 0, i
		}
		keys++
	}
	if from < len(pairs) {
		out = append(out, pairs[from:])
	}
	return out
}

// scorePart reads the candidates of some pairs and scores them.
func (b *batch) scorePart(ctx context.Context, pairs []pairing, queries []rank.Prepared, podiums []podium) error {
	var keys []string
	var refs []match.Ref
	for i, p := range pairs {
		if i == 0 || p.key != pairs[i-1].key {
			keys, refs = append(keys, p.key), append(refs, match.RefOfKey(b.target, p.key))
		}
	}
	records, err := b.engine.Records.Get(ctx, refs)
	if err != nil {
		return fmt.Errorf("reading the candidates: %w", err)
	}
	points, err := b.side.Vectors.Vectors(ctx, keys)
	if err != nil {
		return fmt.Errorf("comparing vectors: %w", err)
	}
	for at := range keys {
		n := 0
		for n < len(pairs) && pairs[n].key == keys[at] {
			n++
		}
		same := pairs[:n]
		pairs = pairs[n:]
		r := records[at]
		if !meets(r, b.Conditions) {
			continue // since it was found
		}
		v := rank.Vectors{Title: points[at].Vectors[TitleVector], Text: points[at].Vectors[TextVector]}
		candidates := map[string]rank.Prepared{} // by ranker; nearly always one
		for _, p := range same {
			ranker := b.rankers[p.record]
			candidate := candidates[ranker.Identity()]
			if candidate == nil {
				candidate = ranker.Prepare(r, v)
				candidates[ranker.Identity()] = candidate
			}
			demand, patent := b.ordered(queries[p.record], candidate)
			s := scored{ranker.Logit(demand, patent), ManyHit{Ref: refs[at]}}
			if podiums[p.record].open(s) {
				s.hit.Score = ranker.Score(demand, patent)
				podiums[p.record].add(s)
			}
		}
	}
	return nil
}

// ordered puts a record and a candidate in the order in which a ranker takes them.
func (b *batch) ordered(query, candidate rank.Prepared) (demand, patent rank.Prepared) {
	if b.Kind == match.DemandKind {
		return query, candidate
	}
	return candidate, query
}
