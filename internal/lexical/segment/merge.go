package segment

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/match"
)

// merging makes a segment of several, without the documents that are dropped. It
// implements source.
type merging struct {
	from    []part
	entries []entry
	docs    []uint32 // room for what the methods return
	tfs     []uint32
	pairs   []uint64
	stopped func() bool
}

// part is a segment that is merged.
type part struct {
	*segment
	renumbered []uint32 // document → document of the new segment, or gone
	kept       []uint32 // its documents that are not dropped
	ids        []uint32 // id → id of the new segment, or gone
	old        []uint32 // id of the new segment → id, or gone
}

// newMerging plans a merge; dropped has a bitmap for each of from, or nil. It ends
// with an error of kind match.Canceled once stopped returns true.
func newMerging(from []*segment, dropped []facet.Bitmap, stopped func() bool) (*merging, error) {
	m := &merging{stopped: stopped}
	next := uint32(0)
	for i, s := range from {
		p := part{segment: s, renumbered: make([]uint32, s.docs)}
		for doc := range s.docs {
			p.renumbered[doc] = gone
			if !dropped[i].Has(doc) {
				p.renumbered[doc] = next
				p.kept = append(p.kept, doc)
				next++
			}
		}
		m.from = append(m.from, p)
	}
	return m, m.mergeTerms()
}

// mergeTerms numbers the terms of all kept documents.
func (m *merging) mergeTerms() error {
	tables, counts := make([][]byte, len(m.from)), make([][]uint32, len(m.from))
	for i := range m.from {
		p := &m.from[i]
		var err error
		if tables[i], err = p.termTable.all(); err != nil {
			return err
		}
		if counts[i], err = p.counts(); err != nil {
			return err
		}
		p.ids = make([]uint32, p.terms)
	}
	var totals []uint32
	for {
		key, any := uint64(0), false
		for _, t := range tables {
			if len(t) > 0 && (!any || binary.LittleEndian.Uint64(t) < key) {
				key, any = binary.LittleEndian.Uint64(t), true
			}
		}
		if !any {
			break
		}
		number, total := uint32(len(m.entries)), uint32(0)
		for i, t := range tables {
			if len(t) == 0 || binary.LittleEndian.Uint64(t) != key {
				continue
			}
			tables[i] = t[entrySize:]
			id := binary.LittleEndian.Uint32(t[8:])
			if id >= m.from[i].terms {
				return corrupt(m.from[i].path, "a term has an impossible number")
			}
			m.from[i].ids[id] = number
			total += counts[i][id]
		}
		m.entries = append(m.entries, entry{key, number})
		totals = append(totals, total)
	}
	return m.rank(totals)
}

// rank gives the terms of kept documents their ids.
func (m *merging) rank(totals []uint32) error {
	ids := rank(m.entries, totals)
	left := 0
	for _, total := range totals {
		if total > 0 {
			left++
		}
	}
	m.entries = slices.DeleteFunc(m.entries, func(e entry) bool { return e.number >= uint32(left) })
	for i := range m.from {
		p := &m.from[i]
		p.old = make([]uint32, left)
		for id := range p.old {
			p.old[id] = gone
		}
		for id, number := range p.ids {
			if p.ids[id] = ids[number]; ids[number] < uint32(left) {
				p.old[ids[number]] = uint32(id)
			}
		}
	}
	return nil
}

// counts returns how many kept documents have each term.
func (p *part) counts() ([]uint32, error) {
	out := make([]uint32, p.terms)
	for id := range out {
		list, err := p.list(uint32(id))
		if err != nil {
			return nil, err
		}
		n, _ := binary.Uvarint(list)
		out[id] = uint32(n)
	}
	if len(p.kept) == int(p.docs) {
		return out, nil
	}
	var ids, tfs []uint32
	for doc := range p.docs {
		if p.renumbered[doc] != gone {
			continue
		}
		var err error
		if ids, tfs, err = p.allTerms(doc, ids[:0], tfs[:0]); err != nil {
			return nil, err
		}
		for _, id := range ids {
			out[id]--
		}
	}
	return out, nil
}

func (m *merging) size() (docs, terms int) {
	for _, p := range m.from {
		docs += len(p.kept)
	}
	return docs, len(m.entries)
}

