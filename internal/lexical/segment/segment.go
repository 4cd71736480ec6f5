package segment

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/recent"
)

// The sections of a segment file, in their order.
const (
	listSection = iota
	listStarts
	termSection
	forwardSection
	forwardStarts
	distinctSection
	keySection
	keyStarts
	lengthSection
	keyLookup
	facetSection
	facetStarts
	nameSection
	nameStarts
	headSection
	sections
)

const headSize = 3*4 + 8

// segment is an immutable index of some documents in a file.
type segment struct {
	*pages
	docs, terms, facets uint32
	total               uint64 // terms of all documents, repeated ones as often as they occur

	termTable, keyTable      lookup
	lists, forwards          span
	keys, facetLists, names  span
	listAt, forwardAt, keyAt numbers
	facetAt, nameAt          numbers
	lengths, distinct        numbers

	met recent.Cache[string, facet.Bitmap] // by condition
}

// openSegment opens a file; for the errors see openPages.
func openSegment(path string) (*segment, error) {
	p, err := openPages(path, sections)
	if err != nil {
		return nil, err
	}
	s, err := parseSegment(p)
	if err != nil {
		_ = p.unmap()
		return nil, err
	}
	return s, nil
}

func parseSegment(p *pages) (*segment, error) {
	head, err := p.section(headSection)
	if err != nil {
		return nil, err
	}
	if len(head) != headSize {
		return nil, corrupt(p.path, "its head has a wrong size")
	}
	s := &segment{pages: p, docs: numbers(head).at(0), terms: numbers(head).at(1), facets: numbers(head).at(2), total: binary.LittleEndian.Uint64(head[12:])}
	if s.docs > maxDocs {
		return nil, corrupt(p.path, "it has too many documents")
	}
	s.lists, s.forwards, s.keys = p.span(listSection), p.span(forwardSection), p.span(keySection)
	s.facetLists, s.names = p.span(facetSection), p.span(nameSection)
	for _, column := range []struct {
		section int
		n       uint32
		to      *numbers
	}{
		{listStarts, s.terms + 1, &s.listAt}, {forwardStarts, s.docs + 1, &s.forwardAt}, {distinctSection, s.docs, &s.distinct},
		{keyStarts, s.docs + 1, &s.keyAt}, {lengthSection, s.docs, &s.lengths},
		{facetStarts, s.facets + 1, &s.facetAt}, {nameStarts, s.facets + 1, &s.nameAt},
	} {
		b, err := p.section(column.section)
		if err != nil {
			return nil, err
		}
		if uint64(len(b)) != 4*uint64(column.n) {
			return nil, corrupt(p.path, "a column has a wrong size")
		}
		*column.to = b
	}
	if s.termTable, err = openLookup(p, termSection, int(s.terms)); err != nil {
		return nil, err
	}
	s.keyTable, err = openLookup(p, keyLookup, int(s.docs))
	return s, err
}

// term returns the id of a term and how many documents of the file have it.
func (s *segment) term(key uint64) (id, docs uint32, ok bool, err error) {
	err = s.termTable.find(key, func(number uint32) bool {
		id, ok = number, true
		return false
	})
	if err != nil || !ok {
		return 0, 0, false, err
	}
	list, err := s.list(id)
	if err != nil {
		return 0, 0, false, err
	}
	n, size := binary.Uvarint(list)
	if size <= 0 || n > uint64(s.docs) {
		return 0, 0, false, corrupt(s.path, errList.Error())
	}
	return id, uint32(n), true, nil
}

// list returns the encoded postings of a term.
func (s *segment) list(id uint32) ([]byte, error) {
	if id >= s.terms {
		return nil, corrupt(s.path, "a term has an impossible number")
	}
	return s.lists.bytes(uint64(s.listAt.at(id)), uint64(s.listAt.at(id+1)))
}

// key returns the key of a document in the memory of the file.
func (s *segment) key(doc uint32) ([]byte, error) {
	return s.keys.bytes(uint64(s.keyAt.at(doc)), uint64(s.keyAt.at(doc+1)))
}

// find returns the document with a key for which good is true; hash is that of the key.
func (s *segment) find(key []byte, hash uint64, good func(doc uint32) bool) (doc uint32, ok bool, err error) {
	var failed error
	err = s.keyTable.find(hash, func(number uint32) bool {
		if number >= s.docs {
			failed = corrupt(s.path, "a key names an impossible document")
			return false
		}
		have, err := s.key(number)
		if err != nil {
			failed = err
			return false
		}
		if bytes.Equal(have, key) && good(number) {
			doc, ok = number, true
		}
		return !ok
	})
	return doc, ok, errors.Join(err, failed)
}

// terms of a document, one after another.
type terms struct {
	in     []byte
	before uint32
}

// forward returns the terms of a document.
func (s *segment) forward(doc uint32) (terms, error) {
	in, err := s.forwards.bytes(uint64(s.forwardAt.at(doc)), uint64(s.forwardAt.at(doc+1)))
	return terms{in, ^uint32(0)}, err
}

// next returns the next term; ok is false after the last one, or where the bytes are
// no terms, which done tells.
func (t *terms) next() (id, tf uint32, ok bool) {
	if in := t.in; len(in) > 1 && in[1] < 0x80 && in[0]&0x81 == 0x80 { // nearly always
		t.in = in[2:]
		t.before += uint32(in[0]&0x7F)>>1 | uint32(in[1])<<6 + 1
		return t.before, 1, true
	}
	return t.other()
}

func (t *terms) other() (id, tf uint32, ok bool) {
	gap, tf, size := pair(t.in)
	if size <= 0 {
		return 0, 0, false
	}
	t.in = t.in[size:]
	t.before += gap + 1
	return t.before, tf, true
}

// done tells whether all bytes were terms.
func (t *terms) done() bool { return len(t.in) == 0 }

// allTerms appends the terms of a document.
func (s *segment) allTerms(doc uint32, ids, tfs []uint32) ([]uint32, []uint32, error) {
	t, err := s.forward(doc)
	if err != nil {
		return ids, tfs, err
	}
	for {
		id, tf, ok := t.next()
		if !ok {
			break
		}
		if id >= s.terms {
			return ids, tfs, corrupt(s.path, "a document has an impossible term")
		}
		ids, tfs = append(ids, id), append(tfs, tf)
	}
	if !t.done() {
		return ids, tfs, corrupt(s.path, "the terms of a document are cut off")
	}
	return ids, tfs, nil
}

// hashOf spreads keys of documents; FNV-1a.
func hashOf[T string | []byte](key T) uint64 {
	h := uint64(0xCBF29CE484222325)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 0x100000001B3
	}
	return h * spread
}

func sortEntries(entries []entry) {
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.number, b.number)) })
}
