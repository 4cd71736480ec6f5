package flattest

import (
	"errors"
	"io"
	"math/rand/v2"
	"slices"
)

const sector = 512

// inode is a file without its names.
type inode struct {
	data   []byte // what programs see
	synced []byte // what survives for sure
	since  []func([]byte, *rand.Rand) []byte
}

// survivor is what is left of the file: of each unsynced change some sectors.
func (n *inode) survivor(random *rand.Rand) []byte {
	out := slices.Clone(n.synced)
	switch random.IntN(3) {
	case 0: // nothing of it
	case 1: // the first changes, whole
		for _, change := range n.since[:random.IntN(len(n.since)+1)] {
			out = change(out, nil)
		}
	default:
		for _, change := range n.since {
			out = change(out, random)
		}
	}
	return out
}

func (n *inode) change(c func([]byte, *rand.Rand) []byte) {
	n.data = c(n.data, nil)
	n.since = append(n.since, c)
}

type file struct {
	disk *Disk
	node *inode
}

func (f *file) ReadAt(b []byte, at int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.dead {
		return 0, ErrPower
	}
	if at >= int64(len(f.node.data)) {
		return 0, io.EOF
	}
	n := copy(b, f.node.data[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.node.data)), nil
}

func (f *file) WriteAt(b []byte, at int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	fault, err := f.disk.change(Full)
	if err != nil {
		return 0, err
	}
	n := len(b)
	if fault != 0 && n > 0 {
		n = f.disk.random.IntN(n)
	}
	f.node.change(written(slices.Clone(b[:n]), at))
	return n, errorOf(fault)
}

// written puts b at an offset, or only some of its sectors where random says so.
func written(b []byte, at int64) func([]byte, *rand.Rand) []byte {
	return func(data []byte, random *rand.Rand) []byte {
		for from := 0; from < len(b); {
			to := min(len(b), from+sector-int(at+int64(from))%sector)
			if random == nil || random.IntN(2) == 0 {
				if grow := int(at) + to - len(data); grow > 0 {
					data = append(data, make([]byte, grow)...)
				}
				copy(data[int(at)+from:], b[from:to])
			}
			from = to
		}
		return data
	}
}

func (f *file) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	fault, err := f.disk.change()
	if fault != 0 || err != nil {
		return errors.Join(err, errorOf(fault))
	}
	f.node.change(func(data []byte, random *rand.Rand) []byte {
		switch {
		case random != nil && random.IntN(2) == 0:
			return data
		case int64(len(data)) < size:
			return append(data, make([]byte, int(size)-len(data))...)
		}
		return data[:size:size]
	})
	return nil
}

func (f *file) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	fault, err := f.disk.change(BadSync)
	if err != nil {
		return err
	}
	if fault == 0 {
		f.node.synced = slices.Clone(f.node.data)
	}
	if fault != Power {
		f.node.since = nil
	}
	return errorOf(fault)
}

func (f *file) Close() error { return nil }
