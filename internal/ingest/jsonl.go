package ingest

import (
	"bytes"

	"github.com/duijie/duijie/internal/match"
)

// jsonLines is the source of one JSON object a line.
type jsonLines struct{ lines *lines }

func (*jsonLines) header() []string { return nil }

func (s *jsonLines) next() (rawRow, error) {
	for {
		l, err := s.lines.next()
		if err != nil {
			return rawRow{}, err
		}
		if l.tooLong {
			return rawRow{line: l.number, bytes: l.bytes, err: tooLong(), cut: true}, nil
		}
		if !blank(l.bytes) {
			return rawRow{line: l.number, bytes: l.bytes}, nil
		}
	}
}

func (*jsonLines) parse(row *rawRow) { parseJSON(row) }

func (*jsonLines) unit() string { return "line" }

// parseJSON reads a row of one JSON object.
func parseJSON(row *rawRow) {
	object, err := parseObject(row.bytes)
	if err != nil {
		row.err = err
		return
	}
	row.cells = flatten(object)
}

// nested names the objects whose members are cells of their own: {"fee":
// {"min_cny": 1}} is the cell "fee.min_cny".
var nested = map[string]bool{"enterprise": true, "fee": true, "budget": true, "rating": true, "attributes": true}

// flatten gives the cells of an object. Null is the same as absence.
func flatten(o object) []cell {
	cells := make([]cell, 0, len(o))
	for _, m := range o {
		inner, ok := m.value.(object)
		if !ok || !nested[m.name] {
			cells = append(cells, cell(m))
			continue
		}
		for _, n := range inner {
			cells = append(cells, cell{name: m.name + "." + n.name, value: n.value})
		}
	}
	return cells
}

// member is one name and value of an object, in the order of the input.
type member struct {
	name  string
	value any // string, json.Number, bool, nil, []any or object
}

type object []member

// syntax is an error about the row as a whole.
func syntax(reason string, args ...any) *match.Error {
	return match.Invalidf("", reason, args...)
}

// loneSurrogate tells whether raw, which is valid JSON, has a \u escape of half a
// surrogate pair. Go's decoder would replace it in silence.
func loneSurrogate(raw []byte) bool {
	for {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			return false
		}
		raw = raw[at:]
		unit, ok := surrogate(raw)
		switch {
		case !ok:
			raw = raw[2:] // an escape of another kind
		case unit >= 0xdc00:
			return true
		default:
			low, ok := surrogate(raw[6:])
			if !ok || low < 0xdc00 {
				return true
			}
			raw = raw[12:]
		}
	}
}

// surrogate reads \uD800 to \uDFFF at the beginning of raw.
func surrogate(raw []byte) (unit int, ok bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	for _, c := range bytes.ToLower(raw[2:6]) {
		digit := bytes.IndexByte([]byte("0123456789abcdef"), c)
		if digit < 0 {
			return 0, false
		}
		unit = unit<<4 | digit
	}
	return unit, unit >= 0xd800 && unit <= 0xdfff
}
