package archive

import (
	"context"
	"slices"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// run writes until Close, and then what is left.
func (a *Archive) run() {
	defer close(a.ended)
	tick := time.NewTicker(a.config.Every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-a.wake:
		case <-a.stop:
			for a.write() {
			}
			return
		}
		for a.write() {
		}
		a.forgetOld()
	}
}

// write writes one batch and tells whether there is more. What cannot be written is
// counted as failed, and not tried again: later answers would wait behind it.
func (a *Archive) write() (more bool) {
	a.mu.Lock()
	batch := slices.Clone(a.waiting[:min(len(a.waiting), writeBatch)])
	a.mu.Unlock()
	if len(batch) == 0 {
		return false
	}
	answers := make([]match.Kept, len(batch))
	for i, k := range batch {
		answers[i] = *k
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	err := a.config.Store.KeepAnswers(ctx, answers)
	if err != nil {
		a.config.Log.Error("answers could not be kept", "answers", len(batch), "error", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, k := range batch {
		a.bytes -= sizeOf(k)
		if a.byName[nameOf(k)] == k {
			delete(a.byName, nameOf(k))
		}
	}
	a.waiting = slices.Delete(a.waiting, 0, len(batch))
	if err != nil {
		a.counts.Failed += int64(len(batch))
	} else {
		a.counts.Kept += int64(len(batch))
	}
	return len(a.waiting) > 0
}

// forgetOld takes away, now and then, what is too old or too many: one batch at a time,
// so that writers in between do not wait.
func (a *Archive) forgetOld() {
	now := a.config.Now()
	if now.Before(a.forget) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	n, err := a.config.Store.ForgetAnswers(ctx, now.Add(-a.config.Age), a.config.Most, forgetBatch)
	if err != nil {
		a.config.Log.Error("old answers could not be forgotten", "error", err)
	}
	a.mu.Lock()
	a.counts.Forgotten += int64(n)
	a.mu.Unlock()
	if n < forgetBatch {
		a.forget = now.Add(forgetEvery)
	}
}
