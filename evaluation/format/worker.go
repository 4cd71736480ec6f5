package format

import (
	"bytes"
	"math"
	"strconv"
	"unsafe"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/ident"
)

// worker turns blocks into rows of ids. It reads the dataset, which must not change
// meanwhile. Ids that the dataset lacks get numbers of the worker's own.
type worker struct {
	*parsed // of the block at hand
	dataset *evaluation.Dataset
	unknown Unknown
	layout  layout

	newQueries, newDocuments newIDs
	levels                   slab[evaluation.Judgement] // rows of qrels
	hits                     slab[evaluation.Hit]       // rows of runs
	lastQuery                []byte                     // files come query by query
	lastIndex                int32
	nextLine                 int32          // that would go on with the last stretch
	separator                byte           // of the block's first line
	waiting                  [batch]waiting // rows whose document is not yet found
	waits                    int
	fieldStore               [8][]byte
}

// newIDs numbers ids that the dataset lacks in the order in which the worker meets
// them. final is their indices once they are in the dataset.
type newIDs struct {
	table ident.Table
	final []int32
}

func (t *table) worker(l layout) *worker {
	return &worker{dataset: t.dataset, unknown: t.options.Unknown, layout: l}
}

// block parses one block. It keeps nothing of data.
func (w *worker) block(data []byte) *parsed {
	w.begin(len(data))
	w.separator = separatorOf(data)
	for len(data) > 0 && w.fault == "" {
		n := w.quick(data)
		if n == 0 {
			n = w.long(data)
		}
		data = data[n:]
	}
	return w.finish()
}

// begin starts a block of so many bytes.
func (w *worker) begin(size int) {
	w.parsed = &parsed{from: w, queries: [2]int{w.newQueries.table.Len()}, documents: [2]int{w.newDocuments.table.Len()}}
	if w.layout.level {
		w.levels.begin(size)
	} else {
		w.hits.begin(size)
	}
	w.lastQuery, w.nextLine = nil, -1
}

func (w *worker) finish() *parsed {
	w.flush()
	w.parsed.levels, w.parsed.hits = w.levels.finish(), w.hits.finish()
	w.queries[1], w.documents[1] = w.newQueries.table.Len(), w.newDocuments.table.Len()
	return w.parsed
}

// slab is memory of rows: those of a block are behind those of earlier blocks, and stay
// where they were parsed.
type slab[R any] struct {
	all   []R
	block []R // of the block at hand
}

// perRow is fewer bytes than most lines have, and slabBlocks how many blocks find room
// in one slab.
const perRow, slabBlocks = 16, 8

func (s *slab[R]) begin(size int) {
	if need := size/perRow + 1; cap(s.all)-len(s.all) < need {
		s.all = make([]R, 0, slabBlocks*need)
	}
	s.block = s.all[len(s.all):]
}

func (s *slab[R]) finish() []R {
	n := len(s.block)
	if cap(s.block) == cap(s.all)-len(s.all) { // else it grew elsewhere
		s.all = s.all[:len(s.all)+n]
	}
	return s.block[:n:n]
}

// separatorOf is the tab or space that comes first.
func separatorOf(data []byte) byte {
	if i := bytes.IndexAny(data[:min(len(data), 1<<10)], "\t "); i >= 0 {
		return data[i]
	}
	return ' '
}

// take keeps a row whose fields are in order; the result is what is wrong with its
// query, or "".
func (w *worker) take(query, document []byte, rank int32, value float64) string {
	if w.lastQuery == nil || text(query) != text(w.lastQuery) {
		w.lastQuery, w.lastIndex = query, w.findQuery(query)
	}
	switch {
	case w.lastIndex != noQuery:
		w.waiting[w.waits] = waiting{document, ident.Hash(document), value, w.lastIndex, rank, int32(w.lines - 1)}
		if w.waits++; w.waits == batch {
			w.flush()
		}
	case w.unknown == Refuse:
		return "query " + strconv.Quote(string(query)) + " is unknown"
	default:
		w.tallies.query.at(w.lines - 1)
	}
	return ""
}

// noQuery stands for a query whose lines are dropped or refused.
const noQuery = math.MinInt32

func (w *worker) findQuery(id []byte) int32 {
	hash := ident.Hash(id)
	if i, ok := w.dataset.LookupQuery(id, hash); ok {
		return i
	}
	if w.unknown != Add || !w.layout.level {
		return noQuery
	}
	i, _ := w.newQueries.table.AddHashed(id, hash)
	return -1 - i
}

// waiting is a row whose document is yet to be found.
type waiting struct {
	document          []byte
	hash              uint64
	value             float64
	query, rank, line int32
}

// batch is how many documents are found together; see [ident.Table.Touch].
const batch = 32

// flush finds the documents of the waiting rows.
func (w *worker) flush() {
	touched := int32(0)
	for i := range w.waiting[:w.waits] {
		hash := w.waiting[i].hash
		touched |= w.dataset.TouchDocument(hash) | w.newDocuments.table.Touch(hash)
	}
	if touched < 0 { // never: numbers are positive
		return
	}
	for i := range w.waiting[:w.waits] {
		if !w.put(&w.waiting[i]) {
			break
		}
	}
	w.waits = 0
}

// put appends a row, and tells whether to go on.
func (w *worker) put(r *waiting) bool {
	document, ok := w.dataset.LookupDocument(r.document, r.hash)
	switch {
	case ok:
	case w.unknown == Add:
		i, _ := w.newDocuments.table.AddHashed(r.document, r.hash)
		document = -1 - i
	case w.unknown == Skip:
		w.tallies.document.at(int(r.line))
		return true
	default:
		if w.fault == "" || int(r.line) < w.faultAt {
			w.fault, w.faultAt = "document "+strconv.Quote(string(r.document))+" is unknown", int(r.line)
		}
		return false
	}
	if n := len(w.stretches); n == 0 || w.stretches[n-1].query != r.query || w.nextLine != r.line {
		w.stretches = append(w.stretches, stretch{r.query, int32(len(w.levels.block) + len(w.hits.block)), r.line})
	}
	w.nextLine = r.line + 1
	if w.layout.level {
		w.levels.block = append(w.levels.block, evaluation.Judgement{Document: document, Level: int8(r.value)})
	} else {
		w.hits.block = append(w.hits.block, evaluation.Hit{Document: document, Rank: r.rank, Score: r.value})
	}
	return true
}

// text is the bytes as a string, for calls that do not keep it.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
