package segment

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"

	"github.com/duijie/duijie/internal/match"
)

// writer writes a file of pages from its beginning to its end.
type writer struct {
	out  *bufio.Writer
	at   uint64
	sum  uint32 // of the page at hand
	sums []uint32
	ends []uint64
	err  error
}

func newWriter(out io.Writer) *writer { return &writer{out: bufio.NewWriterSize(out, 1<<18)} }

func (w *writer) write(b []byte) {
	for len(b) > 0 && w.err == nil {
		part := b[:min(uint64(len(b)), pageSize-w.at%pageSize)]
		w.sum = crc32.Update(w.sum, castagnoli, part)
		_, w.err = w.out.Write(part)
		w.at += uint64(len(part))
		if w.at%pageSize == 0 {
			w.sums, w.sum = append(w.sums, w.sum), 0
		}
		b = b[len(part):]
	}
}

// endSection ends the section at hand.
func (w *writer) endSection() { w.ends = append(w.ends, w.at) }

func (w *writer) section(b []byte) {
	w.write(b)
	w.endSection()
}

// close writes what makes the sections a file.
func (w *writer) close() error {
	w.write(make([]byte, slack))
	if w.at%pageSize != 0 {
		w.sums = append(w.sums, w.sum)
	}
	table := appendNumbers(nil, w.sums)
	for _, end := range w.ends {
		table = binary.LittleEndian.AppendUint64(table, end)
	}
	rest := binary.LittleEndian.AppendUint32(nil, uint32(len(w.ends)))
	rest = binary.LittleEndian.AppendUint64(rest, w.at)
	rest = append(append(rest, version), magic...)
	sum := crc32.Update(crc32.Checksum(table, castagnoli), castagnoli, rest)
	table = append(binary.LittleEndian.AppendUint32(table, sum), rest...)
	if w.err == nil {
		_, w.err = w.out.Write(table)
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

// offsets collects where the parts of a section begin.
type offsets struct {
	w      *writer
	from   uint64
	starts []uint32
}

func (w *writer) parts(n int) *offsets { return &offsets{w, w.at, make([]uint32, 0, n+1)} }

func (o *offsets) add(b []byte) {
	o.starts = append(o.starts, uint32(o.w.at-o.from))
	o.w.write(b)
}

// close ends the section and writes the one of its offsets.
func (o *offsets) close() {
	size := o.w.at - o.from
	if size > math.MaxUint32 && o.w.err == nil {
		o.w.err = &match.Error{Kind: match.Exhausted, Reason: "texts are too long for one segment"}
	}
	o.w.endSection()
	o.w.section(appendNumbers(nil, append(o.starts, uint32(size))))
}

// source is what a segment is made of. Methods are called in the order in which they
// stand here, with ascending arguments; slices are good until the next call.
type source interface {
	size() (docs, terms int)
	// list gives the documents and frequencies of a term by its id; ids ascend as
	// the number of documents descends. tfs may be nil for 1.
	list(id uint32) (docs, tfs []uint32, err error)
	// terms gives the keys in ascending order with their ids.
	terms() []entry
	// forward gives the ids and frequencies of a document, ids ascending.
	forward(doc uint32) (ids, tfs []uint32, err error)
	doc(doc uint32) (key []byte, length uint32, err error)
	// facets gives those of the documents in the order of their names.
	facets(visit func(name []byte, docs []uint32, values []int64) error) error
}

// writeSegment writes a segment file.
func writeSegment(out io.Writer, s source) error {
	w := newWriter(out)
	docs, terms := s.size()
	if err := writeLists(w, s, terms); err != nil {
		return err
	}
	w.section(appendLookup(nil, s.terms()))
	distinct, err := writeForward(w, s, docs)
	if err != nil {
		return err
	}
	w.section(appendNumbers(nil, distinct))
	total, err := writeDocs(w, s, docs)
	if err != nil {
		return err
	}
	facets, err := writeFacets(w, s)
	if err != nil {
		return err
	}
	head := appendNumbers(nil, []uint32{uint32(docs), uint32(terms), uint32(facets)})
	w.section(binary.LittleEndian.AppendUint64(head, total))
	return w.close()
}

func writeLists(w *writer, s source, terms int) error {
	lists, room := w.parts(terms), []byte(nil)
	for id := range uint32(terms) {
		docs, tfs, err := s.list(id)
		if err != nil {
			return err
		}
		room = appendList(room[:0], docs, tfs)
		lists.add(room)
	}
	lists.close()
	return nil
}

func writeForward(w *writer, s source, docs int) (distinct []uint32, err error) {
	forward, room := w.parts(docs), []byte(nil)
	distinct = make([]uint32, docs)
	for doc := range uint32(docs) {
		ids, tfs, err := s.forward(doc)
		if err != nil {
			return nil, err
		}
		distinct[doc] = uint32(len(ids))
		room = appendForward(room[:0], ids, tfs)
		forward.add(room)
	}
	forward.close()
	return distinct, nil
}

// appendForward encodes the terms of a document: { (gap−1)·2 + m │ tf−2, if m } × n,
// as in the tail of a list.
func appendForward(out []byte, ids, tfs []uint32) []byte {
	before := ^uint32(0)
	for i, id := range ids {
		out = appendPair(out, id-before-1, tfs[i])
		before = id
	}
	return out
}

func writeDocs(w *writer, s source, docs int) (total uint64, err error) {
	keys, lengths, entries := w.parts(docs), make([]uint32, docs), make([]entry, docs)
	for doc := range uint32(docs) {
		key, length, err := s.doc(doc)
		if err != nil {
			return 0, err
		}
		lengths[doc], entries[doc] = length, entry{hashOf(key), doc}
		total += uint64(length)
		keys.add(key)
	}
	keys.close()
	w.section(appendNumbers(nil, lengths))
	sortEntries(entries)
	w.section(appendLookup(nil, entries))
	return total, nil
}

func writeFacets(w *writer, s source) (n int, err error) {
	var names, starts = []byte(nil), []uint32(nil)
	lists, room := w.parts(0), []byte(nil)
	err = s.facets(func(name []byte, docs []uint32, values []int64) error {
		starts = append(starts, uint32(len(names)))
		names = append(names, name...)
		room = appendList(room[:0], docs, nil)
		if values != nil {
			room = appendValues(room, values)
		}
		lists.add(room)
		return nil
	})
	lists.close()
	w.section(names)
	w.section(appendNumbers(nil, append(starts, uint32(len(names)))))
	return len(starts), err
}
