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
		return nil, ofPath(path, err)
	}
	return &newFile{f, path, false}, nil
}

// ofPath has an error name a path in the place of the file that stands for it until all is
// written.
func ofPath(path string, err error) error {
	var as *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &as):
		return &fs.PathError{Op: as.Op, Path: path, Err: as.Err}
	case errors.As(err, &link):
		return &fs.PathError{Op: link.Op, Path: path, Err: link.Err}
	}
	return err
}

// checkFile tells before the work begins whether a file can be written when it is done, and
// leaves nothing there.
func checkFile(path string) error {
	f, err := createFile(path)
	if err == nil {
		f.abandon()
	}
	return err
}

// checkFolder is checkFile for a folder, which need not be there yet.
func checkFolder(path string) error {
	at := path
	for {
		_, err := os.Stat(at)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || filepath.Dir(at) == at {
			break
		}
		at = filepath.Dir(at)
	}
	return ofPath(path, checkFile(filepath.Join(at, ".duijie")))
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
		return ofPath(f.path, err)
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
