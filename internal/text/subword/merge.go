package subword

// link is a symbol of a word in a doubly linked list; id none is merged away.
type link struct {
	id         int32
	prev, next int32
}

// candidate are two neighbours that may merge.
type candidate struct {
	rank, place, id int32
}

func (c candidate) before(d candidate) bool {
	return c.rank < d.rank || c.rank == d.rank && c.place < d.place
}

// merge applies the rules to ids in place and gives how many remain.
func (m *pairEncoding) merge(ids []int32) int {
	if len(ids) < 2 || len(m.merges) == 0 {
		return len(ids)
	}
	w := word{rules: m.merges, links: make([]link, len(ids)), queue: make([]candidate, 0, len(ids))}
	for i, id := range ids {
		w.links[i] = link{id: id, prev: int32(i) - 1, next: int32(i) + 1}
	}
	w.links[len(ids)-1].next = none
	for i := range w.links {
		w.consider(int32(i))
	}
	for len(w.queue) > 0 {
		w.apply(w.pop())
	}
	n := 0
	for i := int32(0); i != none; i = w.links[i].next {
		ids[n] = w.links[i].id
		n++
	}
	return n
}

// word is a word while it is merged.
type word struct {
	rules map[[2]int32]merge
	links []link
	queue []candidate // a heap, the next candidate first
}

// rule is that of the symbol at place and its right neighbour.
func (w *word) rule(place int32) (merge, bool) {
	left := w.links[place]
	if left.id == none || left.next == none {
		return merge{}, false
	}
	r, ok := w.rules[[2]int32{left.id, w.links[left.next].id}]
	return r, ok
}

func (w *word) consider(place int32) {
	if r, ok := w.rule(place); ok {
		w.push(candidate{rank: r.rank, place: place, id: r.id})
	}
}

// apply merges a candidate, unless its symbols have changed since.
func (w *word) apply(c candidate) {
	if r, ok := w.rule(c.place); !ok || r.id != c.id {
		return
	}
	left := &w.links[c.place]
	right := &w.links[left.next]
	left.id, left.next = c.id, right.next
	right.id = none
	if left.next != none {
		w.links[left.next].prev = c.place
	}
	if left.prev != none {
		w.consider(left.prev)
	}
	w.consider(c.place)
}

func (w *word) push(c candidate) {
	w.queue = append(w.queue, c)
	q := w.queue
	for i := len(q) - 1; i > 0; {
		up := (i - 1) / 2
		if !q[i].before(q[up]) {
			return
		}
		q[i], q[up] = q[up], q[i]
		i = up
	}
}

func (w *word) pop() candidate {
	q := w.queue
	top, last := q[0], len(q)-1
	q[0], q = q[last], q[:last]
	w.queue = q
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(q) {
			return top
		}
		if down+1 < len(q) && q[down+1].before(q[down]) {
			down++
		}
		if !q[down].before(q[i]) {
			return top
		}
		q[i], q[down] = q[down], q[i]
		i = down
	}
}
