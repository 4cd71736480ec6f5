package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"

	"github.com/duijie/duijie/internal/match"
)

// maxSpool is how much of a stream is put into a temporary file to be read there.
const maxSpool = 8 << 30

// randomFile is an input that can be read at any place.
type randomFile struct {
	io.ReaderAt
	size int64
	temp *os.File // holds a stream
}

func (f *randomFile) Close() error {
	if f.temp == nil {
		return nil
	}
	err := f.temp.Close()
	if gone := os.Remove(f.temp.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// openRandom opens a format that is not read from its beginning to its end. Where
// in is no file, the stream is put into one.
func openRandom(in io.Reader, stream io.Reader, format Format, options Options, columns *columns) (source, error) {
	file, err := randomOf(in, stream)
	if err != nil {
		return nil, err
	}
	var s source
	if format == XLSX {
		s, err = openSheet(file, options, columns)
	} else {
		s, err = openParquet(file)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

func randomOf(in io.Reader, stream io.Reader) (*randomFile, error) {
	switch f := in.(type) {
	case *counted:
		return randomOf(f.File, stream)
	case *os.File:
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return &randomFile{ReaderAt: f, size: info.Size()}, nil
		}
	case interface {
		io.ReaderAt
		Size() int64
	}:
		return &randomFile{ReaderAt: f, size: f.Size()}, nil
	}
	return spool(stream)
}

func spool(stream io.Reader) (*randomFile, error) {
	temp, err := os.CreateTemp("", "duijie-import-")
	if err != nil {
		return nil, err
	}
	// Where the system allows it, the file has no name from here on, so that it goes
	// with this process, however that ends.
	_ = os.Remove(temp.Name())
	out := &randomFile{ReaderAt: temp, temp: temp}
	out.size, err = io.Copy(temp, io.LimitReader(stream, maxSpool+1))
	switch {
	case err != nil:
		err = readError(err)
	case out.size > maxSpool:
		err = exhausted("", "is larger than %d GiB", maxSpool>>30)
	default:
		return out, nil
	}
	out.Close()
	return nil, err
}

func exhausted(field, reason string, args ...any) *match.Error {
	return (&match.Error{Kind: match.Exhausted, Field: field}).Because(reason, args...)
}

func corrupt(reason string, err error) *match.Error {
	return &match.Error{Kind: match.Corrupt, Reason: reason, Err: err}
}

// guard calls a part of a parser that others wrote. It turns a panic, which
// damaged input may cause there, into an error of kind Corrupt.
func guard(doing string, call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = corrupt(doing, fmt.Errorf("the parser failed: %v (at %s)", p, panicPlace(debug.Stack())))
		}
	}()
	return call()
}
