package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"sort"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/match"
)

// Facets are lists of documents by name, in the order of the names' bytes:
//
//	name │ 't' │ n, uvarint │ field, n │ token │   documents that have the token
//	     │ 'p' │ n, uvarint │ field, n │           documents that have tokens of the field
//	     │ 'n' │ n, uvarint │ field, n │           documents that have the number, with it
//
// Behind a list of numbers are the values in the order of the documents:
//
//	│ least, varint │ width 0–8 │ { value − least, width bytes } │ …
const (
	tokenFacet   = 't'
	presentFacet = 'p'
	numberFacet  = 'n'
)

func facetName(kind byte, field, token string) []byte {
	out := append(make([]byte, 0, 2+len(field)+len(token)), kind)
	out = binary.AppendUvarint(out, uint64(len(field)))
	return append(append(out, field...), token...)
}

func appendValues(out []byte, values []int64) []byte {
	least, span := int64(0), uint64(0)
	for i, v := range values {
		if i == 0 || v < least {
			least = v
		}
	}
	for _, v := range values {
		span |= uint64(v - least)
	}
	width := (bits.Len64(span) + 7) / 8
	out = append(binary.AppendVarint(out, least), byte(width))
	for _, v := range values {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(v-least))
		out = append(out, b[:width]...)
	}
	return out
}

// decodeValues decodes n values.
func decodeValues(in []byte, n int) ([]int64, error) {
	least, size := binary.Varint(in)
	if size <= 0 || len(in) <= size || in[size] > 8 {
		return nil, errList
	}
	width := int(in[size])
	if in = in[size+1:]; len(in) != width*n {
		return nil, errList
	}
	out := make([]int64, n)
	for i := range out {
		var b [8]byte
		copy(b[:], in[i*width:(i+1)*width])
		out[i] = least + int64(binary.LittleEndian.Uint64(b[:]))
	}
	return out, nil
}

// facet returns a facet by its place: its name, documents and, of numbers, values.
func (s *segment) facet(at uint32) (name []byte, docs []uint32, values []int64, err error) {
	if name, err = s.facetName(at); err != nil {
		return nil, nil, nil, err
	}
	in, err := s.facetLists.bytes(uint64(s.facetAt.at(at)), uint64(s.facetAt.at(at+1)))
	if err != nil {
		return nil, nil, nil, err
	}
	var r reader
	if err := r.open(in, s.docs); err != nil {
		return nil, nil, nil, corrupt(s.path, err.Error())
	}
	docs = make([]uint32, 0, r.left)
	if docs, _, err = r.all(docs, nil); err == nil && name[0] == numberFacet {
		values, err = decodeValues(r.in, len(docs))
	}
	if err != nil {
		return nil, nil, nil, corrupt(s.path, err.Error())
	}
	return name, docs, values, nil
}

func (s *segment) facetName(at uint32) ([]byte, error) {
	name, err := s.names.bytes(uint64(s.nameAt.at(at)), uint64(s.nameAt.at(at+1)))
	if err == nil && len(name) < 2 {
		return nil, corrupt(s.path, "a facet has no name")
	}
	return name, err
}

// findFacet returns the place of a facet.
func (s *segment) findFacet(name []byte) (at uint32, ok bool, err error) {
	n := sort.Search(int(s.facets), func(i int) bool {
		have, failed := s.facetName(uint32(i))
		if failed != nil {
			err = failed
			return true
		}
		return bytes.Compare(have, name) >= 0
	})
	if err != nil || n == int(s.facets) {
		return 0, false, err
	}
	have, err := s.facetName(uint32(n))
	return uint32(n), err == nil && bytes.Equal(have, name), err
}

// eachDoc calls visit with the documents of a facet; unknown ones have none.
func (s *segment) eachDoc(kind byte, field, token string, visit func(docs []uint32)) error {
	at, ok, err := s.findFacet(facetName(kind, field, token))
	if err != nil || !ok {
		return err
	}
	in, err := s.facetLists.bytes(uint64(s.facetAt.at(at)), uint64(s.facetAt.at(at+1)))
	if err != nil {
		return err
	}
	var r reader
	err = r.open(in, s.docs)
	for err == nil {
		if err = r.next(); err != nil || r.n == 0 {
			break
		}
		visit(r.docs[:r.n])
	}
	if err != nil {
		return corrupt(s.path, err.Error())
	}
	return nil
}

const (
	// keptConditions is how many bytes of bitmaps a segment keeps for the conditions that were
	// asked last: most searches ask the same, such as what can be had at all.
	keptConditions = 8 << 20
	// keptTokens is how many tokens a condition may name for its bitmap to be kept.
	keptTokens = 64
)

// meeting returns the documents that meet a condition; see match.Payload.Satisfies. The
// bitmap is others' as well, and is not to be changed.
func (s *segment) meeting(c match.Condition) (facet.Bitmap, error) {
	if len(c.AnyOf)+len(c.NoneOf) > keptTokens {
		return s.readMeeting(c)
	}
	key := conditionKey(c)
	if met, ok := s.met.Get(key); ok {
		return met, nil
	}
	met, err := s.readMeeting(c)
	if err == nil {
		s.met.Add(key, met, 8*len(met)+len(key), keptConditions)
	}
	return met, err
}

// conditionKey is equal for equal conditions alone.
func conditionKey(c match.Condition) string {
	key := fmt.Appendf(nil, "%q %q %q %t", c.Field, c.AnyOf, c.NoneOf, c.OrAbsent)
	for _, end := range []*int64{c.Min, c.Max} {
		if end == nil {
			key = append(key, " -"...)
		} else {
			key = fmt.Appendf(key, " %d", *end)
		}
	}
	return string(key)
}

func (s *segment) readMeeting(c match.Condition) (facet.Bitmap, error) {
	out := facet.NewBitmap(int(s.docs))
	if c.IsNumber() {
		return out, s.meetingNumber(c, out)
	}
	if len(c.AnyOf) == 0 {
		out.Fill(int(s.docs))
	}
	set := func(docs []uint32) {
		for _, doc := range docs {
			out.Set(doc)
		}
	}
	unset := func(b facet.Bitmap) func([]uint32) {
		return func(docs []uint32) {
			for _, doc := range docs {
				b.Clear(doc)
			}
		}
	}
	for _, token := range c.AnyOf {
		if err := s.eachDoc(tokenFacet, c.Field, token, set); err != nil {
			return nil, err
		}
	}
	for _, token := range c.NoneOf {
		if err := s.eachDoc(tokenFacet, c.Field, token, unset(out)); err != nil {
			return nil, err
		}
	}
	if c.OrAbsent {
		absent := facet.NewBitmap(int(s.docs))
		absent.Fill(int(s.docs))
		if err := s.eachDoc(presentFacet, c.Field, "", unset(absent)); err != nil {
			return nil, err
		}
		out.Or(absent)
	}
	return out, nil
}

func (s *segment) meetingNumber(c match.Condition, out facet.Bitmap) error {
	if c.OrAbsent {
		out.Fill(int(s.docs))
	}
	at, ok, err := s.findFacet(facetName(numberFacet, c.Field, ""))
	if err != nil || !ok {
		return err
	}
	_, docs, values, err := s.facet(at)
	for i, doc := range docs {
		if v := values[i]; (c.Min == nil || v >= *c.Min) && (c.Max == nil || v <= *c.Max) {
			out.Set(doc)
		} else {
			out.Clear(doc)
		}
	}
	return err
}
