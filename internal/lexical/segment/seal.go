package segment

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/facet"
)

// sealing makes a segment of the documents that a buffer had when it was frozen. It
// implements source.
//
//	terms by document ─► count, rank by documents ─► postings by rank ─► forward lists
//
// Postings are sorted by two passes of counting, and so are the forward lists: each
// walks the other in order, so that no list of a document is sorted for itself.
type sealing struct {
	keys     []string // of the documents
	slots    []uint32 // live ones: document → slot
	docs     []uint32 // slot → document, or gone
	from     []buffered
	entries  []entry   // by key
	ends     []uint32  // by id: where its postings begin, and those before it end
	posted   []posting // documents by id
	starts   []uint32  // by document: where its terms begin
	forwards []posting // ids by document
	named    []namedFacet
	numbers  []uint32 // room for what list and forward return
	tfs      []uint32
}

// posting is a document, or a term by its id, with a frequency. Both are written to one
// place of a list, since that is far from the one written before.
type posting struct{ number, tf uint32 }

type namedFacet struct {
	name   []byte
	docs   []uint32
	values []int64
}

// gone stands for no document and no term.
const gone = ^uint32(0)

// frozen takes what of a buffer may change later. The buffer's lock is held.
func (b *buffer) frozen() *sealing {
	s := &sealing{docs: make([]uint32, len(b.docs)), from: b.docs[:len(b.docs):len(b.docs)]}
	for slot := range b.docs {
		s.docs[slot] = gone
		if b.docs[slot].key != "" {
			s.docs[slot] = uint32(len(s.slots))
			s.slots = append(s.slots, uint32(slot))
			s.keys = append(s.keys, b.docs[slot].key)
		}
	}
	s.takeFacets(&b.facets)
	return s
}

func (s *sealing) takeFacets(from *facet.Set) {
	add := func(name []byte, slots []uint32, values []int64) {
		f := namedFacet{name: name}
		before := gone
		for i, slot := range slots {
			if s.docs[slot] == gone || slot == before {
				continue
			}
			before = slot
			f.docs = append(f.docs, s.docs[slot])
			if values != nil {
				f.values = append(f.values, values[i])
			}
		}
		if len(f.docs) > 0 {
			s.named = append(s.named, f)
		}
	}
	from.Each(
		func(field, token string, slots []uint32) { add(facetName(tokenFacet, field, token), slots, nil) },
		func(field string, slots []uint32) { add(facetName(presentFacet, field, ""), slots, nil) },
		func(field string, slots []uint32, values []int64) {
			add(facetName(numberFacet, field, ""), slots, values)
		},
	)
}

// invert makes the lists.
func (s *sealing) invert() {
	slices.SortFunc(s.named, func(a, b namedFacet) int { return bytes.Compare(a.name, b.name) })
	numbers := newNumbering()
	all := 0
	s.starts = make([]uint32, len(s.slots)+1)
	for doc, slot := range s.slots {
		all += len(s.from[slot].keys)
		s.starts[doc+1] = uint32(all)
	}
	local := make([]uint32, 0, all)
	var counts []uint32
	for _, slot := range s.slots {
		for _, key := range s.from[slot].keys {
			n := numbers.number(key)
			if int(n) == len(counts) {
				counts = append(counts, 0)
			}
			counts[n]++
			local = append(local, n)
		}
	}
	s.entries = numbers.entries()
	ids := rank(s.entries, counts)
	s.scatter(local, ids, counts)
}

// rank replaces the numbers of entries by ids that ascend as the counts descend, and
// returns the ids by number.
func rank(entries []entry, counts []uint32) (ids []uint32) {
	sortEntries(entries)
	order := make([]uint32, len(entries))
	for i, e := range entries {
		order[i] = e.number
	}
	// Keys break ties, so that the same documents make the same file.
	slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(counts[b], counts[a]) })
	ids = make([]uint32, len(entries))
	for id, n := range order {
		ids[n] = uint32(id)
	}
	for i := range entries {
		entries[i].number = ids[entries[i].number]
	}
	return ids
}

func (s *sealing) scatter(local, ids, counts []uint32) {
	s.ends = make([]uint32, len(counts)+1)
	for n, count := range counts {
		s.ends[ids[n]+1] = count
	}
	for id := range len(counts) {
		s.ends[id+1] += s.ends[id]
	}
	at := slices.Clone(s.ends)
	s.posted = make([]posting, len(local))
	for doc, slot := range s.slots {
		d, first := &s.from[slot], s.starts[doc]
		for i, n := range local[first:s.starts[doc+1]] {
			p := posting{uint32(doc), 1}
			if i < len(d.tfs) {
				p.tf = d.tfs[i]
			}
			to := &at[ids[n]]
			s.posted[*to] = p
			*to++
		}
	}
	next := slices.Clone(s.starts)
	s.forwards = make([]posting, len(local))
	for id := range uint32(len(counts)) {
		for _, p := range s.posted[s.ends[id]:s.ends[id+1]] {
			to := &next[p.number]
			s.forwards[*to] = posting{id, p.tf}
			*to++
		}
	}
}

func (s *sealing) size() (docs, terms int) { return len(s.slots), len(s.entries) }
func (s *sealing) terms() []entry          { return s.entries }

func (s *sealing) list(id uint32) (docs, tfs []uint32, err error) {
	docs, tfs = s.apart(s.posted[s.ends[id]:s.ends[id+1]])
	return docs, tfs, nil
}

func (s *sealing) forward(doc uint32) (ids, tfs []uint32, err error) {
	ids, tfs = s.apart(s.forwards[s.starts[doc]:s.starts[doc+1]])
	return ids, tfs, nil
}

func (s *sealing) apart(list []posting) (numbers, tfs []uint32) {
	s.numbers, s.tfs = s.numbers[:0], s.tfs[:0]
	for _, p := range list {
		s.numbers, s.tfs = append(s.numbers, p.number), append(s.tfs, p.tf)
	}
	return s.numbers, s.tfs
}

func (s *sealing) doc(doc uint32) (key []byte, length uint32, err error) {
	return []byte(s.keys[doc]), s.from[s.slots[doc]].length, nil
}

func (s *sealing) facets(visit func(name []byte, docs []uint32, values []int64) error) error {
	for _, f := range s.named {
		if err := visit(f.name, f.docs, f.values); err != nil {
			return err
		}
	}
	return nil
}
