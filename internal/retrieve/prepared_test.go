package retrieve

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// block is a prepared record of a size.
type block int

func (b block) Bytes() int { return int(b) }

func TestWhatIsKeptOfRecordsIsBoundedAndTheLastUsedStays(t *testing.T) {
	var c preparedCache
	key := func(revision int64) preparedKey { return preparedKey{"r", match.Ref{ID: "P"}, revision} }
	const each = preparedBytes / 10
	c.put(key(0), block(each))
	for i := range int64(50) {
		if c.get(key(0)) == nil {
			t.Fatalf("what was used last is gone after %d others", i)
		}
		c.put(key(i+1), block(each))
		if bytes, entries := c.Size(); bytes > preparedBytes || entries*(each+entryBytes) != bytes {
			t.Fatalf("%d bytes in %d entries", bytes, entries)
		}
	}
	if c.get(key(1)) != nil || c.get(key(50)) == nil {
		t.Error("the first one is kept, or the last one is not")
	}
	c.put(key(99), block(preparedBytes))
	if c.get(key(99)) != nil || c.get(key(50)) == nil {
		t.Error("one that is larger than all the room took it")
	}
	c.put(key(50), block(1))
	if got := c.get(key(50)); got != rank.Prepared(block(each)) {
		t.Errorf("a second value of a revision replaced the first: %v", got)
	}
}
