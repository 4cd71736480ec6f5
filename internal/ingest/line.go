package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/duijie/duijie/internal/match"
)

// lines gives an input line by line with their numbers, and takes lines back.
type lines struct {
	in   *bufio.Reader
	read int // lines read from in
	back []line
}

// line is without its line break. Of one that is too long only the beginning is
// kept.
type line struct {
	number  int
	bytes   []byte
	tooLong bool
}

// keptOfLong is how much of a row beyond MaxRow is kept to show.
const keptOfLong = 4 << 10

func newLines(in io.Reader) *lines { return &lines{in: bufio.NewReaderSize(in, 64<<10)} }

// next gives the next line, or io.EOF after the last one. A line break at the end
// of the input begins no line.
func (l *lines) next() (line, error) {
	if n := len(l.back); n > 0 {
		out := l.back[n-1]
		l.back = l.back[:n-1]
		return out, nil
	}
	out := line{number: l.read + 1}
	for {
		part, err := l.in.ReadSlice('\n')
		if out.tooLong = out.tooLong || len(out.bytes)+len(part) > MaxRow+2; !out.tooLong {
			out.bytes = append(out.bytes, part...)
		}
		switch {
		case err == nil, err == io.EOF && len(out.bytes) > 0:
			l.read++
			return out.trimmed(), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			if err != io.EOF {
				err = readError(err)
			}
			return line{}, err
		}
	}
}

func (l line) trimmed() line {
	if l.tooLong || len(l.bytes) > MaxRow+1 {
		l.tooLong = true
		l.bytes = bytes.Clone(l.bytes[:keptOfLong])
		return l
	}
	l.bytes = bytes.TrimSuffix(bytes.TrimSuffix(l.bytes, []byte("\n")), []byte("\r"))
	return l
}

// unread gives lines back; they come again in their order.
func (l *lines) unread(taken []line) {
	for i := len(taken) - 1; i >= 0; i-- {
		l.back = append(l.back, taken[i])
	}
}

func blank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

func tooLong() *match.Error {
	return match.Invalidf("", "the row is longer than %d MiB", MaxRow>>20)
}
