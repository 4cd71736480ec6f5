package server

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/duijie/duijie/internal/archive"
	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed/cache"
	"github.com/duijie/duijie/internal/judge"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/rerank"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/review"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/wording"
)

// Config says what a server is made of. Catalog, Engine and Store are required; the
// zero value of everything else is its default.
type Config struct {
	Catalog *catalog.Catalog
	Engine  Engine
	// Store is the one that Catalog writes to.
	Store store.Store

	Log *slog.Logger
	// Registry takes the metrics. Nil is a new one that tells of the process too.
	Registry *prometheus.Registry
	// Version is the version of the program.
	Version string
	// Console serves the web console at /console/, to which a browser is led from /; nil
	// is none.
	Console http.Handler
	// Models is what ListModels tells; see LiveModels.
	Models func() []Model

	// Cache tells of the cache before the embedder, for the metrics; nil is none.
	Cache *cache.Embedder

	// Wording tells what the chat model was asked, for the metrics; nil is none.
	Wording *wording.Writer

	// Judge proposes labels with a chat model; nil cannot.
	Judge *judge.Judge

	// Rerank tells what the chat model was asked for orders, for the metrics; nil is none.
	Rerank *rerank.Ranker
	// Review tells what the chat model was asked for reviews, for the metrics; nil is none.
	Review *review.Reviewer

	// Reembed changes the embedder; nil cannot.
	Reembed Reembedder

	// Building tells how many of the writes the next model has followed, for the
	// metrics; both are 0 where none is being built. Nil is never.
	Building func() (done, total int64)

	// Archive keeps answers for replay and for events; nil keeps none. KeepTexts keeps
	// texts that are not stored with them, of which it is the hash otherwise.
	Archive   *archive.Archive
	KeepTexts bool

	// Rankers says which rankers are in production; nil has none but the built-in one.
	Rankers *registry.Registry
	// Shadows tells how challengers in the shadow are doing, for the metrics; nil is none.
	Shadows *pilot.Shadows
	// Live is the engine that tunes and suggests with; nil can do neither.
	Live *retrieve.Engine
	// Alone says that no other process has Store open: operations that another one has
	// left are ended.
	Alone bool

	// MaxBatch is the largest number of items in one batch; 0 is 500.
	MaxBatch int
	// DefaultTimeout is the time for a call whose client gave none, and for each batch
	// of an import; 0 is 30 s.
	DefaultTimeout time.Duration
	// StreamTimeout is the time in which the next message of an import must come, and
	// in which an acknowledgement must be taken; 0 is 2 min. How long a whole stream
	// may last is for its client to say.
	StreamTimeout time.Duration
	// GracePeriod is the time in which calls may finish after Serve was told to
	// stop; 0 is 20 s.
	GracePeriod time.Duration
}

// Engine answers match requests; *retrieve.Engine is one.
type Engine interface {
	Match(ctx context.Context, req match.Request) (*match.Answer, error)
	WhyNot(ctx context.Context, req match.Request, id string) (*match.WhyNot, error)
	ScorePairs(ctx context.Context, pairs []match.Pair, o retrieve.PairOptions) (*retrieve.PairAnswer, error)
	SuggestPool(ctx context.Context, req match.PoolRequest) (*match.Pool, error)
}

// Limits of a message in bytes, and of what keeps a connection.
const (
	maxMessage     = 64 << 20
	maxHeader      = 64 << 10
	keepaliveTime  = 2 * time.Minute
	keepaliveLimit = 20 * time.Second // for the other side's answer
	minPing        = 10 * time.Second // between pings of a client
)

func (c Config) withDefaults() (Config, error) {
	if c.Catalog == nil || c.Engine == nil || c.Store == nil {
		return c, errors.New("server: catalog, engine and store are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Registry == nil {
		c.Registry = prometheus.NewRegistry()
		c.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	c.MaxBatch = cmp.Or(c.MaxBatch, 500)
	c.DefaultTimeout = cmp.Or(c.DefaultTimeout, 30*time.Second)
	c.StreamTimeout = cmp.Or(c.StreamTimeout, 2*time.Minute)
	c.GracePeriod = cmp.Or(c.GracePeriod, 20*time.Second)
	return c, nil
}
