package flat

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// appendPut appends the frame that stores p, byte for byte the same for equal points.
func appendPut(out []byte, names []string, p index.Point) []byte {
	return appendFrame(out, func(b []byte) []byte {
		b = appendString(append(b, opPut), p.Key)
		b = appendPayload(b, p.Payload)
		b = binary.AppendUvarint(b, uint64(len(p.Vectors)))
		for i, name := range names {
			v, ok := p.Vectors[name]
			if !ok {
				continue
			}
			b = appendFloats(binary.AppendUvarint(b, uint64(i)), v)
		}
		return b
	})
}

func appendFloats(b []byte, v []float32) []byte {
	b = slices.Grow(b, 4*len(v))
	out := b[len(b) : len(b)+4*len(v)]
	for i, x := range v {
		binary.LittleEndian.PutUint32(out[4*i:], math.Float32bits(x))
	}
	return b[:len(b)+len(out)]
}

func appendPayload(b []byte, p match.Payload) []byte {
	b = binary.AppendUvarint(b, uint64(len(p.Tokens)))
	for _, field := range slices.Sorted(maps.Keys(p.Tokens)) {
		b = appendString(b, field)
		b = binary.AppendUvarint(b, uint64(len(p.Tokens[field])))
		for _, token := range p.Tokens[field] {
			b = appendString(b, token)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(p.Numbers)))
	for _, field := range slices.Sorted(maps.Keys(p.Numbers)) {
		b = binary.AppendVarint(appendString(b, field), p.Numbers[field])
	}
	return b
}

func appendDelete(out []byte, key string) []byte {
	return appendFrame(out, func(b []byte) []byte { return appendString(append(b, opDelete), key) })
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errEntry = errors.New("the entry does not have the form it claims")

// decoder reads entries. What it returns lives until the next entry, except for
// strings; tokens and fields that repeat are kept once.
type decoder struct {
	spec    index.Spec
	strings map[string]string
	point   index.Point
	numbers [][]float32 // by place in spec.Vectors

	rest []byte
	bad  bool
}

func newDecoder(spec index.Spec) *decoder {
	d := &decoder{spec: spec, strings: map[string]string{}, numbers: make([][]float32, len(spec.Vectors))}
	d.point.Vectors = map[string][]float32{}
	d.point.Payload = match.Payload{Tokens: map[string][]string{}, Numbers: map[string]int64{}}
	return d
}

// entry decodes the bytes of an entry: its op, and its point or the key of one.
func (d *decoder) entry(b []byte) (op byte, p index.Point, err error) {
	if len(b) == 0 {
		return 0, p, errEntry
	}
	d.rest, d.bad = b[1:], false
	switch op = b[0]; op {
	case opPut:
		p = d.put()
	case opDelete:
		p.Key = string(d.bytes())
	case opSynced:
		d.rest = nil // the frame was compared as a whole
	default:
		d.bad = true
	}
	if d.bad || len(d.rest) > 0 || (op != opSynced && p.Key == "") {
		return 0, index.Point{}, errEntry
	}
	return op, p, nil
}

func (d *decoder) put() index.Point {
	d.point.Key = string(d.bytes())
	clear(d.point.Vectors)
	clear(d.point.Payload.Numbers)
	tokens := d.point.Payload.Tokens
	for field := range tokens {
		tokens[field] = tokens[field][:0] // an empty field is an absent one
	}
	for n := d.count(2); n > 0 && !d.bad; n-- {
		field := d.repeated()
		list := tokens[field][:0]
		for m := d.count(1); m > 0 && !d.bad; m-- {
			list = append(list, d.repeated())
		}
		tokens[field] = list
	}
	for n := d.count(2); n > 0 && !d.bad; n-- {
		field := d.repeated()
		v, size := binary.Varint(d.rest)
		d.skip(size)
		d.point.Payload.Numbers[field] = v
	}
	for n := d.count(1); n > 0 && !d.bad; n-- {
		d.vector()
	}
	return d.point
}

func (d *decoder) vector() {
	place, size := binary.Uvarint(d.rest)
	d.skip(size)
	if d.bad || place >= uint64(len(d.spec.Vectors)) || len(d.rest) < 4*d.spec.Dim {
		d.bad = true
		return
	}
	if d.numbers[place] == nil {
		d.numbers[place] = make([]float32, d.spec.Dim)
	}
	v := d.numbers[place]
	from := d.rest[:4*len(v)]
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(from[4*i:]))
	}
	d.rest = d.rest[4*len(v):]
	d.point.Vectors[d.spec.Vectors[place]] = v
}

// count reads how many items of at least size bytes follow.
func (d *decoder) count(size int) int {
	n, width := binary.Uvarint(d.rest)
	d.skip(width)
	if d.bad || n > uint64(len(d.rest)/size) {
		d.bad = true
		return 0
	}
	return int(n)
}

func (d *decoder) bytes() []byte {
	n := d.count(1)
	out := d.rest[:n]
	d.rest = d.rest[n:]
	return out
}

// repeated reads a string that many entries share.
func (d *decoder) repeated() string {
	b := d.bytes()
	s, ok := d.strings[string(b)]
	if !ok {
		s = string(b)
		d.strings[s] = s
	}
	return s
}

// skip goes past size bytes; 0 and less are binary's way to tell of bad input.
func (d *decoder) skip(size int) {
	if size <= 0 {
		d.bad = true
		return
	}
	d.rest = d.rest[size:]
}
