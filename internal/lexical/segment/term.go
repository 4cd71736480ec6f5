package segment

import (
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/text"
)

// spread is 2⁶⁴ over the golden ratio. It is odd, so that multiplying by it is one to
// one, and the highest bits of products differ for keys that are close to each other
// (Knuth 1998, The Art of Computer Programming 3, 6.4).
const spread = 0x9E3779B97F4A7C15

// keyOf is what stands for a term everywhere in this package: lexical.Key, spread.
func keyOf(term []rune) uint64 { return lexical.Key(term) * spread }

// taken are the terms of a document, each once: first those that occur several times,
// whose frequencies are tfs, and then those that occur once.
type taken struct {
	keys   []uint64
	tfs    []uint32
	length uint32 // terms, repeated ones as often as they occur
}

// counter takes texts apart. It is not safe for concurrent use.
type counter struct {
	places  []place // open addressing, a power of two
	shift   int
	stamp   uint32 // of the text at hand; places with another one are free
	keys    []uint64
	tfs     []uint32
	repeats int
}

type place struct {
	key   uint64
	at    uint32
	stamp uint32
}

func newCounter() *counter { return &counter{places: make([]place, 1<<10), shift: 64 - 10} }

// take counts the terms of a text.
func (c *counter) take(s string) taken {
	c.begin()
	length := uint32(0)
	text.Each(s, func(term []rune, _ int) {
		length++
		c.add(keyOf(term))
	})
	return c.sorted(length)
}

// distinct returns the terms of a text in the order of their first places.
func (c *counter) distinct(s string, visit func(key uint64, term []rune)) {
	c.begin()
	text.Each(s, func(term []rune, _ int) {
		key, n := keyOf(term), len(c.keys)
		if c.add(key); len(c.keys) > n {
			visit(key, term)
		}
	})
}

func (c *counter) begin() {
	c.keys, c.tfs, c.repeats = c.keys[:0], c.tfs[:0], 0
	if c.stamp++; c.stamp == 0 {
		clear(c.places)
		c.stamp = 1
	}
}

func (c *counter) add(key uint64) {
	p := c.find(key)
	if p.stamp == c.stamp {
		if c.tfs[p.at]++; c.tfs[p.at] == 2 {
			c.repeats++
		}
		return
	}
	*p = place{key, uint32(len(c.keys)), c.stamp}
	c.keys, c.tfs = append(c.keys, key), append(c.tfs, 1)
	if 2*len(c.keys) > len(c.places) {
		c.grow()
	}
}

// find returns the place of a key, or the free one where it belongs.
func (c *counter) find(key uint64) *place {
	last := uint64(len(c.places) - 1)
	for i := key >> c.shift; ; i++ {
		if p := &c.places[i&last]; p.stamp != c.stamp || p.key == key {
			return p
		}
	}
}

func (c *counter) grow() {
	c.places, c.shift = make([]place, 2*len(c.places)), c.shift-1
	for i, key := range c.keys {
		*c.find(key) = place{key, uint32(i), c.stamp}
	}
}

func (c *counter) sorted(length uint32) taken {
	out := taken{keys: make([]uint64, len(c.keys)), tfs: make([]uint32, c.repeats), length: length}
	several, once := 0, c.repeats
	for i, key := range c.keys {
		if tf := c.tfs[i]; tf > 1 {
			out.keys[several], out.tfs[several] = key, tf
			several++
		} else {
			out.keys[once] = key
			once++
		}
	}
	return out
}
