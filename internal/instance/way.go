package instance

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/cache"
	"github.com/duijie/duijie/internal/match"
)

// Way says how a model is opened, so that a model can be opened again when the settings
// of the program speak of another one. It never holds a key, only where one is read from.
type Way struct {
	// Kind is static, onnx or openai; "" is not known.
	Kind string `json:"kind,omitempty"`
	// Path is the file of a static model, or an onnx model's folder or graph.
	Path    string `json:"path,omitempty"`
	Pooling string `json:"pooling,omitempty"`
	// URL and Model are those of an endpoint, Chars the code points of one text that
	// the model reads, KeyFile the file with the key; "" is the environment.
	URL     string `json:"url,omitempty"`
	Model   string `json:"model,omitempty"`
	Chars   int    `json:"chars,omitempty"`
	KeyFile string `json:"key_file,omitempty"`

	QueryPrefix    string `json:"query_prefix,omitempty"`
	DocumentPrefix string `json:"document_prefix,omitempty"`
	// Dim is the number of dimensions of the vectors.
	Dim int `json:"dim"`
}

// outdated tells whether it is the way to the model that is built into the program: one
// that cannot be opened so is that of another version, and lost.
func (w Way) outdated() bool { return w.Kind == "static" && w.Path == "" }

// absent stands for a model that cannot be opened: the vectors of its records are
// there, those of a request cannot be made, so that words answer alone and say why.
type absent struct {
	identity string
	dim      int
	reason   error
}

func (a absent) Identity() string { return a.identity }
func (a absent) Dim() int         { return a.dim }
func (a absent) Embed(context.Context, embed.Role, []string) ([][]float32, error) {
	return nil, a.reason
}

// cannotOpen is the error of a model that is not at hand.
func cannotOpen(identity string, cause error) error {
	return &match.Error{Kind: match.Unavailable, Record: "model " + identity, Reason: "cannot be opened", Err: cause}
}

// errNoWay is for models of folders that were written before ways were kept, and for
// programs that cannot open others than their own.
var errNoWay = errors.New("it is not known how; start with its settings")

// openModel opens the model with an identity: the wanted one, the built-in one, or one
// of the folder by the way that is noted for it. It opens none twice. Errors are of kind
// match.Unavailable.
func (s *succession) openModel(ctx context.Context, identity string) (embed.Embedder, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range []embed.Embedder{s.wanted, s.sentences, s.models[identity]} {
		if e != nil && e.Identity() == identity {
			return e, nil
		}
	}
	way := s.known[identity]
	if way.Kind == "" || s.config.Other == nil {
		return nil, cannotOpen(identity, errNoWay)
	}
	e, err := s.config.Other(ctx, way)
	if err == nil && e.Identity() != identity {
		err = errors.New("what is in its place is " + e.Identity())
	}
	if err == nil {
		e, err = s.cached(way, e)
	}
	if err != nil {
		return nil, cannotOpen(identity, err)
	}
	s.models[identity] = e
	return e, nil
}

// cached puts the folder's cache of embedded texts before a model that costs time or
// money, as the wanted one has it already. It needs mu.
func (s *succession) cached(way Way, e embed.Embedder) (embed.Embedder, error) {
	if s.config.CacheBytes <= 0 || way.Kind == "static" {
		return e, nil
	}
	out, err := cache.New(e, cache.Config{Dir: filepath.Join(s.config.Data, "embedded"), ReadOnly: s.config.ReadOnly, DiskBytes: s.config.CacheBytes})
	if err != nil {
		return nil, err
	}
	s.others = append(s.others, out)
	return out, nil
}
