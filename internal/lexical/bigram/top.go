package bigram

import (
	"cmp"
	"container/heap"
	"slices"
)

// top keeps the best of what it is offered: a heap with the worst kept one first.
type top struct {
	limit     int
	documents []document
	list      []candidate
}

type candidate struct {
	slot  uint32
	score float64
}

func newTop(limit int, documents []document) *top {
	return &top{limit: limit, documents: documents}
}

// offer keeps a document if it is among the best so far.
func (t *top) offer(slot uint32, score float64) {
	c := candidate{slot, score}
	switch {
	case len(t.list) < t.limit:
		t.list = append(t.list, c)
		if len(t.list) == t.limit {
			heap.Init(t)
		}
	case score >= t.list[0].score && t.compare(c, t.list[0]) < 0:
		t.list[0] = c
		heap.Fix(t, 0)
	}
}

// sorted returns the best, best first; nothing may be offered after it.
func (t *top) sorted() []candidate {
	slices.SortFunc(t.list, t.compare)
	return t.list
}

// compare puts the higher score first, and of equal ones the smaller key.
func (t *top) compare(a, b candidate) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return cmp.Compare(t.documents[a.slot].key, t.documents[b.slot].key)
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (t *top) Len() int           { return len(t.list) }
func (t *top) Less(i, j int) bool { return t.compare(t.list[i], t.list[j]) > 0 }
func (t *top) Swap(i, j int)      { t.list[i], t.list[j] = t.list[j], t.list[i] }

// Push is not used: a full heap only replaces.
func (t *top) Push(any) {}

// Pop is not used.
func (t *top) Pop() any { return nil }
