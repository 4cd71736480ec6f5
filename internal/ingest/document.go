package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
)

// listed begins an object whose first member is the list of all rows, as "label list
// --json" prints it and the API answers. A row of JSON lines has a field of such a
// name for a list of texts at most.
var listed = regexp.MustCompile(`^\{\s*"(?:labels|events|records|patents|demands)"\s*:\s*\[\s*(?:\{|\]\s*\}\s*$)`)

// openJSON opens a list of rows, bare or in an object, or JSON lines. Any other
// document that goes over several lines is refused as a whole: line by line it would
// be rejected but for the lines that happen to hold a row.
func openJSON(buffered *bufio.Reader, head []byte) (source, error) {
	start := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case bytes.HasPrefix(start, []byte("[")):
		return newArray(buffered), nil
	case listed.Match(start):
		a := newArray(buffered)
		a.inObject = true
		return a, nil
	case severalLines(start, len(head) >= sample):
		return nil, syntax("is one JSON object over several lines; give one object a line, a list [...], or an object that begins with the list, such as {\"labels\": [...]}")
	}
	return &jsonLines{lines: newLines(buffered)}, nil
}

// severalLines tells whether the first value of start is an object that goes on
// behind its first line. Of a cut start it is enough to be good JSON so far.
func severalLines(start []byte, cut bool) bool {
	first, _, more := bytes.Cut(start, []byte("\n"))
	if !more || !bytes.HasPrefix(first, []byte("{")) || json.Valid(first) {
		return false
	}
	var value json.RawMessage
	err := json.NewDecoder(bytes.NewReader(start)).Decode(&value)
	if cut && errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	return err == nil && bytes.IndexByte(value, '\n') >= 0
}

// closes tells whether text is what stands behind the list in an object: its end, or
// more members and its end.
func closes(text []byte) bool {
	return json.Valid(append([]byte(`{"list":[]`), text...))
}
