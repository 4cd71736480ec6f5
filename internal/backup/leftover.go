package backup

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/store/sqlite"
)

const workPrefix = ".duijie-backup-"

// workFolder makes a folder to work in, and keeps it locked until release removes it,
// so that a folder without a lock is what a killed process has left.
func workFolder(dir string) (work string, release func() error, err error) {
	work, err = os.MkdirTemp(dir, workPrefix+"*")
	if err != nil {
		return "", nil, err
	}
	lock, err := sqlite.Lock(work)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(work))
	}
	return work, func() error { return removeLocked(work, lock) }, nil
}

// removeLocked lets go of the lock first, as Windows removes no open file.
func removeLocked(work string, lock io.Closer) error {
	return errors.Join(lock.Close(), os.RemoveAll(work))
}

// Leftovers lists the working folders in dir that backups and restorations left which
// were killed. One whose backup is under way, or that may not be opened, is none. The
// caller has dir locked if it is a data folder.
func Leftovers(dir string) ([]string, error) {
	var out []string
	err := eachLeftover(dir, func(work string, lock io.Closer) error {
		out = append(out, work)
		return lock.Close()
	})
	if err != nil {
		return nil, err
	}
	restored, err := filepath.Glob(filepath.Join(dir, restorePattern))
	return append(out, restored...), err
}

// restorePattern names the folders that Restore works in, inside of a data folder that
// it has locked.
const restorePattern = ".restore-*"

// justMade is how long a folder may be without its lock, which is taken after it is
// made.
const justMade = 10 * time.Second

func removeLeftovers(dir string) error { return eachLeftover(dir, removeLocked) }

func eachLeftover(dir string, do func(work string, lock io.Closer) error) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil // who works there says so
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), workPrefix) {
			continue
		}
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < justMade {
			continue
		}
		work := filepath.Join(dir, e.Name())
		lock, err := sqlite.Lock(work)
		if err != nil {
			continue
		}
		if err := do(work, lock); err != nil {
			return err
		}
	}
	return nil
}
