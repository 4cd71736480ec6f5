package retrieve

import (
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/recent"
)

// preparedBytes bounds what is kept of records that were taken apart.
const preparedBytes = 64 << 20

// preparedKey names a record as one ranker sees it. Revisions never change, so that
// what is kept is never stale.
type preparedKey struct {
	ranker   string
	ref      match.Ref
	revision int64
}

// preparedCache keeps the records that were taken apart last.
type preparedCache struct {
	recent.Cache[preparedKey, rank.Prepared]
}

// entryBytes is about what an entry takes besides its value.
const entryBytes = 300

// get returns nil where nothing is kept.
func (c *preparedCache) get(k preparedKey) rank.Prepared {
	p, _ := c.Get(k)
	return p
}

// put keeps the first value of a key: all of them are equal.
func (c *preparedCache) put(k preparedKey, v rank.Prepared) {
	c.Add(k, v, v.Bytes()+entryBytes, preparedBytes)
}
