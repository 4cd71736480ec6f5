package flat

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Disk is what an index needs of a file system. Tests put one in its place that
// loses power.
type Disk interface {
	MkdirAll(dir string) error
	// Open opens a file that exists, Create one that is empty then.
	Open(path string) (File, error)
	Create(path string) (File, error)
	// Rename puts a file in the place of another one, which lasts after SyncDir.
	Rename(from, to string) error
	Remove(path string) error
	// SyncDir returns once the names in a directory survive a crash.
	SyncDir(dir string) error
}

// File is an open file. What is written survives a crash after Sync.
type File interface {
	io.ReaderAt
	io.WriterAt
	Size() (int64, error)
	Truncate(size int64) error
	Sync() error
	Close() error
}

// parent is the directory of a file.
func parent(path string) string { return filepath.Dir(path) }

// machine is the disk of this machine.
type machine struct{}

func (machine) MkdirAll(dir string) error { return os.MkdirAll(dir, 0o700) }

func (machine) Open(path string) (File, error) { return opened(path, os.O_RDWR) }

func (machine) Create(path string) (File, error) {
	return opened(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR)
}

func (machine) Rename(from, to string) error { return os.Rename(from, to) }
func (machine) Remove(path string) error     { return os.Remove(path) }

// SyncDir makes the names in a directory last; Windows has no such call.
func (machine) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Reading is the disk of this machine for what only reads: files are opened so.
func Reading() Disk { return reading{} }

type reading struct{ machine }

func (reading) Open(path string) (File, error) { return opened(path, os.O_RDONLY) }

type osFile struct{ *os.File }

func opened(path string, flags int) (File, error) {
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