func (m *merging) terms() []entry { return m.entries }

func (m *merging) list(id uint32) (docs, tfs []uint32, err error) {
	if id&0xFF == 0 && m.stopped() {
		return nil, nil, errStopped
	}
	m.docs, m.tfs = m.docs[:0], m.tfs[:0]
	var r reader
	for i := range m.from {
		p := &m.from[i]
		if p.old[id] == gone {
			continue
		}
		list, err := p.list(p.old[id])
		if err != nil {
			return nil, nil, err
		}
		start := len(m.docs)
		if err = r.open(list, p.segment.docs); err == nil {
			m.docs, m.tfs, err = r.all(m.docs, m.tfs)
		}
		if err != nil {
			return nil, nil, corrupt(p.path, err.Error())
		}
		to := start
		for at := start; at < len(m.docs); at++ {
			if doc := p.renumbered[m.docs[at]]; doc != gone {
				m.docs[to], m.tfs[to] = doc, m.tfs[at]
				to++
			}
		}
		m.docs, m.tfs = m.docs[:to], m.tfs[:to]
	}
	return m.docs, m.tfs, nil
}

var errStopped = &match.Error{Kind: match.Canceled, Reason: "the index is closed"}

// part returns the segment that a new document comes from, and its number there.
func (m *merging) part(doc uint32) (*part, uint32) {
	for i := range m.from {
		if n := uint32(len(m.from[i].kept)); doc >= n {
			doc -= n
			continue
		}
		return &m.from[i], m.from[i].kept[doc]
	}
	return nil, gone
}

func (m *merging) forward(doc uint32) (ids, tfs []uint32, err error) {
	if doc&0xFF == 0 && m.stopped() {
		return nil, nil, errStopped
	}
	p, old := m.part(doc)
	if m.docs, m.tfs, err = p.allTerms(old, m.docs[:0], m.tfs[:0]); err != nil {
		return nil, nil, err
	}
	return m.renumber(p)
}

// renumber sorts m.docs, which are ids of p, and m.tfs by their new ids.
func (m *merging) renumber(p *part) (ids, tfs []uint32, err error) {
	m.pairs = m.pairs[:0]
	for i, id := range m.docs {
		m.pairs = append(m.pairs, uint64(p.ids[id])<<32|uint64(m.tfs[i]))
	}
	slices.Sort(m.pairs)
	for i, pair := range m.pairs {
		m.docs[i], m.tfs[i] = uint32(pair>>32), uint32(pair)
	}
	return m.docs, m.tfs, nil
}

func (m *merging) doc(doc uint32) (key []byte, length uint32, err error) {
	p, old := m.part(doc)
	key, err = p.key(old)
	return key, p.lengths.at(old), err
}

func (m *merging) facets(visit func(name []byte, docs []uint32, values []int64) error) error {
	at := make([]uint32, len(m.from))
	for {
		name, err := m.leastName(at)
		if err != nil || name == nil {
			return err
		}
		var docs []uint32
		var values []int64
		for i := range m.from {
			p := &m.from[i]
			if at[i] == p.segment.facets {
				continue
			}
			have, err := p.facetName(at[i])
			if err != nil {
				return err
			}
			if !bytes.Equal(have, name) {
				continue
			}
			_, some, numbers, err := p.facet(at[i])
			if err != nil {
				return err
			}
			at[i]++
			for j, doc := range some {
				if p.renumbered[doc] == gone {
					continue
				}
				docs = append(docs, p.renumbered[doc])
				if numbers != nil {
					values = append(values, numbers[j])
				}
			}
		}
		if len(docs) == 0 {
			continue
		}
		if err := visit(name, docs, values); err != nil {
			return err
		}
	}
}

// leastName returns the first name that is left, nil for none.
func (m *merging) leastName(at []uint32) (least []byte, err error) {
	for i := range m.from {
		if at[i] == m.from[i].segment.facets {
			continue
		}
		name, err := m.from[i].facetName(at[i])
		if err != nil {
			return nil, err
		}
		if least == nil || bytes.Compare(name, least) < 0 {
			least = name
		}
	}
	return least, nil
}
