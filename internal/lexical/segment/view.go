package segment

import (
	"slices"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/match"
)

// view is a segment with the documents that were deleted since it was written.
type view struct {
	*segment
	number uint64 // of the file
	dead   facet.Bitmap
	killed int
	// flushed is dead as of the last Flush; never changed in place.
	flushed facet.Bitmap
	// deadOf counts the dead documents by term; nil where none is dead.
	deadOf []uint32
}

// newView takes dead, which may be nil, as what is deleted and flushed.
func newView(s *segment, number uint64, dead facet.Bitmap) (*view, error) {
	v := &view{segment: s, number: number, dead: facet.NewBitmap(int(s.docs)), flushed: dead}
	for doc := range s.docs {
		if dead.Has(doc) {
			if err := v.kill(doc); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// kill marks a document that is not dead.
func (v *view) kill(doc uint32) error {
	if v.deadOf == nil {
		v.deadOf = make([]uint32, v.terms)
	}
	ids, _, err := v.allTerms(doc, nil, nil)
	if err != nil {
		return err
	}
	for _, id := range ids {
		v.deadOf[id]++
	}
	v.dead.Set(doc)
	v.killed++
	return nil
}

// flush notes that what is dead now is to survive a crash.
func (v *view) flush() {
	if v.killed > 0 {
		v.flushed = slices.Clone(v.dead)
	}
}

func (v *view) live() int { return int(v.docs) - v.killed }

// length is how many terms the live documents have, repeated ones as often as they occur.
func (v *view) length() int {
	n := int(v.total)
	for doc := range v.docs {
		if v.dead.Has(doc) {
			n -= int(v.lengths.at(doc))
		}
	}
	return n
}

// at finds the live document with a key.
func (v *view) at(key []byte) (doc uint32, ok bool, err error) { return v.atHash(key, hashOf(key)) }

// atHash is at for who has the key's hash.
func (v *view) atHash(key []byte, hash uint64) (doc uint32, ok bool, err error) {
	return v.find(key, hash, func(doc uint32) bool { return !v.dead.Has(doc) })
}

// selected returns the live documents that meet all conditions.
func (v *view) selected(conditions []match.Condition) (facet.Bitmap, error) {
	out := facet.NewBitmap(int(v.docs))
	out.Fill(int(v.docs))
	for i, word := range v.dead {
		out[i] &^= word
	}
	for _, c := range conditions {
		met, err := v.meeting(c)
		if err != nil {
			return nil, err
		}
		out.And(met)
	}
	return out, nil
}
