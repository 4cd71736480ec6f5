package cache

import "container/list"

// entryOverhead is about what an entry in memory takes besides its vector, in bytes.
const entryOverhead = 200

// recent holds the vectors that were used last. Its callers lock it.
type recent struct {
	most  int
	order *list.List // of *entry, the last used first
	byKey map[key]*list.Element
}

type entry struct {
	key    key
	vector []float32
}

func newRecent(most int) *recent {
	return &recent{most: max(1, most), order: list.New(), byKey: map[key]*list.Element{}}
}

// get returns the vector itself, which must not be changed; nil where there is none.
func (r *recent) get(k key) []float32 {
	at := r.byKey[k]
	if at == nil {
		return nil
	}
	r.order.MoveToFront(at)
	return at.Value.(*entry).vector
}

func (r *recent) put(k key, v []float32) {
	if at := r.byKey[k]; at != nil {
		at.Value.(*entry).vector = v
		r.order.MoveToFront(at)
		return
	}
	r.byKey[k] = r.order.PushFront(&entry{k, v})
	if r.order.Len() > r.most {
		last := r.order.Back()
		delete(r.byKey, r.order.Remove(last).(*entry).key)
	}
}
