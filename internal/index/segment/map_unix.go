//go:build unix

package segment

import (
	"golang.org/x/sys/unix"

	"github.com/duijie/duijie/internal/index/flat"
)

// mapped returns the bytes of a file, and what gives them back. A file of this
// machine is mapped, any other is read.
func mapped(f flat.File, size int64) (data []byte, unmap func() error, err error) {
	own, ok := f.(interface{ Fd() uintptr })
	if !ok || size == 0 {
		return readWhole(f, size)
	}
	data, err = unix.Mmap(int(own.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, nil, err
	}
	return data, func() error { return unix.Munmap(data) }, nil
}
