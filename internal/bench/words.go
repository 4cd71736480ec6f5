package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
)

// WordResult is what was measured of the index of words.
type WordResult struct {
	Filled         Filled       `json:"filled"`
	AnonymousBytes int64        `json:"anonymous_bytes,omitempty"`
	Searches       []WordSearch `json:"searches"`
	// MeanCharacters is the length of the demands that are asked.
	MeanCharacters float64 `json:"mean_query_characters"`
}

// WordSearch is what was measured of searches for fifty hits with one filter.
type WordSearch struct {
	Filter  string  `json:"filter"`
	Latency Latency `json:"latency"`
	// Full is the latency where every term of the query is evaluated, and Overlap the
	// share of what that finds which the usual search finds, ties counting as found.
	Full    Latency `json:"full"`
	Overlap float64 `json:"overlap_at_50"`
}

// flushEach is after how many documents words are flushed, about as an import does it.
const flushEach = 10 * batch

func (s Search) words(ctx context.Context, c *catalog, dir string, asked []*match.Record, progress func(done int)) (_ *WordResult, err error) {
	out := &WordResult{}
	if out.Filled, err = fillWords(ctx, c, dir, progress); err != nil {
		return nil, err
	}
	start := time.Now()
	x, err := segment.Open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, x.Close(), os.RemoveAll(dir)) }()
	out.Filled.OpenSeconds = time.Since(start).Seconds()
	queries := make([]lexical.Query, len(asked))
	for i, r := range asked {
		queries[i] = lexical.Query{Text: r.Texts().Full(), Limit: depths[1]}
		out.MeanCharacters += float64(len([]rune(queries[i].Text))) / float64(len(asked))
	}
	for _, a := range searches[:2] {
		for i := range queries {
			queries[i].Conditions = a.conditions
		}
		found, err := searchWords(ctx, x, queries)
		if err != nil {
			return nil, err
		}
		found.Filter = a.filter
		out.Searches = append(out.Searches, found)
	}
	out.AnonymousBytes = settledMemory()
	return out, nil
}

func fillWords(ctx context.Context, c *catalog, dir string, progress func(done int)) (f Filled, err error) {
	end, before := peak(), processor()
	defer func() { f.PeakAnonymousBytes, f.ProcessorSeconds = end(), (processor() - before).Seconds() }()
	x, err := segment.Open(dir)
	if err != nil {
		return f, err
	}
	var took time.Duration
	done := 0
	err = c.each(ctx, func(_ []index.Point, records []*match.Record) error {
		docs := make([]lexical.Doc, len(records))
		for i, r := range records {
			docs[i] = lexical.Doc{Key: r.Key(), Text: r.Texts().Full(), Payload: r.Payload()}
		}
		start := time.Now()
		err := x.Upsert(ctx, docs)
		done += len(docs)
		if err == nil && (done%flushEach == 0 || done == c.size) {
			err = x.Flush(ctx, int64(done))
		}
		took += time.Since(start)
		progress(done)
		return err
	})
	f.IngestSeconds = took.Seconds()
	start := time.Now()
	err = errors.Join(err, x.Settle())
	f.BuildSeconds = time.Since(start).Seconds()
	if err = errors.Join(err, x.Close()); err != nil {
		return f, err
	}
	f.DiskBytes, err = sizeOf(dir)
	return f, err
}

func searchWords(ctx context.Context, x lexical.Index, queries []lexical.Query) (out WordSearch, err error) {
	var lists [2][][]lexical.Hit
	for i, into := range []*Latency{&out.Latency, &out.Full} {
		lists[i] = make([][]lexical.Hit, len(queries))
		*into, err = latency(ctx, len(queries), func(n int) error {
			q := queries[n]
			q.Exact = i == 1
			hits, err := x.Search(ctx, q)
			lists[i][n] = hits
			return err
		})
		if err != nil {
			return out, fmt.Errorf("searching: %w", err)
		}
	}
	found, all := 0, 0
	for n, full := range lists[1] {
		all += len(full)
		for _, hit := range lists[0][n][:min(len(full), len(lists[0][n]))] {
			if hit.Score >= full[len(full)-1].Score {
				found++
			}
		}
	}
	out.Overlap = 1
	if all > 0 {
		out.Overlap = float64(found) / float64(all)
	}
	return out, nil
}
