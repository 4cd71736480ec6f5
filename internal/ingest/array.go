package ingest

import (
	"bufio"
	"bytes"
	"io"
)

// array is the source of one JSON array, bare or in an object, which is cut into its elements without
// being held in memory.
type array struct {
	in     *bufio.Reader
	line   int
	state  arrayState
	number int
	// inObject says that the array is the first member of an object.
	inObject bool
}

type arrayState uint8

const (
	beforeArray arrayState = iota
	inArray
	afterArray
	arrayCut // the input ended inside of it
	arrayEnd
)

func newArray(in *bufio.Reader) *array { return &array{in: in, line: 1} }

func (*array) header() []string { return nil }

func (*array) parse(row *rawRow) { parseJSON(row) }

func (*array) unit() string { return "line" }

func (a *array) next() (rawRow, error) {
	if a.state == beforeArray {
		a.state = inArray
		a.element(func(c byte) bool { return c == '[' })
	}
	for a.state == inArray {
		e, err := a.split()
		if err != nil {
			return rawRow{}, err
		}
		a.number++
		switch {
		case e.tooLong:
			return rawRow{line: e.number, bytes: e.bytes, err: tooLong(), cut: true}, nil
		case !blank(e.bytes):
			return rawRow{line: e.number, bytes: bytes.TrimSpace(e.bytes)}, nil
		case a.state == inArray, a.state == afterArray && a.number > 1:
			return rawRow{line: a.line, err: syntax("is not JSON: an element of the array is missing")}, nil
		}
	}
	return a.rest()
}

// split reads one element up to the comma or bracket behind it.
func (a *array) split() (line, error) {
	depth, quoted, escaped := 0, false, false
	e, end, err := a.element(func(c byte) bool {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case depth == 0:
			return c == ',' || c == ']'
		case c == '}' || c == ']':
			depth--
		}
		return false
	})
	switch {
	case err == io.EOF:
		a.state, err = arrayCut, nil
	case end == ']':
		a.state = afterArray
	}
	return e, err
}

// element reads up to the byte at which ends is true, and gives what is before
// it with the line of its first byte that is not white space.
func (a *array) element(ends func(byte) bool) (line, byte, error) {
	var e line
	for {
		c, err := a.in.ReadByte()
		if err != nil {
			if err != io.EOF {
				err = readError(err)
			}
			return e, 0, err
		}
		if e.number == 0 && !blank([]byte{c}) {
			e.number = a.line
		}
		if c == '\n' {
			a.line++
		}
		switch {
		case ends(c):
			return e, c, nil
		case len(e.bytes) == MaxRow:
			e.tooLong, e.bytes = true, e.bytes[:keptOfLong:keptOfLong]
		case !e.tooLong && e.number > 0:
			e.bytes = append(e.bytes, c)
		}
	}
}

// rest reports an array that is not closed, or what stands behind it, once.
func (a *array) rest() (rawRow, error) {
	switch a.state {
	case arrayEnd:
		return rawRow{}, io.EOF
	case arrayCut:
		a.state = arrayEnd
		return rawRow{line: a.line, err: syntax("is not JSON: the array has no closing bracket")}, nil
	}
	a.state = arrayEnd
	e, _, err := a.element(func(byte) bool { return false })
	if err != io.EOF {
		return rawRow{}, err
	}
	switch {
	case a.inObject && closes(e.bytes), !a.inObject && blank(e.bytes):
		return rawRow{}, io.EOF
	case a.inObject && blank(e.bytes):
		return rawRow{line: a.line, err: syntax("is not JSON: it ends too early")}, nil
	}
	return rawRow{line: e.number, bytes: e.bytes, err: syntax("is not JSON: something stands behind the array")}, nil
}
