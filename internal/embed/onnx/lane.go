package onnx

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text/subword"
)

// lane is the memory of one run at a time: what the library reads or writes. A
// lane lies on the heap and is pinned while the library runs, since a goroutine's
// stack may move then.
type lane struct {
	session *session
	wide    [4][]int64 // numbers by source, for graphs that want int64
	narrow  [4][]int32

	shape      [2]int64
	names      [4]uintptr
	values     [4]uintptr
	outputName uintptr
	output     uintptr
	written    uintptr        // what a call gives besides
	data       unsafe.Pointer // the output's numbers
	dims       [3]int64
}

// states are the vectors that a graph gives for one text: rows of dim numbers,
// one for each token or one for the text. They are the library's until the text's
// run ends.
type states struct {
	numbers   []float32
	rows, dim int
}

// run embeds one text, and hands what the graph gives to use.
func (l *lane) run(e subword.Encoding, use func(states) error) error {
	var pins runtime.Pinner
	defer pins.Unpin()
	pins.Pin(l)
	defer l.release()
	if err := l.feed(e, &pins); err != nil {
		return err
	}
	s := l.session
	l.outputName = s.output.pin(&pins)
	err := s.library.call(run, s.handle, 0,
		uintptr(unsafe.Pointer(&l.names)), uintptr(unsafe.Pointer(&l.values)), uintptr(len(s.inputs)),
		uintptr(unsafe.Pointer(&l.outputName)), 1, uintptr(unsafe.Pointer(&l.output)))
	if err != nil {
		return err
	}
	out, err := l.states()
	if err != nil {
		return err
	}
	return use(out)
}

// feed makes the graph's inputs: one row of numbers each.
func (l *lane) feed(e subword.Encoding, pins *runtime.Pinner) error {
	s := l.session
	l.shape = [2]int64{1, int64(len(e.IDs))}
	for i, in := range s.inputs {
		data, size := l.numbers(in, e, pins)
		l.names[i] = in.name.pin(pins)
		err := s.library.call(createTensorWithData, s.library.memory, data, size,
			uintptr(unsafe.Pointer(&l.shape)), 2, in.kind, uintptr(unsafe.Pointer(&l.values[i])))
		if err != nil {
			return err
		}
	}
	return nil
}

// numbers fills one input, and gives its address and its size in bytes.
func (l *lane) numbers(in input, e subword.Encoding, pins *runtime.Pinner) (address, size uintptr) {
	if in.kind == typeInt64 {
		l.wide[in.of] = fill(l.wide[in.of], in.of, e)
		p := unsafe.SliceData(l.wide[in.of])
		pins.Pin(p)
		return uintptr(unsafe.Pointer(p)), 8 * uintptr(len(e.IDs))
	}
	l.narrow[in.of] = fill(l.narrow[in.of], in.of, e)
	p := unsafe.SliceData(l.narrow[in.of])
	pins.Pin(p)
	return uintptr(unsafe.Pointer(p)), 4 * uintptr(len(e.IDs))
}

func fill[T int32 | int64](to []T, of source, e subword.Encoding) []T {
	to = to[:0]
	for i, id := range e.IDs {
		switch of {
		case fromIDs:
			to = append(to, T(id))
		case fromMask:
			to = append(to, 1)
		case fromTypes:
			to = append(to, T(e.Types[i]))
		case fromPlaces:
			to = append(to, T(i))
		}
	}
	return to
}

// states finds the numbers and the shape of the output.
func (l *lane) states() (states, error) {
	lib := l.session.library
	shape := uintptr(unsafe.Pointer(&l.written))
	if err := lib.call(tensorTypeAndShape, l.output, shape); err != nil {
		return states{}, err
	}
	info := l.written
	defer lib.release(releaseTensorTypeAndShape, info)
	if err := lib.call(dimensionsCount, info, shape); err != nil {
		return states{}, err
	}
	rank := l.written
	if want := l.session.rank(); rank != want {
		return states{}, match.Invalidf("output", fmt.Sprintf("has %d dimensions, want %d", rank, want))
	}
	if err := lib.call(dimensions, info, uintptr(unsafe.Pointer(&l.dims)), rank); err != nil {
		return states{}, err
	}
	if err := lib.call(tensorData, l.output, uintptr(unsafe.Pointer(&l.data))); err != nil {
		return states{}, err
	}
	out := states{rows: 1, dim: int(l.dims[rank-1])}
	if rank == 3 {
		out.rows = int(l.dims[1])
	}
	if l.dims[0] != 1 || out.rows < 1 || out.dim < 1 {
		return states{}, match.Invalidf("output", fmt.Sprintf("has the shape %v", l.dims[:rank]))
	}
	out.numbers = unsafe.Slice((*float32)(l.data), out.rows*out.dim)
	return out, nil
}

// release frees what the run made.
func (l *lane) release() {
	lib := l.session.library
	for i, v := range l.values {
		lib.release(releaseValue, v)
		l.values[i] = 0
	}
	lib.release(releaseValue, l.output)
	l.output, l.data = 0, nil
}
