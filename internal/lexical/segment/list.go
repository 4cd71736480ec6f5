package segment

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// A list is documents in ascending order, each with a frequency:
//
//	│ n, uvarint │ block × n/128 │ { (gap−1)·2 + m, uvarint │ tf−2, uvarint, if m } × n%128 │
//
//	block │ width 0–32, +128 if m 1 │ (gap−1), width bits × 128 │ if m: { 1 bit } × 128 │ { tf−2, uvarint } │
//
// A gap is the difference to the document before, the first one's that to −1; m tells
// that the frequency is above 1. Bits are filled from the lowest of the first byte on.
const (
	block    = 128
	severals = 0x80
)

var errList = errors.New("a list of postings is not one")

// appendList encodes docs, which ascend, and their frequencies; tfs may be nil for 1.
func appendList(out []byte, docs, tfs []uint32) []byte {
	out = binary.AppendUvarint(out, uint64(len(docs)))
	before := ^uint32(0) // −1
	for len(docs) >= block {
		var some []uint32
		if tfs != nil {
			some, tfs = tfs[:block], tfs[block:]
		}
		out = appendBlock(out, docs[:block], some, before)
		before, docs = docs[block-1], docs[block:]
	}
	for i, doc := range docs {
		tf := uint32(1)
		if tfs != nil {
			tf = tfs[i]
		}
		out = appendPair(out, doc-before-1, tf)
		before = doc
	}
	return out
}

// appendPair encodes a number and a frequency.
func appendPair(out []byte, number, tf uint32) []byte {
	if tf == 1 {
		return binary.AppendUvarint(out, uint64(number)<<1)
	}
	out = binary.AppendUvarint(out, uint64(number)<<1|1)
	return binary.AppendUvarint(out, uint64(tf-2))
}

func appendBlock(out []byte, docs, tfs []uint32, before uint32) []byte {
	var gaps [block]uint32
	all := uint32(0)
	for i, doc := range docs {
		gaps[i] = doc - before - 1
		all |= gaps[i]
		before = doc
	}
	several := false
	for _, tf := range tfs {
		several = several || tf > 1
	}
	width := bits.Len32(all)
	head := byte(width)
	if several {
		head |= severals
	}
	out = append(out, head)
	out = appendBits(out, &gaps, width)
	if !several {
		return out
	}
	marks := len(out)
	out = append(out, make([]byte, block/8)...)
	for i, tf := range tfs {
		if tf > 1 {
			out[marks+i/8] |= 1 << (i % 8)
			out = binary.AppendUvarint(out, uint64(tf-2))
		}
	}
	return out
}

// appendBits packs the lowest width bits of each value.
func appendBits(out []byte, values *[block]uint32, width int) []byte {
	held, n := uint64(0), 0
	for _, v := range values {
		held |= uint64(v) << n
		for n += width; n >= 8; n -= 8 {
			out = append(out, byte(held))
			held >>= 8
		}
	}
	return out // 128 values of any width end with a byte
}

// maxDocs is the most documents of a segment: few enough for the sums of a search to
// stay in a processor's cache, and for several processors to share a large index.
const maxDocs = 1 << 18

// slack is how many bytes may be read behind a list: bits are read 8 bytes at a time.
const slack = 8

// reader decodes a list block by block. A list's capacity has slack bytes behind it.
type reader struct {
	in     []byte
	left   int // documents
	before uint32
	end    uint32 // all documents are below

	docs  [block]uint32
	n     int             // of docs
	marks [block / 8]byte // which frequencies are above 1, if several
	tfs   [block]uint32   // of those, in order

	several bool
}

// open begins with a list of documents below end.
func (r *reader) open(in []byte, end uint32) error {
	n, size := binary.Uvarint(in)
	if size <= 0 || n > uint64(end) || end > maxDocs {
		return errList
	}
	r.in, r.left, r.before, r.end = in[size:], int(n), ^uint32(0), end
	return nil
}

// next decodes up to 128 documents into docs; n is 0 after the last one.
func (r *reader) next() error {
	switch {
	case r.left >= block:
		return r.nextBlock()
	case r.left > 0:
		return r.nextTail()
	}
	r.n = 0
	return nil
}

