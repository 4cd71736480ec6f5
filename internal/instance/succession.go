package instance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// succession knows which models of a folder are open, and has at most one building
// under way; see the package's comment for the states.
type succession struct {
	in        *Instance
	config    Config
	wanted    embed.Embedder
	sentences *static.Model // the built-in model
	words     map[match.Kind]lexical.Index
	base      string // identity of the model that answered first; Instance closes its vectors

	turn sync.Mutex // held by who begins or halts a building

	mu     sync.Mutex
	job    *building                             // the last one; nil before the first
	known  map[string]Way                        // see Models
	models map[string]embed.Embedder             // opened by their ways
	opened map[string]map[match.Kind]index.Index // vectors by model
	served map[string]bool                       // models that have answered: requests may still use their vectors
	others []io.Closer                           // what the models of other ways hold
}

func newSuccession(in *Instance, c Config, wanted embed.Embedder, builtin *static.Model) *succession {
	return &succession{
		in: in, config: c, wanted: wanted, sentences: builtin, known: map[string]Way{},
		models: map[string]embed.Embedder{}, opened: map[string]map[match.Kind]index.Index{}, served: map[string]bool{},
	}
}

// Intervals of the work in the background.
const (
	lookEvery = 200 * time.Millisecond
	noteEvery = time.Second
	againIn   = 10 * time.Second
)

// live returns the model whose vectors answer at first: that of the folder, or a stand-in
// for it where it cannot be opened. A folder that does not say, or of whose model not
// even the dimensions are known, begins with the wanted one, unless it is to be followed.
func (s *succession) live(ctx context.Context) (embed.Embedder, error) {
	m, err := ReadModels(s.config.Data)
	if err != nil {
		return nil, err
	}
	if m.Live == "" {
		if m.Live, err = s.liveByVectors(ctx); err != nil {
			return nil, err
		}
	}
	maps.Copy(s.known, m.Known)
	if err := s.agree(m); err != nil {
		return nil, err
	}
	e, err := s.openModel(ctx, m.Live)
	if err == nil {
		return s.follow(e), nil
	}
	if s.config.Follow && s.known[m.Live].outdated() { // there is nothing to follow
		s.config.Follow, s.config.Hold = false, s.config.Hold && !s.config.Same
	}
	s.config.Log.Error("the model that is live cannot be opened; words answer alone until another one has its vectors", "live", m.Live, "wanted", s.wanted.Identity(), "error", err)
	if dim := s.known[m.Live].Dim; dim > 0 {
		return s.follow(absent{m.Live, dim, err}), nil
	}
	if s.config.Follow {
		return nil, err
	}
	return s.wanted, nil
}

// follow makes e the wanted model where the folder's own is to be followed.
func (s *succession) follow(e embed.Embedder) embed.Embedder {
	if s.config.Follow {
		s.wanted = e
	}
	return e
}

// agree refuses another model than that of the folder where the same is asked for.
func (s *succession) agree(m Models) error {
	wanted := s.wanted.Identity()
	if !s.config.Same || s.config.Follow || wanted == m.Live || wanted == m.Next {
		return nil
	}
	return (&match.Error{Kind: match.Conflict, Record: "model " + wanted}).Because(
		"the live model of the folder is %s; duijie reembed with the same flags changes it, and without --embedder and --static-model the live one is used", m.Live)
}

// liveByVectors is for folders that do not say: the wanted model, if it has vectors or
// the built-in one has none.
func (s *succession) liveByVectors(ctx context.Context) (string, error) {
	for _, e := range []embed.Embedder{s.wanted, s.sentences} {
		for _, kind := range Kinds {
			mark, err := s.in.Store.Watermark(ctx, catalog.FollowerName(kind, e.Identity()))
			if err != nil {
				return "", err
			}
			if mark > 0 {
				return e.Identity(), nil
			}
		}
	}
	return s.wanted.Identity(), nil
}

