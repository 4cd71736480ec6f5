package segment

import (
	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/match"
)

// bufferDocs is how many documents, dead ones included, a buffer takes.
const bufferDocs = 1 << 15

// buffer holds documents that are in no file yet, by slot. Its owner locks it. A
// search reads all of it, so that a write touches the document alone.
type buffer struct {
	docs   []buffered
	slots  map[string]uint32
	facets facet.Set
}

type buffered struct {
	key string // empty where the slot is dead
	taken
}

func newBuffer() *buffer { return &buffer{slots: map[string]uint32{}} }

func (b *buffer) append(key string, t taken, p match.Payload) {
	slot := b.facets.Append(p)
	b.docs = append(b.docs, buffered{key, t})
	b.slots[key] = slot
}

func (b *buffer) kill(key string, slot uint32) {
	delete(b.slots, key)
	b.facets.Kill(slot)
	b.docs[slot].key = ""
}
