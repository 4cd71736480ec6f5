package instance

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// replicaFile ties a data folder to the store on a server whose words, and with the
// built-in index whose vectors, it holds.
const replicaFile = "replica.json"

// replica is what that file says.
type replica struct {
	ID    string `json:"id"`    // of the folder
	Store string `json:"store"` // identity of the store
}

// openServed opens records on a PostgreSQL server. The folder is locked as one with
// records of its own is: each replica has a folder.
func openServed(ctx context.Context, c Config) (_ store.Store, err error) {
	if _, err := os.Stat(filepath.Join(c.Data, sqlite.FileName)); err == nil {
		return nil, &match.Error{Kind: match.Conflict, Record: c.Data,
			Reason: "holds records of its own; with --store name an empty folder with --data, and bring the records over with export and import"}
	}
	var folder io.Closer
	if !c.ReadOnly {
		if folder, err = sqlite.Lock(c.Data); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil && folder != nil {
			err = errors.Join(err, folder.Close())
		}
	}()
	s, err := postgres.Open(ctx, c.Store, postgres.Options{Clock: c.Now, ReadOnly: c.ReadOnly})
	if err != nil {
		return nil, err
	}
	r, err := tie(ctx, c, s)
	switch {
	case err != nil:
		return nil, errors.Join(err, s.Close())
	case c.ReadOnly:
		return &observer{Store: ownMarks(c, s, r.ID), marks: map[string]int64{}}, nil
	case c.Index != "": // its vectors are for all: they are divided by claims
		return &served{s, folder}, nil
	}
	return &servedAlone{ownMarks(c, s, r.ID), folder}, nil
}

// Replica tells whether the records of a folder are on a server.
func Replica(data string) bool {
	_, err := os.Stat(filepath.Join(data, replicaFile))
	return err == nil
}

// tie reads whose replica the folder is, and makes it one of s if it is nobody's.
func tie(ctx context.Context, c Config, s *postgres.Store) (r replica, err error) {
	identity, err := s.Identity(ctx)
	if err != nil {
		return r, err
	}
	if err := readFile(c.Data, replicaFile, &r); err != nil {
		return r, err
	}
	switch {
	case r.Store == identity:
		return r, nil
	case r.Store != "":
		return r, (&match.Error{Kind: match.Conflict, Record: c.Data}).Because("belongs to another store than %s; name another folder with --data", identity)
	case c.ReadOnly: // the folder holds nothing yet
		return r, nil
	}
	r = replica{ID: strings.ToLower(rand.Text()[:12]), Store: identity}
	return r, writeFile(c.Data, replicaFile, r)
}

// served is a store on a server, with the lock of the folder beside it.
type served struct {
	*postgres.Store
	folder io.Closer
}

func (s *served) Close() error { return errors.Join(s.Store.Close(), s.folder.Close()) }

// servedAlone is a store whose vectors are in the folder.
type servedAlone struct {
	store.Store
	folder io.Closer
}

func (s *servedAlone) Close() error { return errors.Join(s.Store.Close(), s.folder.Close()) }

// ownMarks keeps the progress of a folder's own vectors apart from that of others'.
func ownMarks(c Config, s store.Store, id string) store.Store {
	if c.Index != "" {
		return s
	}
	return &marked{s, "@" + id}
}

// marked gives followers names with a suffix, and hides it. Progress of all followers
// ("") is that of all folders.
type marked struct {
	store.Store
	suffix string
}

func (m *marked) name(follower string) string {
	if follower == "" {
		return ""
	}
	return follower + m.suffix
}

func (m *marked) Watermark(ctx context.Context, follower string) (int64, error) {
	return m.Store.Watermark(ctx, m.name(follower))
}

func (m *marked) SetWatermark(ctx context.Context, follower string, seq int64) error {
	return m.Store.SetWatermark(ctx, m.name(follower), seq)
}

func (m *marked) PutFailures(ctx context.Context, failures []store.Failure) error {
	own := make([]store.Failure, len(failures))
	for i, f := range failures {
		f.Follower = m.name(f.Follower)
		own[i] = f
	}
	return m.Store.PutFailures(ctx, own)
}

func (m *marked) ClearFailures(ctx context.Context, follower string, refs []match.Ref) error {
	return m.Store.ClearFailures(ctx, m.name(follower), refs)
}

func (m *marked) Failures(ctx context.Context, follower string, limit int) ([]store.Failure, error) {
	return m.bare(m.Store.Failures(ctx, m.name(follower), limit))
}

func (m *marked) DueFailures(ctx context.Context, follower string, now time.Time, limit int) ([]store.Failure, error) {
	return m.bare(m.Store.DueFailures(ctx, m.name(follower), now, limit))
}

func (m *marked) bare(failures []store.Failure, err error) ([]store.Failure, error) {
	for i := range failures {
		failures[i].Follower = strings.TrimSuffix(failures[i].Follower, m.suffix)
	}
	return failures, err
}

func (m *marked) FailuresOf(ctx context.Context, follower string, refs []match.Ref) ([]*store.Failure, error) {
	out, err := m.Store.FailuresOf(ctx, m.name(follower), refs)
	for _, f := range out {
		if f != nil {
			f.Follower = follower
		}
	}
	return out, err
}

func (m *marked) CountFailures(ctx context.Context, follower string) (map[match.State]int, error) {
	return m.Store.CountFailures(ctx, m.name(follower))
}

func (m *marked) MakeDue(ctx context.Context, follower string, now time.Time) (int, error) {
	return m.Store.MakeDue(ctx, m.name(follower), now)
}
