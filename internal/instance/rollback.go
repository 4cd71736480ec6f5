package instance

import (
	"cmp"
	"context"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// errBeside is for who has the folder open for reading alone.
var errBeside = &match.Error{Kind: match.Denied, Reason: "the models are changed by the process that has the folder open for writing"}

// Rollback goes back to the former model, whose vectors are kept: they are brought up to
// date while the live one answers, then the two change places in one step. While a model
// is being built, there is nothing to go back from: the building ends, and the live model
// stays. Either way the model that was turned away from is not built again before
// Reembed is called, also by a later start whose settings want it.
//
// Rollback returns when it is done, after calling progress, which may be nil, now and
// then. It goes on after ctx has ended, and after the next start if the process ends.
// Kinds of errors: match.NotFound if no former model is kept, match.Unavailable if it
// cannot be opened; then nothing has changed.
func (in *Instance) Rollback(ctx context.Context, progress func(Models)) (Models, error) {
	return in.changing(ctx, progress, (*succession).rollback)
}

// Reembed builds the model that the settings want, also after a rollback from it, and
// returns as Rollback does. A rollback that is under way ends. With Config.Follow the
// settings want the model that was rolled back, or else the one that is being built.
func (in *Instance) Reembed(ctx context.Context, progress func(Models)) (Models, error) {
	return in.changing(ctx, progress, (*succession).again)
}

func (in *Instance) changing(ctx context.Context, progress func(Models), change func(*succession, context.Context) error) (Models, error) {
	s := in.succession
	if s == nil {
		return Models{}, errBeside
	}
	s.turn.Lock()
	err := change(s, ctx)
	b := s.running()
	s.turn.Unlock()
	if err == nil && b != nil {
		err = s.await(ctx, b, progress)
	}
	if err != nil {
		return Models{}, err
	}
	return ReadModels(s.config.Data)
}

// await returns when a building has taken over; an error of kind match.Canceled tells
// that it was halted.
func (s *succession) await(ctx context.Context, b *building, progress func(Models)) error {
	for {
		select {
		case <-b.ended:
			if !b.took {
				return &match.Error{Kind: match.Canceled, Record: "the building of " + b.models.Next, Reason: "was ended by another wish or the end of the program"}
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lookEvery):
			if m, err := ReadModels(s.config.Data); err == nil && progress != nil {
				progress(m)
			}
		}
	}
}

func (s *succession) rollback(ctx context.Context) error {
	m, err := ReadModels(s.config.Data)
	if err != nil || m.GoesBack() && s.running() != nil {
		return err
	}
	if m.Next != "" && !m.GoesBack() {
		s.halt()
		if m, err = ReadModels(s.config.Data); err != nil { // it may just have taken over
			return err
		}
		if m.Next != "" {
			s.config.Log.Warn("the building of a model is given up", "live", m.Live, "rolled_back", m.Next)
			return s.note(Models{Live: m.Live, Previous: m.Previous, RolledBack: m.Next})
		}
	}
	if m.Previous == "" {
		return &match.Error{Kind: match.NotFound, Record: "the former model", Reason: "there is none whose vectors are kept"}
	}
	if _, err := s.openModel(ctx, m.Previous); err != nil {
		return err
	}
	return s.start(ctx, Models{Live: m.Live, Previous: m.Previous, RolledBack: m.Live, Next: m.Previous})
}

// wish is the identity of the model that is built when that is asked for.
func (s *succession) wish() (string, error) {
	if !s.config.Follow {
		return s.wanted.Identity(), nil
	}
	m, err := ReadModels(s.config.Data)
	return cmp.Or(m.RolledBack, m.Next, m.Live), err
}

func (s *succession) again(ctx context.Context) error {
	wanted, err := s.wish()
	if err != nil {
		return err
	}
	if b := s.running(); b != nil && b.models.Next == wanted {
		return nil
	}
	s.halt()
	m, err := ReadModels(s.config.Data)
	if err != nil {
		return err
	}
	if m.Live == wanted {
		return s.note(Models{Live: m.Live, Previous: m.Previous})
	}
	return s.start(ctx, Models{Live: m.Live, Previous: m.Previous, Next: wanted})
}

// running is the building that is under way, nil where there is none.
func (s *succession) running() *building {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.job == nil {
		return nil
	}
	select {
	case <-s.job.ended:
		return nil
	default:
		return s.job
	}
}

// halt ends the building that is under way; what is secured stays.
func (s *succession) halt() {
	if b := s.running(); b != nil {
		b.cancel()
		<-b.ended
	}
}

// stop is halt at the end of the program.
func (s *succession) stop() error {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.halt()
	return nil
}

// Reembedding tells which model answers, which is being built and how far it is, and how
// fast it may be built.
func (in *Instance) Reembedding() (Models, Pace, error) {
	if in.succession == nil {
		return Models{}, Pace{}, errBeside
	}
	m, err := ReadModels(in.succession.config.Data)
	if err != nil {
		return m, Pace{}, err
	}
	p, err := ReadPace(in.succession.config.Data)
	return m, p, err
}

// SetPace changes the pace, as WritePace does.
func (in *Instance) SetPace(p Pace) error {
	if in.succession == nil {
		return errBeside
	}
	return WritePace(in.succession.config.Data, p)
}

// Building tells how many of the writes the model that is being built has followed;
// both are 0 where none is.
func (in *Instance) Building() (done, total int64) {
	if m, _, err := in.Reembedding(); err == nil && m.Next != "" {
		return m.Done, m.Total
	}
	return 0, 0
}

// Settled returns when no model is being built, after calling progress, which may be
// nil, now and then.
func (in *Instance) Settled(ctx context.Context, progress func(Models)) error {
	for in.succession != nil {
		b := in.succession.running()
		if b == nil {
			return nil
		}
		if err := in.succession.await(ctx, b, progress); err != nil && match.KindOf(err) != match.Canceled {
			return err
		} else if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}
