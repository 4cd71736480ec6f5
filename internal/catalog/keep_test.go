package catalog

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/duijie/duijie/internal/lexical"
)

// handedWords flush when they are told how that ends.
type handedWords struct {
	lexical.Index
	begun chan int64
	ends  chan error
}

func (w handedWords) Flush(_ context.Context, mark int64) error {
	w.begun <- mark
	return <-w.ends
}

func TestWordsAreFlushedBehindTheChanges(t *testing.T) {
	ctx, w := t.Context(), handedWords{begun: make(chan int64, 1), ends: make(chan error, 1)}
	f := &follower{words: w, log: slog.New(slog.DiscardHandler)}
	keep := func(worded int64) error {
		f.worded = worded
		return f.keepBehind(ctx)
	}
	begun := func(want int64) {
		t.Helper()
		if mark := <-w.begun; mark != want {
			t.Fatalf("a flush with the mark %d, want %d", mark, want)
		}
	}
	if err := keep(keepBusy - 1); err != nil || f.keeping != nil {
		t.Fatalf("%v; a few changes are flushed already", err)
	}
	if err := keep(keepBusy); err != nil {
		t.Fatal(err)
	}
	begun(keepBusy)
	if err := keep(2*keepBusy + 1); err != nil || f.wordsKept != 0 {
		t.Fatalf("%v; %d changes are kept though the flush goes on", err, f.wordsKept)
	}
	w.ends <- nil
	if err := keep(keepMost); err != nil || f.wordsKept != keepBusy { // waits for it
		t.Fatalf("%v; %d changes are kept", err, f.wordsKept)
	}
	begun(keepMost)
	full := errors.New("the disk is full")
	w.ends <- full
	if err := keep(2 * keepMost); !errors.Is(err, full) || f.wordsKept != keepBusy {
		t.Fatalf("%v; %d changes are kept after a flush that failed", err, f.wordsKept)
	}
	w.ends <- nil
	if err := f.keepWords(ctx, keepEvery); err != nil || f.wordsKept != 2*keepMost {
		t.Fatalf("%v; %d changes are kept", err, f.wordsKept)
	}
	begun(2 * keepMost)
}

func TestAFlushBehindThatFailedIsTriedAgainAtTheEnd(t *testing.T) {
	w := handedWords{begun: make(chan int64, 2), ends: make(chan error, 2)}
	f := &follower{words: w, log: slog.New(slog.DiscardHandler), worded: keepBusy}
	if err := f.keepBehind(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.ends <- errors.New("the disk is full")
	w.ends <- nil
	if err := f.keepWords(t.Context(), 1); err != nil || f.wordsKept != keepBusy {
		t.Fatalf("%v; %d changes are kept", err, f.wordsKept)
	}
}
