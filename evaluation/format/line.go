package format

import (
	"bytes"
	"math"
	"strconv"

	"github.com/duijie/duijie/evaluation"
)

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

// long parses the line at a place, whatever it looks like, and returns its length with
// its end.
func (p *parser) long(from int) int {
	line, n := p.data[from:], len(p.data)-from
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line, n = line[:end], end+1
	}
	at := p.lines
	p.lines++
	p.prefix = prefix{}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
		p.tallies.returns.at(at)
	}
	if len(line) == 0 || line[0] <= ' ' && len(bytes.TrimSpace(line)) == 0 {
		p.tallies.blank.at(at)
		return n
	}
	p.content++
	if problem := p.line(line); problem != "" {
		p.fault, p.faultAt = problem, at
	}
	return n
}

// line parses one line into a row; the result is what is wrong with it, or "".
func (p *parser) line(line []byte) string {
	fields := p.split(line)
	if len(fields) != p.layout.fields {
		return "want " + strconv.Itoa(p.layout.fields) + " fields (" + p.layout.what + "), found " + strconv.Itoa(len(fields))
	}
	query, document := fields[p.layout.query], fields[p.layout.document]
	if len(query) == 0 || len(document) == 0 {
		return "an id is empty"
	}
	number, problem := p.number(fields[p.layout.value])
	if problem != "" {
		return problem
	}
	rank := int64(0)
	if p.layout.rank >= 0 {
		var err error
		if rank, err = strconv.ParseInt(text(fields[p.layout.rank]), 10, 32); err != nil {
			return "rank " + strconv.Quote(string(fields[p.layout.rank])) + " is no whole number"
		}
	}
	from := cap(p.data) - cap(document) // both end where the memory ends
	p.take(query, from, from+len(document), value{number, int32(rank)})
	return ""
}

func (p *parser) number(field []byte) (float64, string) {
	x, err := strconv.ParseFloat(text(field), 64)
	if !p.layout.level {
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, "score " + strconv.Quote(string(field)) + " is no finite number"
		}
		return x, ""
	}
	scale := p.scale
	if err != nil || x != math.Trunc(x) || math.Abs(x) > 1e6 || !scale.Holds(int(x)) {
		return 0, levelProblem(string(field), scale)
	}
	if _, err := strconv.Atoi(text(field)); err != nil {
		p.tallies.point.at(p.lines - 1)
	}
	return x, ""
}

func levelProblem(field string, scale evaluation.Scale) string {
	return "level " + strconv.Quote(field) + " is not a whole number from " + strconv.Itoa(scale.Min) + " to " + strconv.Itoa(scale.Max)
}

// split cuts a line at its separators. Tabbed layouts are cut at tabs, and at
// white space where a line has none; others at any run of white space. More than
// eight fields are cut no further.
func (p *parser) split(line []byte) [][]byte {
	fields, tabs, spaces := p.fieldStore[:0], 0, 0
	from := 0
	strict := p.layout.tabbed && bytes.IndexByte(line, '\t') >= 0
	for i := 0; i <= len(line) && len(fields) < len(p.fieldStore); i++ {
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
		p.tallies.tabs.at(p.lines - 1)
	}
	if spaces > 0 {
		p.tallies.spaces.at(p.lines - 1)
	}
	return fields
}
