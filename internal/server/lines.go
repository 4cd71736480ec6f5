package server

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/proto"
)

// lines reads messages of JSON, one a line. Empty lines are skipped.
type lines struct {
	in     *bufio.Reader
	codec  *codec
	number int
	line   []byte
}

func newLines(r io.Reader) *lines {
	return &lines{in: bufio.NewReaderSize(r, 64<<10), codec: newCodec()}
}

// next reads a message; io.EOF after the last. Other errors name the line.
func (l *lines) next(m proto.Message) error {
	for {
		l.number++
		text, err := l.read()
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: %w", l.number, err)
		}
		if text = bytes.TrimSpace(text); len(text) == 0 {
			if err != nil {
				return io.EOF
			}
			continue
		}
		if err := l.codec.read(text, m); err != nil {
			return fmt.Errorf("line %d: %w", l.number, err)
		}
		return nil
	}
}

// read gives a line, which is good until the next call. The last one comes with io.EOF.
func (l *lines) read() ([]byte, error) {
	l.line = l.line[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		if len(l.line)+len(part) > maxMessage {
			return nil, fmt.Errorf("is longer than %d MiB", maxMessage>>20)
		}
		l.line = append(l.line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.line, err
		}
	}
}

// discard takes the rest.
func (l *lines) discard() { _, _ = io.Copy(io.Discard, l.in) }
