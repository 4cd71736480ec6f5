package contender

import (
	"context"
	"strconv"
	"sync"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
)

// bm25 scores with the word index that serves requests.
func bm25(ctx context.Context, d *evaluation.Dataset) (evaluation.Scorer, error) {
	words := bigram.New()
	docs := make([]lexical.Doc, 0, embedBatch)
	for i := range int32(d.Documents()) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		docs = append(docs, lexical.Doc{Key: strconv.Itoa(int(i)), Text: documentTexts(d, i).Full()})
		if len(docs) == embedBatch || int(i) == d.Documents()-1 {
			if err := words.Upsert(ctx, docs); err != nil {
				return nil, err
			}
			docs = docs[:0]
		}
	}
	rows := rowCache[[]float64]{rows: map[int32][]float64{}}
	return func(q, doc int32) (float64, error) {
		row, err := rows.get(q, func() ([]float64, error) { return searchAll(ctx, d, words, q) })
		if err != nil {
			return 0, err
		}
		return row[doc], nil
	}, nil
}

// searchAll gives the score of every document for a query.
func searchAll(ctx context.Context, d *evaluation.Dataset, words *bigram.Index, q int32) ([]float64, error) {
	row := make([]float64, d.Documents())
	hits, err := words.Search(ctx, lexical.Query{Text: queryTexts(d, q).Full(), Limit: len(row)})
	if err != nil {
		return nil, err
	}
	for _, h := range hits {
		i, err := strconv.Atoi(h.Key)
		if err != nil {
			return nil, err
		}
		row[i] = h.Score
	}
	return row, nil
}

// rowCache keeps the scores of the queries that are being ranked: each is asked
// for all its documents in one go.
type rowCache[R any] struct {
	mu    sync.Mutex
	rows  map[int32]R
	order []int32 // of insertion
}

const maxRows = 64

func (c *rowCache[R]) get(q int32, compute func() (R, error)) (R, error) {
	c.mu.Lock()
	row, ok := c.rows[q]
	c.mu.Unlock()
	if ok {
		return row, nil
	}
	row, err := compute()
	if err != nil {
		return row, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows[q] = row
	if c.order = append(c.order, q); len(c.order) > maxRows {
		delete(c.rows, c.order[0])
		c.order = c.order[1:]
	}
	return row, nil
}
