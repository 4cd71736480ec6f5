package segment

import (
	"bytes"
	"cmp"
	"slices"
)

// result is a document found, with its exact score.
type result struct {
	key              []byte
	score            float64
	shared, distinct int
}

// better puts the higher score first, and of equal ones the smaller key.
func better(a, b result) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return bytes.Compare(a.key, b.key)
}

// best sorts results and cuts them to a limit.
func best(all []result, limit int) []result {
	slices.SortFunc(all, better)
	return all[:min(limit, len(all))]
}

// greatest keeps the greatest of the numbers that it is offered: a heap with the
// smallest kept one first.
type greatest struct {
	limit int
	floor float32 // that limit numbers offered elsewhere reach; 0 for none
	heap  []float32
}

// least is what a number must reach to be kept, 0 while all are.
func (g *greatest) least() float32 {
	if len(g.heap) < g.limit {
		return g.floor
	}
	return max(g.floor, g.heap[0])
}

func (g *greatest) offer(v float32) {
	h := g.heap
	switch {
	case len(h) < g.limit:
		h = append(h, v)
		for i := len(h) - 1; i > 0 && h[(i-1)/2] > h[i]; i = (i - 1) / 2 {
			h[(i-1)/2], h[i] = h[i], h[(i-1)/2]
		}
		g.heap = h
	case v > h[0]:
		h[0] = v
		for i := 0; ; {
			least := i
			for child := 2*i + 1; child <= 2*i+2 && child < len(h); child++ {
				if h[child] < h[least] {
					least = child
				}
			}
			if least == i {
				return
			}
			h[i], h[least] = h[least], h[i]
			i = least
		}
	}
}