func (r *reader) nextBlock() error {
	if len(r.in) < 1 {
		return errList
	}
	width := int(r.in[0] &^ severals)
	r.several = r.in[0]&severals != 0
	if width > bits.Len32(r.end) || len(r.in) < 1+16*width || cap(r.in) < 1+16*width+slack {
		return errList // wider ones would not be below end
	}
	before := unpack(r.in[1:1+16*width+slack], width, r.before, &r.docs)
	r.in = r.in[1+16*width:]
	if before >= r.end {
		return errList
	}
	r.before, r.n = before, block
	r.left -= block
	if r.several {
		return r.blockTFs()
	}
	return nil
}

func (r *reader) blockTFs() error {
	if len(r.in) < len(r.marks) {
		return errList
	}
	copy(r.marks[:], r.in)
	r.in = r.in[len(r.marks):]
	n := bits.OnesCount64(binary.LittleEndian.Uint64(r.marks[:])) + bits.OnesCount64(binary.LittleEndian.Uint64(r.marks[8:]))
	in := r.in
	for i := range n {
		if len(in) > 0 && in[0] < 0x80 { // nearly always
			r.tfs[i], in = uint32(in[0])+2, in[1:]
			continue
		}
		v, size := binary.Uvarint(in)
		if size <= 0 || v > maxTF {
			return errList
		}
		r.tfs[i], in = uint32(v)+2, in[size:]
	}
	r.in = in
	return nil
}

// unpack decodes the gaps of a block behind a document, and returns the last document.
// One read of 8 bytes gives as many gaps as are whole in it.
func unpack(in []byte, width int, before uint32, docs *[block]uint32) uint32 {
	mask, shift := uint64(1)<<width-1, uint(width)&63
	several := 1
	switch {
	case width <= 8:
		several = 8
	case width <= 15: // four of them begin at a half of a byte at the worst
		several = 4
	}
	for i := 0; i < block; i += several {
		at := i * width
		v := binary.LittleEndian.Uint64(in[at>>3:]) >> (at & 7)
		for j := i; j < i+several; j++ {
			before += uint32(v&mask) + 1
			docs[j&(block-1)] = before
			v >>= shift
		}
	}
	return before
}

const maxTF = 1<<31 - 1

func (r *reader) nextTail() error {
	r.n, r.left, r.several = r.left, 0, false
	clear(r.marks[:])
	several := 0
	for i := range r.n {
		number, tf, size := pair(r.in)
		if size <= 0 || uint64(r.before+1)+uint64(number) >= uint64(r.end) {
			return errList
		}
		r.in = r.in[size:]
		r.before += number + 1
		r.docs[i] = r.before
		if tf > 1 {
			r.several = true
			r.marks[i/8] |= 1 << (i % 8)
			r.tfs[several] = tf
			several++
		}
	}
	return nil
}

// pair decodes what appendPair wrote; size is 0 where there is none.
func pair(in []byte) (number, tf uint32, size int) {
	var v uint64
	switch { // by hand for what nearly all are
	case len(in) > 0 && in[0] < 0x80:
		v, size = uint64(in[0]), 1
	case len(in) > 1 && in[1] < 0x80:
		v, size = uint64(in[0]&0x7F)|uint64(in[1])<<7, 2
	case len(in) > 2 && in[2] < 0x80:
		v, size = uint64(in[0]&0x7F)|uint64(in[1]&0x7F)<<7|uint64(in[2])<<14, 3
	default:
		if v, size = binary.Uvarint(in); size <= 0 || v>>1 > 1<<32-2 {
			return 0, 0, 0
		}
	}
	if v&1 == 0 {
		return uint32(v >> 1), 1, size
	}
	more, n := binary.Uvarint(in[size:])
	if n <= 0 || more > maxTF {
		return 0, 0, 0
	}
	return uint32(v >> 1), uint32(more) + 2, size + n
}

// each calls visit with the place in docs and the frequency of those above 1.
func (r *reader) each(visit func(i int, tf uint32)) {
	if !r.several {
		return
	}
	at := 0
	for half := range 2 {
		for word := binary.LittleEndian.Uint64(r.marks[8*half:]); word != 0; word &= word - 1 {
			visit(half*64+bits.TrailingZeros64(word), r.tfs[at])
			at++
		}
	}
}

// all decodes a whole list onto docs and tfs.
func (r *reader) all(docs, tfs []uint32) ([]uint32, []uint32, error) {
	for {
		if err := r.next(); err != nil || r.n == 0 {
			return docs, tfs, err
		}
		docs = append(docs, r.docs[:r.n]...)
		start := len(tfs)
		for range r.n {
			tfs = append(tfs, 1)
		}
		r.each(func(i int, tf uint32) { tfs[start+i] = tf })
	}
}
