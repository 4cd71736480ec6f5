package format

import (
	"math"
	"strconv"
	"sync"
	"unsafe"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/ident"
)

// parser turns blocks into rows of known ids. It reads the dataset, which must
// not change meanwhile, and is shared by goroutines.
type parser struct {
	dataset            *evaluation.Dataset
	layout             layout
	queries, documents *interner // for ids that the dataset lacks
}

// layout says which field is what.
type layout struct {
	fields                       int
	query, document, value, rank int // rank is -1 where there is none
	tabbed                       bool
	level                        bool // the value is a level, not a score
	what                         string
}

var (
	runLayout       = layout{fields: 6, query: 0, document: 2, value: 4, rank: 3, what: "query Q0 document rank score tag"}
	trecQrelsLayout = layout{fields: 4, query: 0, document: 2, value: 3, rank: -1, level: true, what: "query iteration document level"}
	beirQrelsLayout = layout{fields: 3, query: 0, document: 1, value: 2, rank: -1, level: true, tabbed: true, what: "query-id, corpus-id and score, separated by tabs"}
)

func (p parser) block(data []byte) *parsed {
	out := &parsed{rows: takeRows()}
	state := blockState{parsed: out, parser: p}
	out.eachLine(data, state.line)
	state.findWaiting()
	return out
}

// blockState is the parsing of one block, with the last query: runs come query by
// query.
type blockState struct {
	*parsed
	parser
	lastQuery  []byte
	lastIndex  int32
	waiting    [batch]waiting // document ids of the last rows, not yet found
	waits      int
	fieldStore [8][]byte
}

// line parses one line into a row; the result is what is wrong with it, or "".
func (s *blockState) line(line []byte) string {
	fields := s.split(line)
	if len(fields) != s.layout.fields {
		return "want " + strconv.Itoa(s.layout.fields) + " fields (" + s.layout.what + "), found " + strconv.Itoa(len(fields))
	}
	if len(fields[s.layout.query]) == 0 || len(fields[s.layout.document]) == 0 {
		return "an id is empty"
	}
	r := row{line: int32(s.lines - 1)}
	var problem string
	if r.value, problem = s.number(fields[s.layout.value]); problem != "" {
		return problem
	}
	if s.layout.rank >= 0 {
		rank, err := strconv.ParseInt(text(fields[s.layout.rank]), 10, 32)
		if err != nil {
			return "rank " + strconv.Quote(string(fields[s.layout.rank])) + " is no whole number"
		}
		r.rank = int32(rank)
	}
	r.query = s.findQuery(fields[s.layout.query])
	s.rows = append(s.rows, r)
	s.waiting[s.waits] = waiting{fields[s.layout.document], ident.Hash(fields[s.layout.document])}
	if s.waits++; s.waits == batch {
		s.findWaiting()
	}
	return ""
}

func (s *blockState) number(field []byte) (float64, string) {
	x, err := strconv.ParseFloat(text(field), 64)
	if !s.layout.level {
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, "score " + strconv.Quote(string(field)) + " is no finite number"
		}
		return x, ""
	}
	scale := s.dataset.Scale()
	if err != nil || x != math.Trunc(x) || math.Abs(x) > 1e6 || !scale.Holds(int(x)) {
		return 0, levelProblem(string(field), scale)
	}
	if _, err := strconv.Atoi(text(field)); err != nil {
		s.point.at(s.lines - 1)
	}
	return x, ""
}

func levelProblem(field string, scale evaluation.Scale) string {
	return "level " + strconv.Quote(field) + " is not a whole number from " + strconv.Itoa(scale.Min) + " to " + strconv.Itoa(scale.Max)
}

func (s *blockState) findQuery(id []byte) int32 {
	if text(id) == text(s.lastQuery) && s.lastQuery != nil {
		return s.lastIndex
	}
	hash := ident.Hash(id)
	i, ok := s.dataset.LookupQuery(id, hash)
	if !ok {
		i = -1 - s.queries.number(id, hash)
	}
	s.lastQuery, s.lastIndex = id, i
	return i
}

// waiting is a document id that is yet to be found.
type waiting struct {
	id   []byte
	hash uint64
}

// batch is how many documents are found together; see [ident.Table.Touch].
const batch = 32

// findWaiting finds the documents of the last rows.
func (s *blockState) findWaiting() {
	touched := int32(0)
	for _, w := range s.waiting[:s.waits] {
		touched |= s.dataset.TouchDocument(w.hash)
	}
	if touched < 0 { // never: numbers are positive
		return
	}
	rows := s.rows[len(s.rows)-s.waits:]
	for i, w := range s.waiting[:s.waits] {
		rows[i].document = s.findDocument(w.id, w.hash)
	}
	s.waits = 0
}

func (s *blockState) findDocument(id []byte, hash uint64) int32 {
	if i, ok := s.dataset.LookupDocument(id, hash); ok {
		return i
	}
	return -1 - s.documents.number(id, hash)
}

// text is the bytes as a string, for calls that do not keep it.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// split cuts a line at its separators. Tabbed layouts are cut at tabs, and at
// white space where a line has none; others at any run of white space. More than
// eight fields are cut no further.
func (s *blockState) split(line []byte) [][]byte {
	fields, tabs, spaces := s.fieldStore[:0], 0, 0
	from := 0
	strict := s.layout.tabbed && hasTab(line)
	for i := 0; i <= len(line) && len(fields) < len(s.fieldStore); i++ {
		if i < len(line) && line[i] != '\t' && (strict || line[i] != ' ') {
			continue
		}
		if i < len(line) && line[i] == '\t' {
			tabs++
		} else if i < len(line) {
			spaces++
		}
		if i > from || strict {
			fields = append(fields, line[from:i])
		}
		from = i + 1
	}
	if tabs > 0 {
		s.tabs.at(s.lines - 1)
	}
	if spaces > 0 {
		s.spaces.at(s.lines - 1)
	}
	return fields
}

// spare holds the rows of blocks that have been taken, to be filled again.
var spare = sync.Pool{New: func() any { return make([]row, 0, blockSize/32) }}

func takeRows() []row { return spare.Get().([]row)[:0] }

func hasTab(line []byte) bool {
	for _, c := range line {
		if c == '\t' {
			return true
		}
	}
	return false
}
