package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/backup"
	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed/static"
	vectors "github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// Options say how far Run goes.
type Options struct {
	// Repair makes again what can be made from the records.
	Repair bool
	// Deep embeds every text again and compares the vectors: as costly as a
	// re-embedding, and only meaningful for a model that repeats itself exactly.
	Deep bool
}

// examination is one look at a data folder.
type examination struct {
	instance.Config
	deep   bool
	report *Report
	work   work
}

// work is what a repair has to do.
type work struct {
	needed  bool // to open the folder, which repairs by itself
	recount bool
	marks   []string                   // followers that begin anew
	stray   []sqlite.Damage            // failures of nothing
	logs    map[string]match.ErrorKind // of models that are not in use
	remake  []match.Ref
	remove  []string     // folders
	words   []match.Kind // whose words are read again from the records
	drop    map[match.Kind][]string
}

// Run examines the data folder of c, and repairs it if it is asked to. It looks at the
// vectors of the live model of the folder, whatever c.Embedder is, which is for a folder
// that does not say. Its errors are those that keep it from looking: match.NotFound (no
// records), match.Conflict (open in another process, or newer than this program),
// match.Denied, match.Unavailable (the live model cannot be opened to embed, with Deep).
func Run(ctx context.Context, c instance.Config, o Options) (*Report, error) {
	if c.Embedder == nil {
		e, err := static.Builtin()
		if err != nil {
			return nil, err
		}
		c.Embedder = e
	}
	look := c
	var err error
	if look.Embedder, err = instance.LiveEmbedder(ctx, c, o.Deep); err != nil {
		return nil, err
	}
	if look.Embedder.Identity() != c.Embedder.Identity() { // a repair opens it by itself, and changes no model
		c.Follow, c.Hold = true, true
	}
	first, err := examine(ctx, look, o)
	if err != nil || !o.Repair || !first.work.needed {
		return first.report, err
	}
	if err := first.work.do(ctx, c); err != nil {
		return first.report, err
	}
	second, err := examine(ctx, look, o)
	if err != nil {
		return first.report, err
	}
	return first.report.repairedBy(second.report), nil
}

func examine(ctx context.Context, c instance.Config, o Options) (*examination, error) {
	x := &examination{Config: c, deep: o.Deep, report: &Report{Findings: []Finding{}, Model: c.Embedder.Identity()}}
	x.work.drop, x.work.logs = map[match.Kind][]string{}, map[string]match.ErrorKind{}
	err := x.look(ctx)
	x.report.Sound = x.report.Problems() == 0
	return x, err
}

func (x *examination) look(ctx context.Context) error {
	if x.Store != "" {
		return x.lookServed(ctx)
	}
	path := filepath.Join(x.Data, sqlite.FileName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return &match.Error{Kind: match.NotFound, Record: x.Data, Reason: "there are no records in this folder"}
	}
	s, err := sqlite.Open(ctx, x.Data, sqlite.Options{Clock: x.Now})
	if match.KindOf(err) == match.Corrupt {
		x.report.add(newFinding(Code(sqlite.DamagedFile), Problem, path, err))
		return nil
	}
	if err != nil {
		return err
	}
	err = x.lookAt(ctx, s)
	return errors.Join(err, s.Close())
}

func (x *examination) lookAt(ctx context.Context, s *sqlite.Store) (err error) {
	if err := x.leftovers(); err != nil {
		return err
	}
	if err := s.Check(ctx, x.damage); err != nil {
		return err
	}
	if x.report.Contents, err = s.Contents(ctx); err != nil {
		return x.unreadable(err)
	}
	for _, kind := range instance.Kinds {
		if err := x.vectors(ctx, s, kind); err != nil {
			return x.unreadable(err)
		}
		if err := x.words(ctx, s, kind); err != nil {
			return err
		}
	}
	return x.otherLogs()
}

// leftovers finds the folders of work that was killed. The data folder is locked.
func (x *examination) leftovers() error {
	left, err := backup.Leftovers(x.Data)
	for _, dir := range left {
		x.report.add(newFinding(Leftover, Note, dir, nil))
		x.work.needed, x.work.remove = true, append(x.work.remove, dir)
	}
	return err
}

// unreadable takes an error of reading records for the damage that Check has
// reported already, and passes on any other.
func (x *examination) unreadable(err error) error {
	if match.KindOf(err) == match.Corrupt && x.report.Problems() > 0 {
		return nil
	}
	return err
}

// damage files what the database's check found.
func (x *examination) damage(d sqlite.Damage) {
	severity := Problem
	switch d.Code {
	case sqlite.StrayLabel:
		severity = Note
	case sqlite.StrayFailure:
		x.work.needed, x.work.stray = true, append(x.work.stray, d)
	case sqlite.DamagedTally, sqlite.DamagedRating:
		x.work.needed, x.work.recount = true, true
	case sqlite.DamagedMark:
		x.work.needed, x.work.marks = true, append(x.work.marks, d.Record)
	}
	x.report.add(newFinding(Code(d.Code), severity, d.Record, d.Err))
}

// otherLogs reads the logs of models that are not in use now.
func (x *examination) otherLogs() error {
	if x.Index != "" {
		return nil
	}
	own := instance.VectorDir(x.Data, x.Embedder.Identity())
	paths, err := filepath.Glob(filepath.Join(x.Data, "vectors", "*", "*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if filepath.Dir(path) == own {
			continue
		}
		if err := vectors.Verify(path); err != nil {
			kind := match.KindOf(err)
			if kind != match.Corrupt {
				continue // of another version: whoever uses that model deals with it
			}
			x.report.add(newFinding(DamagedLog, Problem, path, err))
			x.work.needed, x.work.logs[path] = true, kind
		}
	}
	return nil
}

func (x *examination) follower(kind match.Kind) string {
	return catalog.FollowerName(kind, x.Embedder.Identity())
}
