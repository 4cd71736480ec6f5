package segment

import (
	"errors"
	"sync/atomic"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
)

// segment is an open file of points. It never changes; which of its points are still
// alive is said beside it.
type segment struct {
	*image
	number   int64
	keys     keyTable
	payloads payloads
	columns  []*column // by place in the spec's vectors
	holders  atomic.Int64
	remove   func() error // when the last holder is gone, if it is to be removed
}

// openSegment opens a file and verifies everything in it but the vectors. Its first
// holder is the caller.
func openSegment(disk flat.Disk, path string, number int64, spec index.Spec) (*segment, error) {
	m, err := openImage(disk, path)
	if err != nil {
		return nil, err
	}
	s := &segment{image: m, number: number}
	s.holders.Store(1)
	if err := spec.Conflict(index.Spec(m.dir.Spec)); err != nil {
		return nil, errors.Join(err, m.unmap())
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, m.unmap())
	}
	return s, nil
}

func (s *segment) open() (err error) {
	if s.keys, err = openKeys(s.image); err != nil {
		return err
	}
	if s.payloads, err = openPayloads(s.image); err != nil {
		return err
	}
	for i := range s.dir.Spec.Vectors {
		c, err := openColumn(s.image, i)
		if err != nil {
			return err
		}
		s.columns = append(s.columns, c)
	}
	return nil
}

func (s *segment) points() int { return s.dir.Points }

// column returns the vectors of a name, which must be one of the spec's.
func (s *segment) column(name string) *column {
	for i, have := range s.dir.Spec.Vectors {
		if have == name {
			return s.columns[i]
		}
	}
	return nil
}

// point returns what is stored in a slot; its vectors are the caller's own.
func (s *segment) point(slot uint32) (index.Point, error) {
	p := index.Point{Key: s.keys.key(slot), Vectors: map[string][]float32{}}
	for i, name := range s.dir.Spec.Vectors {
		c := s.columns[i]
		row := c.places.at(slot)
		if row == noRow {
			continue
		}
		v := make([]float32, c.dim)
		if row != zeroRow {
			if err := c.vector(row, v); err != nil {
				return p, err
			}
		}
		p.Vectors[name] = v
	}
	return p, nil
}

func (s *segment) hold() { s.holders.Add(1) }

// release ends what hold began. The last one unmaps the file; nothing is read then.
func (s *segment) release() error {
	if s.holders.Add(-1) > 0 {
		return nil
	}
	err := s.unmap()
	if s.remove != nil {
		err = errors.Join(err, s.remove())
	}
	return err
}

// member is a segment with its living slots. It does not change.
type member struct {
	*segment
	live  facet.Bitmap
	alive int
}

func newMember(s *segment, live facet.Bitmap) member { return member{s, live, live.Count()} }

// allAlive is the bitmap of a segment nothing of which was deleted.
func allAlive(points int) facet.Bitmap {
	live := facet.NewBitmap(points)
	live.Fill(points)
	return live
}

// without returns the member without some slots.
func (m member) without(slots []uint32) member {
	live := append(facet.Bitmap(nil), m.live...)
	for _, slot := range slots {
		live.Clear(slot)
	}
	return newMember(m.segment, live)
}

// living returns the slot of a key that is alive; h is the key's hash.
func (m member) living(key string, h uint64) (uint32, bool) {
	slot, ok := m.keys.find(key, h)
	return slot, ok && m.live.Has(slot)
}
