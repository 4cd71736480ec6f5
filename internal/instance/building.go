package instance

import (
	"context"
	"errors"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed"
)

// building makes the vectors of a model beside those of the live one, which goes on
// answering, and puts it in that one's place when they are complete.
type building struct {
	target embed.Embedder
	models Models // what is so while it is under way
	cancel context.CancelFunc
	ended  chan struct{} // closed when it has taken over or was halted
	took   bool          // it has taken over; to be read when it has ended
}

// start begins to build m.Next, which is noted before: the next start of the program
// goes on with it. Where the model cannot be opened, that is noted, and the error.
func (s *succession) start(ctx context.Context, m Models) error {
	target, err := s.openModel(ctx, m.Next)
	if err != nil {
		m.Problem = err.Error()
		s.config.Log.Error("the model that is to answer cannot be opened", "live", m.Live, "next", m.Next, "error", err)
		return s.note(m)
	}
	if err := s.note(m); err != nil {
		return err
	}
	s.config.Log.Warn("another model answers until the vectors of the next one are made", "live", m.Live, "next", m.Next)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b := &building{target: target, models: m, cancel: cancel, ended: make(chan struct{})}
	s.mu.Lock()
	s.job = b
	s.mu.Unlock()
	go func() {
		defer close(b.ended)
		s.build(ctx, b)
	}()
	return nil
}

// build tries until the model has taken over or ctx ends.
func (s *succession) build(ctx context.Context, b *building) {
	for ctx.Err() == nil {
		err := s.run(ctx, b)
		if b.took = err == nil; b.took || ctx.Err() != nil {
			return
		}
		s.config.Log.Error("building the next model failed, will be tried again", "next", b.models.Next, "error", err, "after", againIn)
		m := b.models
		m.Problem = err.Error()
		_ = s.note(m) // the next try notes again
		pause(ctx, againIn)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// run builds until the model has taken over (nil) or ctx ends.
func (s *succession) run(ctx context.Context, b *building) error {
	m := b.models
	vectors, err := s.vectorsOf(ctx, b.target)
	if err != nil {
		return errors.Join(err, s.release(m.Next))
	}
	pace, err := s.pace(m)
	if err != nil {
		return err
	}
	e := newPaced(b.target, pace)
	next, err := catalog.Open(ctx, catalog.Config{Store: s.in.Store, Embedder: e, Vectors: vectors, Log: s.config.Log, Now: s.config.Now})
	if err != nil {
		return errors.Join(err, s.release(m.Next))
	}
	if err := s.watch(ctx, next, e, &m); err != nil {
		return errors.Join(err, next.Close(), s.release(m.Next))
	}
	e.set(Pace{})
	s.mu.Lock()
	s.served[m.Next] = true
	s.mu.Unlock()
	s.in.Catalog.Succeed(ctx, next)
	engine, was := s.in.engineOf(s.config, b.target, vectors, s.words, s.sentences), s.in.Engine.Live()
	engine.Ranker, engine.EmbedTimeout = was.Ranker, was.EmbedTimeout
	engine.Wording, engine.Reranker, engine.Reviewer = was.Wording, was.Reranker, was.Reviewer
	s.in.Engine.Swap(engine)
	s.config.Log.Warn("the next model answers now", "live", m.Next, "previous", m.Live, "refused", m.Refused)
	if err := s.note(m.after()); err != nil {
		s.config.Log.Error("which model is live could not be noted; the next start does it again", "error", err)
	}
	return nil
}

// after is what is so when Next has taken over.
func (m Models) after() Models {
	out := Models{Live: m.Next, Previous: m.Live, Refused: m.Refused}
	if m.GoesBack() {
		out.RolledBack = m.RolledBack
	}
	return out
}

// pace is that of the folder. A way back is not slowed down or paused: it is asked for
// in need, and has little to do.
func (s *succession) pace(m Models) (Pace, error) {
	if m.GoesBack() {
		return Pace{}, nil
	}
	return ReadPace(s.config.Data)
}

// watch keeps the pace and notes the progress until next has caught up. In a pause it
// does not take over either.
func (s *succession) watch(ctx context.Context, next *catalog.Catalog, e *paced, m *Models) error {
	var noted time.Time
	var speed speed
	for {
		a, err := next.Advance(ctx)
		if err != nil {
			return err
		}
		m.Done, m.Total, m.Waiting, m.Refused = a.Done, a.Total, a.Waiting, a.Refused
		if pace, _ := e.get(); a.CaughtUp() && !pace.Paused {
			return nil
		}
		if time.Since(noted) >= noteEvery {
			noted = time.Now()
			m.Rate = speed.add(noted, a.Done)
			m.End = endOf(noted, a.Total-a.Done, m.Rate)
			if err := s.note(*m); err != nil {
				return err
			}
		}
		pause(ctx, lookEvery)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if pace, err := s.pace(*m); err == nil {
			e.set(pace)
		}
	}
}

// speed measures how fast the building goes.
type speed struct{ samples []sample }

type sample struct {
	at   time.Time
	done int64
}

// speedOver is the time over which the speed is taken.
const speedOver = 30 * time.Second

// add takes a sample and returns the writes a second since the first one of the last
// half minute; 0 at first.
func (s *speed) add(at time.Time, done int64) float64 {
	s.samples = append(s.samples, sample{at, done})
	for len(s.samples) > 2 && at.Sub(s.samples[1].at) >= speedOver {
		s.samples = s.samples[1:]
	}
	first := s.samples[0]
	if took := at.Sub(first.at).Seconds(); took > 0 {
		return float64(done-first.done) / took
	}
	return 0
}

// endOf is when what is left is done at a rate; nil is never, or not known.
func endOf(now time.Time, left int64, rate float64) *time.Time {
	seconds := float64(left) / rate
	if !(rate > 0) || seconds > 1e9 {
		return nil
	}
	end := now.Add(time.Duration(seconds * float64(time.Second))).UTC().Truncate(time.Second)
	return &end
}
