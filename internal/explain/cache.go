package explain

import (
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/recent"
)

// sidesBytes bounds what is kept of records that were taken apart.
const sidesBytes = 64 << 20

// sideKey names a revision; revisions never change, so that what is kept is never stale.
type sideKey struct {
	ref      match.Ref
	revision int64
}

// sides keeps the sides that were used last.
type sides struct {
	recent.Cache[sideKey, *Side]
}

// get returns nil where nothing is kept.
func (c *sides) get(k sideKey) *Side {
	s, _ := c.Get(k)
	return s
}

// put keeps the first side of a key: all of them are equal. One that would take an eighth of
// the room is not kept.
func (c *sides) put(k sideKey, s *Side) {
	if n := s.bytes(); n <= sidesBytes/8 {
		c.Add(k, s, n, sidesBytes)
	}
}

// Forget drops all that is kept.
func (e *Explainer) Forget() { e.sides.Clear() }
