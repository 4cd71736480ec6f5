//go:build unix

package sqlite

import (
	"errors"
	"os"
	"syscall"
)

// openLocked opens the lock file for this process alone, and reports ErrLocked if
// another one has it. The kernel gives the lock up when the process ends, however
// it ends; a file that is left over means nothing.
func openLocked(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, &os.PathError{Op: "flock", Path: path, Err: err}
	}
	return f, nil
}
