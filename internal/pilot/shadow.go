package pilot

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// Shadows has challengers score what was answered, one answer at a time and beside the
// path of the requests, and writes down what would have differed.
type Shadows struct {
	store store.Shadows
	log   *slog.Logger
	queue chan observed
	stop  chan struct{}
	ended sync.WaitGroup

	Observed, Dropped, Failed atomic.Int64
}

// observed is an answer that a challenger is to order as well.
type observed struct {
	pilot, request string
	challenger     rank.Ranker
	second         retrieve.Second
}

// shadowQueue is how many answers may wait; each holds up to 200 records.
const shadowQueue = 64

// Counts tells what became of the answers that were to be looked at.
func (s *Shadows) Counts() (observed, dropped, failed int64) {
	return s.Observed.Load(), s.Dropped.Load(), s.Failed.Load()
}

// Difference is what a challenger would have changed in an answer.
type Difference struct {
	// Overlap is the share of the first ten hits that both have.
	Overlap float64 `json:"overlap_at_10"`
	// RBO is rank-biased overlap with p = 0.9 over all candidates, from 0 to 1 (Webber,
	// Moffat and Zobel, A Similarity Measure for Indefinite Rankings, TOIS 2010).
	RBO float64 `json:"rbo"`
	// First tells whether both have the same first hit.
	First bool `json:"same_first"`
	// Milliseconds is what the challenger took for all candidates.
	Milliseconds float64 `json:"ms"`
	// Champion and Challenger are the models.
	Champion   string `json:"champion"`
	Challenger string `json:"challenger"`
}

// NewShadows begins to work; Close ends it.
func NewShadows(s store.Shadows, log *slog.Logger) *Shadows {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	out := &Shadows{store: s, log: log, queue: make(chan observed, shadowQueue), stop: make(chan struct{})}
	out.ended.Go(out.run)
	return out
}

// take queues an answer, or drops it where there is no room.
func (s *Shadows) take(o observed) {
	select {
	case <-s.stop:
		s.Dropped.Add(1)
	case s.queue <- o:
	default:
		s.Dropped.Add(1)
	}
}

func (s *Shadows) run() {
	for {
		select {
		case <-s.stop:
			for {
				select {
				case o := <-s.queue:
					s.observe(o)
				default:
					return
				}
			}
		case o := <-s.queue:
			s.observe(o)
		}
	}
}

// observe compares and writes down. A challenger that panics harms nobody else.
func (s *Shadows) observe(o observed) {
	defer func() {
		if p := recover(); p != nil {
			s.Failed.Add(1)
			s.log.Error("a challenger panicked", "pilot", o.pilot, "request_id", o.request, "panic", p)
		}
	}()
	began := time.Now()
	theirs := o.second.By(o.challenger)
	d := differ(o.second.Live(), theirs)
	d.Milliseconds = float64(time.Since(began).Microseconds()) / 1000
	d.Champion, d.Challenger = o.second.Answer.Versions.Ranker, o.challenger.Identity()
	body, err := json.Marshal(d)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err = s.store.PutShadows(ctx, []store.Shadow{{Pilot: o.pilot, Request: o.request, At: time.Now(), Body: body}})
	}
	if err != nil {
		s.Failed.Add(1)
		s.log.Error("an observation could not be written", "pilot", o.pilot, "request_id", o.request, "error", err)
		return
	}
	s.Observed.Add(1)
}

// persistence is p of rank-biased overlap: the first ten ranks have 86 % of the weight.
const persistence = 0.9

// differ compares two orders of the same candidates.
func differ(live, theirs []retrieve.Ordered) Difference {
	var d Difference
	seen := map[match.Ref]int{} // in how many of the two, down to this depth
	shared, weight := 0, 1-persistence
	for i := range live {
		for _, ref := range []match.Ref{live[i].Ref, theirs[i].Ref} {
			if seen[ref]++; seen[ref] == 2 {
				shared++
			}
		}
		d.RBO += weight * float64(shared) / float64(i+1)
		weight *= persistence
		if i == 9 || i < 9 && i+1 == len(live) {
			d.Overlap = float64(shared) / float64(i+1)
		}
	}
	if n := len(live); n > 0 {
		d.First = live[0].Ref == theirs[0].Ref
		d.RBO /= 1 - math.Pow(persistence, float64(n)) // 1 for equal orders, however short
	}
	return d
}

// Close looks at what is queued, and ends.
func (s *Shadows) Close() error {
	close(s.stop)
	s.ended.Wait()
	return nil
}
