package quant

// Best keeps the limit best of the items it is given, the worst of them at the
// root of a heap. It grows with what it holds, however large the limit is.
type Best[T any] struct {
	Limit int
	Worse func(a, b T) bool
	Items []T // in no order
}

// Full tells whether there are Limit items.
func (b *Best[T]) Full() bool { return len(b.Items) >= b.Limit }

// Worst returns the item that goes next; there must be one.
func (b *Best[T]) Worst() T { return b.Items[0] }

// Add takes x in, and drops the worst if there are too many then.
func (b *Best[T]) Add(x T) {
	if !b.Full() {
		b.Items = append(b.Items, x)
		b.up(len(b.Items) - 1)
	} else if b.Worse(b.Items[0], x) {
		b.Items[0] = x
		b.down(0)
	}
}

func (b *Best[T]) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !b.Worse(b.Items[i], b.Items[parent]) {
			return
		}
		b.Items[i], b.Items[parent] = b.Items[parent], b.Items[i]
		i = parent
	}
}

func (b *Best[T]) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(b.Items) {
			return
		}
		if child+1 < len(b.Items) && b.Worse(b.Items[child+1], b.Items[child]) {
			child++
		}
		if !b.Worse(b.Items[child], b.Items[i]) {
			return
		}
		b.Items[i], b.Items[child] = b.Items[child], b.Items[i]
		i = child
	}
}