// begin notes which model is live and how the wanted one is opened, and starts to build
// what is to answer where that is another one.
func (s *succession) begin(ctx context.Context, vectors map[match.Kind]index.Index) error {
	s.base = s.in.Embedder.Identity()
	s.opened[s.base], s.served[s.base] = vectors, true
	if _, ok := s.known[s.wanted.Identity()]; !ok || !s.config.Follow {
		way := s.config.Way
		way.Dim = s.wanted.Dim()
		s.known[s.wanted.Identity()] = way
	}
	if _, ok := s.known[s.base]; !ok { // the built-in model, of a folder that does not say
		s.known[s.base] = Way{Dim: s.in.Embedder.Dim()}
	}
	was, err := ReadModels(s.config.Data)
	if err != nil {
		return err
	}
	m := was
	if m.Live != s.base {
		m.Previous, m.Live = m.Live, s.base
	}
	goal := s.goal(m)
	switch {
	case s.config.Hold:
	case goal == m.Live:
		m = Models{Live: m.Live, Previous: m.Previous, RolledBack: m.RolledBack}
		if m.RolledBack == m.Live {
			m.RolledBack = ""
		}
		if m.RolledBack == s.wanted.Identity() {
			s.config.Log.Warn("the wanted model was rolled back and is not built again before that is asked for", "live", m.Live, "wanted", m.RolledBack)
		}
	default:
		return s.start(ctx, Models{Live: m.Live, Previous: m.Previous, RolledBack: m.RolledBack, Next: goal})
	}
	if m.Known = s.ways(m); reflect.DeepEqual(m, was) {
		return nil
	}
	return s.note(m)
}

// goal is the model that is to answer: the wanted one, unless it was rolled back. Then it
// is the one to which that rollback was on its way, or the live one. Where the folder is
// followed, it is what the folder was on its way to.
func (s *succession) goal(m Models) string {
	switch {
	case s.config.Follow && m.Next != "":
		return m.Next
	case s.config.Follow:
		return m.Live
	case m.RolledBack != s.wanted.Identity():
		return s.wanted.Identity()
	case m.GoesBack():
		return m.Next
	}
	return m.Live
}

// GoesBack tells whether a rollback is under way.
func (m Models) GoesBack() bool {
	return m.Next != "" && m.Next == m.Previous && m.RolledBack == m.Live
}

// note writes down what is so, with the ways of the models that it names.
func (s *succession) note(m Models) error {
	m.Known = s.ways(m)
	return writeFile(s.config.Data, modelsFile, m)
}

// ways are those of the models that m names, and of the wanted one.
func (s *succession) ways(m Models) map[string]Way {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]Way{}
	for _, id := range append(m.kept(), m.RolledBack, s.wanted.Identity()) {
		if way, ok := s.known[id]; ok {
			out[id] = way
		}
	}
	return out
}

// vectorsOf opens the vectors of a model, or returns them as they are open.
func (s *succession) vectorsOf(ctx context.Context, e embed.Embedder) (map[match.Kind]index.Index, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	vectors := s.opened[e.Identity()]
	if vectors == nil {
		vectors = map[match.Kind]index.Index{}
		s.opened[e.Identity()] = vectors
	}
	for _, kind := range Kinds {
		if vectors[kind] != nil {
			continue
		}
		v, err := openSound(ctx, s.config, VectorSpec(kind, e), s.config.Log)
		if err != nil {
			return nil, fmt.Errorf("opening the vectors of %ss: %w", kind, err)
		}
		vectors[kind] = v
	}
	return vectors, nil
}

// release closes the vectors of a model, unless it has answered.
func (s *succession) release(identity string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.served[identity] {
		return nil
	}
	return s.closeVectors(identity)
}

// closeVectors needs mu.
func (s *succession) closeVectors(identity string) error {
	var errs []error
	for _, v := range s.opened[identity] {
		errs = append(errs, v.Close())
	}
	delete(s.opened, identity)
	return errors.Join(errs...)
}

// close closes what was opened besides the first model; the catalogs are closed by then.
func (s *succession) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for identity := range s.opened {
		if identity != s.base {
			errs = append(errs, s.closeVectors(identity))
		}
	}
	for _, c := range s.others {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
