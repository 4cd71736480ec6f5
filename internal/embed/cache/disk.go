package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/duijie/duijie/internal/match"
)

// segments is how many of them a full folder has: its limit is kept by dropping one.
const segments = 8

var errChecksum = errors.New("a vector does not fit its checksum")

// disk is the folder of one model.
type disk struct {
	dir      string
	identity string
	dim      int
	limit    int64
	readOnly bool

	mu    sync.RWMutex
	segs  []*segment       // oldest first; the last one is written to
	where map[uint64]place // by the first 8 bytes of the key
}

// place is a slot of a segment.
type place struct {
	segment uint32 // its number
	slot    uint32
}

// dirOf is the folder of a model below dir.
func dirOf(dir, identity string) string {
	sum := sha256.Sum256([]byte(identity))
	return filepath.Join(dir, hex.EncodeToString(sum[:6]))
}

// openDisk reads the keys of all segments. A segment that cannot be read as one is
// taken away (in read-only mode, left out).
func openDisk(c Config, identity string, dim int) (*disk, error) {
	d := &disk{dir: dirOf(c.Dir, identity), identity: identity, dim: dim, limit: c.DiskBytes, readOnly: c.ReadOnly, where: map[uint64]place{}}
	if !c.ReadOnly {
		if err := os.MkdirAll(d.dir, 0o700); err != nil {
			return nil, &match.Error{Kind: match.Denied, Record: d.dir, Reason: "the folder for embedded texts cannot be made", Err: err}
		}
	}
	numbers, err := segmentNumbers(d.dir)
	if err != nil {
		return nil, &match.Error{Kind: match.Unavailable, Record: d.dir, Reason: "cannot be read", Err: err}
	}
	for _, n := range numbers {
		s, keys, err := openSegment(d, n)
		if err != nil {
			if !c.ReadOnly {
				removeSegment(d.dir, n)
			}
			continue
		}
		d.segs = append(d.segs, s)
		for slot, k := range keys {
			d.where[prefixOf(k)] = place{n, uint32(slot)}
		}
	}
	return d, nil
}

func prefixOf(k key) uint64 { return binary.LittleEndian.Uint64(k[:8]) }

// get returns the vector of k, or nil. A vector that is not what was written is
// errChecksum.
func (d *disk) get(k key) ([]float32, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	at, ok := d.where[prefixOf(k)]
	if !ok {
		return nil, nil
	}
	s := d.segment(at.segment)
	if s == nil {
		return nil, nil
	}
	return s.read(k, at.slot)
}

// segment finds a segment by its number; the caller holds mu.
func (d *disk) segment(number uint32) *segment {
	i, ok := slices.BinarySearchFunc(d.segs, number, func(s *segment, n uint32) int { return int(int64(s.number) - int64(n)) })
	if !ok {
		return nil
	}
	return d.segs[i]
}

// put appends vectors. The oldest segment goes when the limit is reached.
func (d *disk) put(keys []key, vectors [][]float32) error {
	if d.readOnly {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(keys) > 0 {
		s, err := d.current()
		if err != nil {
			return err
		}
		n := min(len(keys), int(s.room(d.limit)))
		first := s.count
		if err := s.write(keys[:n], vectors[:n]); err != nil {
			return err
		}
		for i, k := range keys[:n] {
			d.where[prefixOf(k)] = place{s.number, first + uint32(i)}
		}
		keys, vectors = keys[n:], vectors[n:]
	}
	return nil
}

// current is the segment with room for one vector at least.
func (d *disk) current() (*segment, error) {
	number := uint32(1)
	if len(d.segs) > 0 {
		last := d.segs[len(d.segs)-1]
		if last.room(d.limit) > 0 {
			return last, nil
		}
		number = last.number + 1
	}
	for len(d.segs) >= segments {
		d.drop()
	}
	s, err := createSegment(d, number)
	if err != nil {
		return nil, err
	}
	d.segs = append(d.segs, s)
	return s, nil
}

// drop takes the oldest segment away.
func (d *disk) drop() {
	oldest := d.segs[0]
	d.segs = d.segs[1:]
	oldest.close()
	removeSegment(d.dir, oldest.number)
	for k, at := range d.where {
		if at.segment == oldest.number {
			delete(d.where, k)
		}
	}
}

func (d *disk) size() (entries, bytes int64) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, s := range d.segs {
		entries += int64(s.count)
		bytes += s.bytes()
	}
	return entries, bytes
}

func (d *disk) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, s := range d.segs {
		errs = append(errs, s.close())
	}
	d.segs, d.where, d.readOnly = nil, map[uint64]place{}, true
	return errors.Join(errs...)
}
