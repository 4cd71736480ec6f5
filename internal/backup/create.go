package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// Source says what is put into a backup.
type Source struct {
	Data    string // the data folder; another process may be writing it
	Program string // the version of this program
	Now     func() time.Time
}

// Create writes a backup to out: a file that does not exist, or a folder, in which
// it is named by the time. It returns the file's name. The folder of out needs room
// for the database twice. Errors leave nothing behind; their kinds: match.NotFound
// (no records), match.Conflict (the file exists), match.Exhausted (disk full),
// match.Corrupt (what was copied is damaged, so that the backup would be).
func Create(ctx context.Context, s Source, out string) (string, *Manifest, error) {
	if s.Now == nil {
		s.Now = time.Now
	}
	now := s.Now().UTC()
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		out = filepath.Join(out, "duijie-"+now.Format("20060102-150405.000")+".tar")
	}
	if _, err := os.Lstat(out); err == nil {
		return "", nil, &match.Error{Kind: match.Conflict, Record: out, Reason: "exists already; give another name"}
	}
	m := &Manifest{Format: formatName, Version: formatVersion, Created: now, Program: s.Program, File: sqlite.FileName}
	if err := create(ctx, s.Data, out, m); err != nil {
		return "", nil, failed(out, err)
	}
	return out, m, nil
}

// create works in a folder next to out, which is gone in the end.
func create(ctx context.Context, data, out string, m *Manifest) (err error) {
	if err := removeLeftovers(filepath.Dir(out)); err != nil {
		return err
	}
	work, release, err := workFolder(filepath.Dir(out))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	database, archive := filepath.Join(work, sqlite.FileName), filepath.Join(work, "backup.tar")
	if err := copyRecords(ctx, data, database); err != nil {
		return err
	}
	if err := errors.Join(m.describe(ctx, work), m.readModels(data)); err != nil {
		return err
	}
	if err := pack(ctx, m, database, archive); err != nil {
		return err
	}
	if err := os.Link(archive, out); err != nil { // unlike a rename, it replaces nothing
		if errors.Is(err, os.ErrExist) {
			return err
		}
		if err := os.Rename(archive, out); err != nil { // the file system knows no links
			return err
		}
	}
	return syncDir(filepath.Dir(out))
}

func copyRecords(ctx context.Context, data, to string) error {
	s, err := sqlite.OpenReadOnly(ctx, data, sqlite.Options{Readers: 1})
	if err != nil {
		return err
	}
	return errors.Join(s.CopyTo(ctx, to), s.Close())
}

// describe checks and counts the copy in dir, so that the manifest speaks of what
// is in the backup and not of what was stored a moment later.
func (m *Manifest) describe(ctx context.Context, dir string) error {
	var err error
	if m.Contents, err = inspect(ctx, dir); err != nil {
		return err
	}
	f, err := os.Open(filepath.Join(dir, sqlite.FileName))
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if m.Size, err = io.Copy(sum, reader{ctx, f}); err != nil {
		return err
	}
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// inspect reads everything in the database of dir.
func inspect(ctx context.Context, dir string) (sqlite.Contents, error) {
	s, err := sqlite.OpenReadOnly(ctx, dir, sqlite.Options{Readers: 1})
	if err != nil {
		return sqlite.Contents{}, err
	}
	defer s.Close()
	var first *sqlite.Damage
	err = s.Check(ctx, func(d sqlite.Damage) {
		// Notes about records, and counts, are made again; they lose nothing.
		if first == nil && d.Code != sqlite.StrayLabel && d.Code != sqlite.StrayFailure && d.Code != sqlite.DamagedTally && d.Code != sqlite.DamagedMark {
			first = &d
		}
	})
	switch {
	case err != nil:
		return sqlite.Contents{}, err
	case first != nil:
		return sqlite.Contents{}, (&match.Error{Kind: match.Corrupt, Record: first.Record}).Because("damaged (%s): %s; duijie doctor tells more", string(first.Code), match.Localised(first.Err))
	}
	return s.Contents(ctx)
}

// pack writes the tar and returns when it is on disk.
func pack(ctx context.Context, m *Manifest, database, archive string) error {
	from, err := os.Open(database)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(archive, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := tar.NewWriter(to)
	err = m.appendTo(w)
	if err == nil {
		err = w.WriteHeader(header(m.File, m.Size, m.Created))
	}
	if err == nil {
		_, err = io.Copy(w, reader{ctx, from})
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = to.Sync()
	}
	return errors.Join(err, to.Close())
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}
