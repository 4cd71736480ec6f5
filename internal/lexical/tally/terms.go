package tally

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// Terms are the distinct terms of a text.
type Terms struct {
	// Length counts the terms, repeated ones as often as they occur.
	Length uint32
	// Keys are those of lexical.Key, ascending.
	Keys []uint64
	// Repeated are the terms that occur several times, by their place in Keys.
	Repeated []Repeat
}

// Repeat says how often a term occurs that occurs more than once.
type Repeat struct{ Place, Times uint32 }

// Of takes a text apart.
func Of(s string) Terms {
	var all []uint64
	text.Each(s, func(term []rune, _ int) { all = append(all, lexical.Key(term)) })
	slices.Sort(all)
	t := Terms{Length: uint32(len(all))}
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && all[end] == all[i] {
			end++
		}
		if times := end - i; times > 1 {
			t.Repeated = append(t.Repeated, Repeat{uint32(len(t.Keys)), uint32(times)})
		}
		t.Keys = append(t.Keys, all[i])
		i = end
	}
	return t
}

// Each calls visit for each term, in the order of Keys, with how often it occurs.
func (t *Terms) Each(visit func(key uint64, times uint32)) {
	repeated := t.Repeated
	for i, key := range t.Keys {
		times := uint32(1)
		if len(repeated) > 0 && repeated[0].Place == uint32(i) {
			times, repeated = repeated[0].Times, repeated[1:]
		}
		visit(key, times)
	}
}

const termsVersion = 1

// Append encodes t:
//
//	│ version 1 │ Length │ number of keys │ gaps of keys … │ number of repeats │ gap of place, times − 2 … │
//
// all but the version as uvarints. A bigram of ideographs takes about 5 bytes.
func (t *Terms) Append(out []byte) []byte {
	out = append(out, termsVersion)
	out = binary.AppendUvarint(out, uint64(t.Length))
	out = binary.AppendUvarint(out, uint64(len(t.Keys)))
	last := uint64(0)
	for _, key := range t.Keys {
		out = binary.AppendUvarint(out, key-last)
		last = key
	}
	out = binary.AppendUvarint(out, uint64(len(t.Repeated)))
	at := uint32(0)
	for _, r := range t.Repeated {
		out = binary.AppendUvarint(out, uint64(r.Place-at))
		out = binary.AppendUvarint(out, uint64(r.Times-2))
		at = r.Place
	}
	return out
}

// Decode is the inverse of Append. It refuses whatever Append cannot have made.
func Decode(in []byte) (t Terms, err error) {
	if len(in) == 0 || in[0] != termsVersion {
		return t, corrupt("the terms of a text are of an unknown version")
	}
	r := reader{in: in[1:]}
	t.Length = r.small()
	n := r.count(1)
	t.Keys = make([]uint64, 0, n)
	last := uint64(0)
	for range n {
		gap := r.next()
		if gap == 0 || gap > math.MaxUint64-last {
			r.bad = true
		}
		last += gap
		t.Keys = append(t.Keys, last)
	}
	if n = r.count(2); n > 0 {
		t.Repeated = make([]Repeat, 0, n)
	}
	total := uint64(len(t.Keys))
	for i := range n {
		gap, more := r.small(), r.small()
		place := uint64(gap)
		if i > 0 {
			place += uint64(t.Repeated[i-1].Place)
		}
		if i > 0 && gap == 0 || place >= uint64(len(t.Keys)) || more > math.MaxUint32-2 {
			r.bad = true
			break
		}
		t.Repeated = append(t.Repeated, Repeat{uint32(place), more + 2})
		total += uint64(more) + 1
	}
	if r.bad || len(r.in) > 0 || total != uint64(t.Length) {
		return Terms{}, corrupt("the terms of a text are damaged")
	}
	return t, nil
}

// reader reads uvarints. Once bad, it gives zeros.
type reader struct {
	in  []byte
	bad bool
}

func (r *reader) next() uint64 {
	n, size := binary.Uvarint(r.in)
	if r.bad || size <= 0 {
		r.bad = true
		return 0
	}
	r.in = r.in[size:]
	return n
}

// small is next for a number of 32 bits.
func (r *reader) small() uint32 {
	n := r.next()
	if n > math.MaxUint32 {
		r.bad = true
		return 0
	}
	return uint32(n)
}

// count is next for how many things of at least size bytes follow.
func (r *reader) count(size int) int {
	n := r.next()
	if n > uint64(len(r.in)/size) {
		r.bad = true
		return 0
	}
	return int(n)
}

func corrupt(reason string) error { return &match.Error{Kind: match.Corrupt, Reason: reason} }
