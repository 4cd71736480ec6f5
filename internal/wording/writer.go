package wording

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/match"
)

// Writer puts explanations into sentences. It is safe for concurrent use.
type Writer struct {
	Asker chat.Asker
	// Hits is how many of the first hits of an answer are worded; 0 is 10.
	Hits int

	asked, tokens, kept, dropped atomic.Int64
}

// Usage is what a Writer asked and got since it was made.
type Usage struct{ Requests, Tokens, Kept, Dropped int64 }

// Usage tells what was asked so far.
func (w *Writer) Usage() Usage {
	return Usage{w.asked.Load(), w.tokens.Load(), w.kept.Load(), w.dropped.Load()}
}

const defaultHits = 10

// Write adds wording to the explanations of the first hits. What it returns says why there
// is none, for match.Answer.Degraded; each reason once.
func (w *Writer) Write(ctx context.Context, hits []match.Hit) (degraded []string) {
	hits = hits[:min(len(hits), cmp.Or(w.Hits, defaultHits))]
	return chat.Each("wording", len(hits), func(i int) error {
		if hits[i].Explanation == nil {
			return nil
		}
		return w.word(ctx, hits[i].Explanation)
	})
}

// word adds wording to one explanation.
func (w *Writer) word(ctx context.Context, x *match.Explanation) error {
	spans := spansOf(x)
	if len(spans) == 0 {
		return nil
	}
	w.asked.Add(1)
	answer, err := w.Asker.Ask(ctx, instructions, dataOf(spans, x))
	w.tokens.Add(int64(answer.Tokens))
	if err != nil {
		return err
	}
	sentences, dropped, err := read(answer.Text, spans)
	w.kept.Add(int64(len(sentences)))
	w.dropped.Add(int64(dropped))
	if err != nil {
		return err
	}
	if len(sentences) == 0 && dropped > 0 {
		return fmt.Errorf("none of %d sentences cites what it says", dropped)
	}
	x.Wording = sentences
	return nil
}
