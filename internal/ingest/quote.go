package ingest

import (
	"bytes"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

var (
	errOpenQuote   = match.Invalidf("", "has a quote that is not closed")
	errEncoding    = match.Invalidf("", "has bytes that are wrong in the file's encoding")
	errBehindQuote = match.Invalidf("", "has text behind a closing quote")
)

// scan goes through one line of a row and tells whether its end lies within
// quotes, as its beginning did if open is set.
func scan(line []byte, delimiter byte, open bool) (bool, *match.Error) {
	for {
		if !open {
			if len(line) > 0 && line[0] == '"' {
				open, line = true, line[1:]
				continue
			}
			at := bytes.IndexByte(line, delimiter)
			if at < 0 {
				return false, nil
			}
			line = line[at+1:]
			continue
		}
		at := bytes.IndexByte(line, '"')
		if at < 0 {
			return true, nil
		}
		if line = line[at+1:]; len(line) > 0 && line[0] == '"' {
			line = line[1:]
			continue
		}
		if line = bytes.TrimLeft(line, " "); len(line) == 0 {
			return false, nil
		}
		if line[0] != delimiter {
			return false, errBehindQuote
		}
		open, line = false, line[1:]
	}
}

// split cuts a row into its cells (RFC 4180). A quote inside of a cell that does
// not begin with one stands for itself.
func split(row []byte, delimiter byte) ([]string, *match.Error) {
	var cells []string
	for {
		cell, rest, err := cut(row, delimiter)
		cells = append(cells, cell)
		if err != nil || rest == nil {
			return cells, err
		}
		row = rest[1:]
	}
}

// cut takes the first cell off row. The rest begins with the delimiter, or is nil.
func cut(row []byte, delimiter byte) (cell string, rest []byte, err *match.Error) {
	if len(row) == 0 || row[0] != '"' {
		if at := bytes.IndexByte(row, delimiter); at >= 0 {
			return string(row[:at]), row[at:], nil
		}
		return string(row), nil, nil
	}
	var b strings.Builder
	for row = row[1:]; ; {
		at := bytes.IndexByte(row, '"')
		if at < 0 {
			return b.String(), nil, errOpenQuote
		}
		b.Write(row[:at])
		row = row[at+1:]
		if len(row) == 0 || row[0] != '"' {
			break
		}
		b.WriteByte('"')
		row = row[1:]
	}
	row = bytes.TrimLeft(row, " ")
	switch {
	case len(row) == 0:
		return b.String(), nil, nil
	case row[0] != delimiter:
		return b.String(), nil, errBehindQuote
	}
	return b.String(), row, nil
}

// withoutCell takes a cell off a row, by its place. A row whose cells cannot be told
// apart so far, or that has fewer, stays as it is.
func withoutCell(row []byte, delimiter byte, place int) []byte {
	rest := row
	for i := 0; ; i++ {
		start := len(row) - len(rest)
		_, after, err := cut(rest, delimiter)
		switch {
		case err != nil:
			return row
		case i < place && after == nil:
			return row
		case i < place:
			rest = after[1:]
			continue
		case after == nil: // the last one, with the delimiter before it
			return row[:max(0, start-1)]
		}
		return append(row[:start:start], after[1:]...)
	}
}

// quoted writes a cell.
func quoted(cell string) string { return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"` }
