//go:build !unix

package segment

import (
	"io"
	"os"
)

// mapped returns the bytes of a file, read into memory.
func mapped(f *os.File, size int64) (data []byte, unmap func() error, err error) {
	data = make([]byte, size)
	_, err = io.ReadFull(io.NewSectionReader(f, 0, size), data)
	return data, func() error { return nil }, err
}
