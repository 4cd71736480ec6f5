package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// install puts the database of work in the place of that of data, which the caller
// has locked. What is there is kept in a folder whose name is returned. A crash at any point leaves the old
// records or the new ones, whole:
//
//	merge the old WAL ─► second name for the old database ─► vectors,
//	  words (they can be made again) and models.json aside ─► models.json of
//	  the backup ─► new database renamed over the old one
func install(ctx context.Context, work, data string) (kept string, err error) {
	if kept, err = keepOld(ctx, data); err != nil {
		return "", err
	}
	// The models come first: vectors of a model that is not there are made again.
	for _, path := range present(filepath.Join(work, modelsFile), filepath.Join(work, sqlite.FileName)) {
		if err := os.Rename(path, filepath.Join(data, filepath.Base(path))); err != nil {
			return "", err
		}
	}
	return kept, syncDir(data)
}

// keepOld keeps records, vectors and words aside, if there are any. The database's own
// name stays until the new one takes it.
func keepOld(ctx context.Context, data string) (kept string, err error) {
	database := filepath.Join(data, sqlite.FileName)
	rest := present(filepath.Join(data, "vectors"), filepath.Join(data, "words"), filepath.Join(data, modelsFile), database+"-wal", database+"-shm")
	if len(rest)+len(present(database)) == 0 {
		return "", nil
	}
	if len(present(database)) > 0 {
		// A WAL must not stay beside a database that it does not belong to. That of a
		// damaged one cannot be merged, and is kept with it.
		if err := sqlite.MergeWAL(ctx, data); err != nil && match.KindOf(err) != match.Corrupt {
			return "", err
		}
	}
	if kept, err = nextFolder(data); err != nil {
		return "", err
	}
	if len(present(database)) > 0 {
		to := filepath.Join(kept, sqlite.FileName)
		if err := os.Link(database, to); err != nil {
			if err := os.Rename(database, to); err != nil { // the file system knows no links
				return "", err
			}
		}
	}
	for _, path := range rest {
		err := os.Rename(path, filepath.Join(kept, filepath.Base(path)))
		if err != nil && !errors.Is(err, os.ErrNotExist) { // SQLite may have removed it
			return "", err
		}
	}
	return kept, errors.Join(syncDir(kept), syncDir(data))
}

func present(paths ...string) (out []string) {
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil {
			out = append(out, path)
		}
	}
	return out
}

func nextFolder(data string) (string, error) {
	for n := 1; ; n++ {
		dir := filepath.Join(data, fmt.Sprintf("before-restore-%d", n))
		err := os.Mkdir(dir, 0o700)
		if !errors.Is(err, os.ErrExist) {
			return dir, err
		}
	}
}
