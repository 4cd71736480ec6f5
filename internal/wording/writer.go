package wording

import (
	"context"
	"fmt"
	"sync"
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

const (
	defaultHits = 10
	parallel    = 4 // requests on their way at once
)

// Write adds wording to the explanations of the first hits. What it returns says why there
// is none, for match.Answer.Degraded; each reason once.
func (w *Writer) Write(ctx context.Context, hits []match.Hit) (degraded []string) {
	most := w.Hits
	if most == 0 {
		most = defaultHits
	}
	hits = hits[:min(len(hits), most)]
	reasons := make([]string, len(hits))
	limit := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i := range hits {
		if hits[i].Explanation == nil {
			continue
		}
		limit <- struct{}{}
		wg.Go(func() {
			defer func() { <-limit }()
			reasons[i] = w.word(ctx, hits[i].Explanation)
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, r := range reasons {
		if r != "" && !seen[r] {
			seen[r] = true
			degraded = append(degraded, "wording: "+r)
		}
	}
	return degraded
}

// word adds wording to one explanation, or says why not.
func (w *Writer) word(ctx context.Context, x *match.Explanation) string {
	spans := spansOf(x)
	if len(spans) == 0 {
		return ""
	}
	w.asked.Add(1)
	answer, err := w.Asker.Ask(ctx, instructions, dataOf(spans, x))
	w.tokens.Add(int64(answer.Tokens))
	if err != nil {
		return err.Error()
	}
	sentences, dropped, err := read(answer.Text, spans)
	w.kept.Add(int64(len(sentences)))
	w.dropped.Add(int64(dropped))
	if err != nil {
		return err.Error()
	}
	if len(sentences) == 0 && dropped > 0 {
		return fmt.Sprintf("none of %d sentences cites what it says", dropped)
	}
	x.Wording = sentences
	return ""
}
