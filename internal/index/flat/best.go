package flat

// best keeps the limit best of the items it is given, the worst of them at the
// root of a heap. It grows with what it holds, however large the limit is.
type best[T any] struct {
	limit int
	worse func(a, b T) bool
	items []T
}

func (b *best[T]) full() bool { return len(b.items) >= b.limit }

// worst returns the item that goes next; there must be one.
func (b *best[T]) worst() T { return b.items[0] }

func (b *best[T]) add(x T) {
	if !b.full() {
		b.items = append(b.items, x)
		b.up(len(b.items) - 1)
	} else if b.worse(b.items[0], x) {
		b.items[0] = x
		b.down(0)
	}
}

func (b *best[T]) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !b.worse(b.items[i], b.items[parent]) {
			return
		}
		b.items[i], b.items[parent] = b.items[parent], b.items[i]
		i = parent
	}
}

func (b *best[T]) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(b.items) {
			return
		}
		if child+1 < len(b.items) && b.worse(b.items[child+1], b.items[child]) {
			child++
		}
		if !b.worse(b.items[child], b.items[i]) {
			return
		}
		b.items[i], b.items[child] = b.items[child], b.items[i]
		i = child
	}
}
