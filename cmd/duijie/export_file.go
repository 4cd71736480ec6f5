package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// newFile is a file that comes into being whole or not at all: it is written under
// another name, synced and renamed. What exists and is no plain file, such as
// /dev/stdout, is written to directly.
type newFile struct {
	*os.File
	path   string
	direct bool
}

func createFile(path string) (*newFile, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return &newFile{f, path, true}, err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return nil, err
	}
	return &newFile{f, path, false}, nil
}

// commit makes the file what path names.
func (f *newFile) commit() error {
	if f.direct {
		return f.Close()
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		os.Remove(f.Name())
		return err
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		os.Remove(f.Name())
		return err
	}
	dir, err := os.Open(filepath.Dir(f.path))
	if err != nil {
		return err
	}
	defer dir.Close()
	_ = dir.Sync() // not every file system can; the content is on disk
	return nil
}

// abandon leaves path as it was.
func (f *newFile) abandon() {
	f.Close()
	if !f.direct {
		os.Remove(f.Name())
	}
}
