// Package recent keeps what was used last, within so many bytes.
package recent

import (
	"container/list"
	"sync"
)

// Cache keeps the values that were used last. The zero value is empty; it is safe for
// concurrent use.
type Cache[K comparable, V any] struct {
	mu    sync.Mutex
	bytes int
	order list.List // of entry[K, V], the last used first
	byKey map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

// Get returns the value of a key, and whether one is kept.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.byKey[key]
	if at == nil {
		return value, false
	}
	c.order.MoveToFront(at)
	return at.Value.(entry[K, V]).value, true
}

// Add keeps a value of so many bytes, and forgets those that were not used longest until at
// most most bytes are kept. The first value of a key stays, and a value of more than that is
// not kept.
func (c *Cache[K, V]) Add(key K, value V, bytes, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] != nil || bytes > most {
		return
	}
	if c.byKey == nil {
		c.byKey = map[K]*list.Element{}
	}
	c.byKey[key] = c.order.PushFront(entry[K, V]{key, value, bytes})
	for c.bytes += bytes; c.bytes > most; {
		c.remove(c.order.Back())
	}
}

// Remove forgets a key.
func (c *Cache[K, V]) Remove(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at := c.byKey[key]; at != nil {
		c.remove(at)
	}
}

func (c *Cache[K, V]) remove(at *list.Element) {
	e := c.order.Remove(at).(entry[K, V])
	delete(c.byKey, e.key)
	c.bytes -= e.bytes
}

// Clear forgets all.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes, c.byKey = 0, nil
	c.order.Init()
}

// Size is what is kept: how many bytes, and values.
func (c *Cache[K, V]) Size() (bytes, values int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes, c.order.Len()
}
