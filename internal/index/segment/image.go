package segment

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/index/flat"
)

func readWhole(f flat.File, size int64) ([]byte, func() error, error) {
	data := make([]byte, size)
	if n, err := f.ReadAt(data, 0); err != nil && (err != io.EOF || int64(n) < size) {
		return nil, nil, err
	}
	return data, func() error { return nil }, nil
}

// image is a segment's file in memory. No byte of a section is used before its block
// was compared with its checksum:
//
//	     block compared, right
//	new ──────────────────────▶ sound
//	 │   block compared, wrong
//	 └────────────────────────▶ every later use fails with the same error
type image struct {
	path  string
	data  []byte
	unmap func() error
	dir   *directory

	sums  u32s
	first []int64           // block of the whole file that a section begins with
	known []atomic.Uint64   // blocks that were found right
	sound atomic.Bool       // all were
	fault atomic.Value      // of error
	place map[string]extent // by name
	order map[string]int    // of sections, by name
	todo  atomic.Int64      // the next block to verify
}

func openImage(disk flat.Disk, path string) (*image, error) {
	f, err := disk.Open(path)
	if err != nil {
		return nil, readError(path, err)
	}
	defer f.Close() // a mapping outlives it
	size, err := f.Size()
	if err != nil {
		return nil, readError(path, err)
	}
	data, unmap, err := mapped(f, size)
	if err != nil {
		return nil, readError(path, err)
	}
	m := &image{path: path, data: data, unmap: unmap}
	if err := m.read(); err != nil {
		return nil, errors.Join(err, unmap())
	}
	return m, nil
}

func (m *image) read() (err error) {
	if m.dir, err = readDirectory(m.data, m.path); err != nil {
		return err
	}
	last := m.dir.Sections[len(m.dir.Sections)-1]
	m.sums = u32s(m.data[last.At : last.At+last.Size])
	if crc32.Checksum(m.sums, castagnoli) != m.dir.Sums {
		return corrupt(m.path, last.At, errors.New("the checksum of the checksums is wrong"))
	}
	m.place, m.order = map[string]extent{}, map[string]int{}
	blocks := int64(0)
	for i, e := range m.dir.Sections[:len(m.dir.Sections)-1] {
		m.place[e.Name], m.order[e.Name] = e, i
		m.first = append(m.first, blocks)
		blocks += e.blocks()
	}
	m.first = append(m.first, blocks)
	m.known = make([]atomic.Uint64, (blocks+63)/64)
	return nil
}

// lazy returns the bytes of a section, each block of which has to be verified before it
// is read, and the section's number. size is what it must have.
func (m *image) lazy(name string, size int64) ([]byte, int, error) {
	e, ok := m.place[name]
	if !ok || e.Size != size {
		return nil, 0, corrupt(m.path, e.At, fmt.Errorf("section %q has %d bytes, not %d", name, e.Size, size))
	}
	return m.data[e.At : e.At+e.Size : e.At+e.Size], m.order[name], nil
}

// section returns the bytes of a verified section; size −1 is any.
func (m *image) section(name string, size int64) ([]byte, error) {
	if size < 0 {
		size = m.place[name].Size
	}
	data, number, err := m.lazy(name, size)
	if err != nil {
		return nil, err
	}
	return data, m.verify(number, 0, size)
}

// verify compares the blocks of a section's bytes from…to with their checksums, unless
// that was done before.
func (m *image) verify(section int, from, to int64) error {
	if m.sound.Load() || from >= to {
		return nil
	}
	if err, ok := m.fault.Load().(error); ok {
		return err
	}
	first := m.first[section]
	for b := first + from/blockSize; b <= first+(to-1)/blockSize; b++ {
		if m.known[b/64].Load()&(1<<(b%64)) != 0 {
			continue
		}
		if err := m.block(section, b); err != nil {
			return err
		}
	}
	return nil
}

// block verifies a block of a section.
func (m *image) block(section int, b int64) error {
	if err, ok := m.fault.Load().(error); ok {
		return err
	}
	e := m.dir.Sections[section]
	from := (b - m.first[section]) * blockSize
	data := m.data[e.At+from : e.At+min(from+blockSize, e.Size)]
	if crc32.Checksum(data, castagnoli) != m.sums.at(uint32(b)) {
		m.fault.CompareAndSwap(nil, corrupt(m.path, e.At+from, fmt.Errorf("a checksum in section %q is wrong", e.Name)))
		return m.fault.Load().(error)
	}
	m.known[b/64].Or(1 << (b % 64))
	return nil
}

// verifyAll verifies what is left, with some workers, until it is done or stop tells
// that it is enough for now.
func (m *image) verifyAll(workers int, stop func() bool) error {
	var wg sync.WaitGroup
	errs := make([]error, workers)
	for i := range errs {
		wg.Go(func() { errs[i] = m.verifySome(stop) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return errs[firstOf(errs)]
	}
	if m.allKnown() {
		m.sound.Store(true)
	}
	return nil
}

func firstOf(errs []error) int {
	for i, err := range errs {
		if err != nil {
			return i
		}
	}
	return -1
}

func (m *image) verifySome(stop func() bool) error {
	const step = 16
	section := 0
	for !stop() {
		from := m.todo.Add(step) - step
		for b := from; b < min(from+step, m.first[len(m.first)-1]); b++ {
			for b >= m.first[section+1] {
				section++
			}
			if m.known[b/64].Load()&(1<<(b%64)) != 0 {
				continue
			}
			if err := m.block(section, b); err != nil {
				return err
			}
		}
		if from >= m.first[len(m.first)-1] {
			return nil
		}
	}
	return nil
}

func (m *image) allKnown() bool {
	n := 0
	for i := range m.known {
		n += bits.OnesCount64(m.known[i].Load())
	}
	return int64(n) == m.first[len(m.first)-1]
}

// until gives a stop for verifyAll.
func until(deadline time.Time) func() bool { return func() bool { return time.Now().After(deadline) } }

func never() bool { return false }
