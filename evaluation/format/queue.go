package format

import (
	"cmp"
	"io"
	"runtime"
	"sync"
)

// eachBlock parses r with several goroutines, and calls take with one block after the
// other in the order of the file, until take has an error. taking is that error, reading
// one of r.
func eachBlock(r io.Reader, workers int, start func() *parser, find func(*block), take func(*block) error) (taking, reading error) {
	workers = cmp.Or(workers, runtime.GOMAXPROCS(0))
	from := &source{r: r}
	q := &queue{parsed: map[int]*block{}, free: make(chan *block, 2*workers), take: func(b *block) error {
		err := take(b)
		if err != nil {
			from.stop()
		}
		return err
	}}
	for range cap(q.free) {
		q.free <- new(block)
	}
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			p := start()
			for b := range q.free {
				if !from.next(b) {
					q.free <- b // for others that wait
					return
				}
				p.parse(b)
				find(b)
				q.put(b)
			}
		})
	}
	wait.Wait()
	return q.err, from.err
}

// queue is blocks that wait for their turn to be taken.
type queue struct {
	lock   sync.Mutex
	parsed map[int]*block
	next   int  // the number of the block whose turn it is
	busy   bool // some goroutine takes blocks
	take   func(*block) error
	err    error       // the first; nothing is taken after it
	free   chan *block // those that were taken; no more are in use than it holds
}

// put adds a block. Then it takes those whose turn has come, unless another goroutine
// does: that one takes this block too.
func (q *queue) put(b *block) {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.parsed[b.number] = b
	if q.busy {
		return
	}
	q.busy = true
	for b := q.parsed[q.next]; b != nil; b = q.parsed[q.next] {
		delete(q.parsed, q.next)
		q.next++
		q.lock.Unlock()
		if q.err == nil { // only the busy goroutine looks at it
			q.err = q.take(b)
		}
		q.free <- b
		q.lock.Lock()
	}
	q.busy = false
}
