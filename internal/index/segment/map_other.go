//go:build !unix

package segment

import "github.com/duijie/duijie/internal/index/flat"

// mapped returns the bytes of a file, read into memory.
func mapped(f flat.File, size int64) (data []byte, unmap func() error, err error) {
	return readWhole(f, size)
}
