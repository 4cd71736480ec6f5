package bigram

// fewDead is how many dead slots are not worth a rebuild.
const fewDead = 64

// wasteful tells whether over half of the slots are dead.
func (c *contents) wasteful() bool {
	dead := len(c.documents) - len(c.slots)
	return dead > fewDead && dead > len(c.slots)
}

// compacted returns the same documents in the same order without the dead slots
// and the terms that only those had.
func (c *contents) compacted() *contents {
	ids, n := c.liveIDs()
	out := newContents(n)
	out.dictionary = c.dictionary.renumbered(ids, n)
	out.postings = make([]postings, n)
	for slot, d := range c.documents {
		if !c.alive(uint32(slot)) {
			continue
		}
		payload := c.payloads.load(d.payload)
		d.terms = d.terms.renumbered(ids)
		out.append(d, c.lengths[slot], payload)
	}
	return out
}

// liveIDs numbers the terms of live documents anew; the others are gone.
func (c *contents) liveIDs() (ids []uint32, n int) {
	ids = make([]uint32, len(c.postings))
	for id := range c.postings {
		ids[id] = gone
		if c.postings[id].live > 0 {
			ids[id] = uint32(n)
			n++
		}
	}
	return ids, n
}

func (c *contents) alive(slot uint32) bool { return c.documents[slot].key != "" }

func (s stream) renumbered(ids []uint32) stream {
	out := make(stream, 0, len(s))
	for id, tf := range s.all() {
		out = out.append(ids[id], tf)
	}
	return out
}
