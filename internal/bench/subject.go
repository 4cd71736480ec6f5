package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/match"
)

// Subject is a vector index to be measured.
type Subject struct {
	Name string
	// Open opens the collection of spec, which is empty the first time.
	Open func(ctx context.Context, spec index.Spec) (index.Index, error)
	// Drop removes it.
	Drop func(ctx context.Context, spec index.Spec) error
	// Memory is what the index has, apart from this process, that is not a file's; nil is
	// not known.
	Memory func() int64
	// Disk is what it has on disk; nil is not known.
	Disk func() (int64, error)
	// Variants are other ways to search what Open has filled.
	Variants []Variant

	own bool // it is in this process
}

// Variant is another way to search a Subject's collection, of which Open opens it.
type Variant struct {
	Name string
	Open func(ctx context.Context, spec index.Spec) (index.Index, error)
}

// BuiltIn is the index of this program, in a folder.
func BuiltIn(dir string) Subject {
	dir = filepath.Join(dir, "vectors")
	return Subject{
		Name: "built-in",
		Open: func(_ context.Context, spec index.Spec) (index.Index, error) {
			ix, err := segment.Open(dir, spec, segment.Options{})
			if err != nil {
				return nil, err
			}
			return ix, nil
		},
		Drop: func(context.Context, index.Spec) error { return os.RemoveAll(dir) },
		Disk: func() (int64, error) { return sizeOf(dir) },
		own:  true,
	}
}

// settler is an index that can be told to do now what it would do in the background.
type settler interface {
	Settle(ctx context.Context) error
}

// Filled is what filling an index took.
type Filled struct {
	// IngestSeconds is the time of the writes, until they are safe.
	IngestSeconds float64 `json:"ingest_seconds"`
	// BuildSeconds is the time after that until the index is as it is to be searched.
	BuildSeconds float64 `json:"build_seconds"`
	// ProcessorSeconds are those of this process for both, and for making the records.
	ProcessorSeconds float64 `json:"processor_seconds,omitempty"`
	// OpenSeconds is the time to open it again.
	OpenSeconds float64 `json:"open_seconds"`
	// PeakAnonymousBytes is the most memory that this process had meanwhile which is not
	// that of files.
	PeakAnonymousBytes int64 `json:"peak_anonymous_bytes,omitempty"`
	DiskBytes          int64 `json:"disk_bytes,omitempty"`
}

// fill stores the catalog in a subject, and opens it again.
func (s Subject) fill(ctx context.Context, spec index.Spec, c *catalog, progress func(done int)) (_ index.Index, f Filled, err error) {
	end, before := peak(), processor()
	ix, err := s.Open(ctx, spec)
	if err != nil {
		end()
		return nil, f, err
	}
	f.IngestSeconds, err = load(ctx, ix, c, progress)
	if err == nil {
		start := time.Now()
		if own, ok := ix.(settler); ok {
			err = own.Settle(ctx)
		}
		f.BuildSeconds = time.Since(start).Seconds()
	}
	f.PeakAnonymousBytes, f.ProcessorSeconds = end(), (processor() - before).Seconds()
	if err = errors.Join(err, ix.Close()); err != nil {
		return nil, f, err
	}
	if s.Disk != nil {
		if f.DiskBytes, err = s.Disk(); err != nil {
			return nil, f, err
		}
	}
	start := time.Now()
	ix, err = s.Open(ctx, spec)
	f.OpenSeconds = time.Since(start).Seconds()
	return ix, f, err
}

// load returns the seconds that the writes took.
func load(ctx context.Context, ix index.Index, c *catalog, progress func(done int)) (float64, error) {
	var took time.Duration
	timed := func(do func() error) error {
		start := time.Now()
		err := do()
		took += time.Since(start)
		return err
	}
	done := 0
	err := c.each(ctx, func(points []index.Point, _ []*match.Record) error {
		err := timed(func() error { return ix.Upsert(ctx, points) })
		done += len(points)
		progress(done)
		return err
	})
	if err == nil {
		err = timed(func() error { return ix.Flush(ctx) })
	}
	return took.Seconds(), err
}
