package catalog

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// written is what pages read from: the numbers of a store's changes.
type written struct {
	mu    sync.Mutex
	last  int64
	fails int // how many reads fail before one does not
	reads int
}

func (w *written) read(_ context.Context, after int64) (out []change, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads++
	if w.fails > 0 {
		w.fails--
		return nil, errors.New("the store is busy")
	}
	for n := after + 1; n <= min(w.last, after+batchSize); n++ {
		out = append(out, change{Record: &match.Record{Seq: n}})
	}
	return out, nil
}

func (w *written) set(last int64, fails int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.fails = last, fails
}

// pageAfter checks that the page after a number begins behind it and has so many changes.
func pageAfter(t *testing.T, p *pages, after int64, want int) {
	t.Helper()
	page, err := p.next(context.Background(), after)
	if err != nil || len(page) != want {
		t.Fatalf("%d changes after %d, %v; want %d", len(page), after, err, want)
	}
	for i, c := range page {
		if c.Seq != after+1+int64(i) {
			t.Fatalf("change %d after %d is number %d", i, after, c.Seq)
		}
	}
}

func TestPagesReadAheadGiveEveryChangeOnceAndInOrder(t *testing.T) {
	w := &written{last: 2*batchSize + 7}
	p := &pages{read: w.read}
	defer p.close()
	pageAfter(t, p, 0, batchSize)
	pageAfter(t, p, batchSize, batchSize)
	pageAfter(t, p, 2*batchSize, 7)
	if w.reads != 3 {
		t.Errorf("%d reads for three pages", w.reads)
	}
	pageAfter(t, p, 2*batchSize+7, 0)
	w.set(2*batchSize+9, 0)
	pageAfter(t, p, 2*batchSize+7, 2)
}

func TestAPageThatIsAskedForAgainIsNotTheOneReadAhead(t *testing.T) {
	w := &written{last: 3 * batchSize}
	p := &pages{read: w.read}
	defer p.close()
	pageAfter(t, p, 0, batchSize)
	pageAfter(t, p, 0, batchSize) // applying it has failed
	pageAfter(t, p, batchSize, batchSize)
}

func TestWhatCameAfterAnEmptyPageWasReadAheadIsFound(t *testing.T) {
	w := &written{last: batchSize}
	p := &pages{read: w.read}
	defer p.close()
	pageAfter(t, p, 0, batchSize)
	p.ahead <- <-p.ahead // it has been read: nothing was there
	w.set(batchSize+1, 0)
	pageAfter(t, p, batchSize, 1)
}

func TestAReadAheadThatFailsIsTriedAgain(t *testing.T) {
	w := &written{last: batchSize + 1}
	p := &pages{read: w.read}
	defer p.close()
	p.after, p.ahead = batchSize, make(chan []change, 1)
	p.ahead <- nil
	w.set(batchSize+1, 1)
	if _, err := p.next(context.Background(), batchSize); err == nil {
		t.Error("the error of the second read is lost")
	}
	pageAfter(t, p, batchSize, 1)
}
