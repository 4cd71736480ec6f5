package flat

import (
	"bufio"
	"io"
	"maps"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// compactAt is the number of bytes from which a log is worth rewriting.
const compactAt = 4096

// mostlyDead tells whether more than half of the log's frames serve nothing.
func mostlyDead(l *log, t *table) bool {
	all := l.end - l.start
	return all >= compactAt && 2*t.alive < all
}

// compact puts a log of the live frames alone in the place of old, which it
// closes, and tells t where they are now. If there is no room for the new log,
// old stays as it is: it is only longer than it need be.
func compact(old *log, spec index.Spec, t *table) (*log, error) {
	spans := make([]span, len(t.spans))
	fresh, err := createLog(old.disk, old.path, spec, func(l *log) error {
		return copyLive(l, old, t, spans)
	})
	if match.KindOf(err) == match.Exhausted && err != nil {
		return old, nil
	}
	if err != nil {
		return nil, err
	}
	t.spans = spans
	return fresh, old.file.Close()
}

// copyLive appends the frames of the live slots, checking each, and notes where
// they come to lie.
func copyLive(to, from *log, t *table, spans []span) error {
	in := newFrameCopier(from)
	var out []byte
	for slot, key := range t.keys {
		if now, ok := t.slots[key]; !ok || now != uint32(slot) {
			continue
		}
		frame, err := in.frame(t.spans[slot])
		if err != nil {
			return err
		}
		spans[slot] = span{to.end + int64(len(out)), len(frame)}
		if out = append(out, frame...); len(out) >= readSize {
			if err := to.append(out); err != nil {
				return err
			}
			out = out[:0]
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.buried)) {
		out = appendDelete(out, key)
	}
	return to.append(out)
}

// frameCopier reads frames in the order of the log, jumping over the dead ones.
type frameCopier struct {
	from   *log
	buffer *bufio.Reader
	at     int64 // where the buffer reads on; 0 is nowhere
	kept   []byte
}

func newFrameCopier(from *log) *frameCopier {
	return &frameCopier{from: from, buffer: bufio.NewReaderSize(nil, readSize)}
}

func (c *frameCopier) frame(s span) ([]byte, error) {
	if s.at != c.at {
		c.buffer.Reset(io.NewSectionReader(c.from.file, s.at, c.from.end-s.at))
	}
	frame, err := nextFrame(c.buffer, c.kept, int64(s.n))
	if err != nil {
		return nil, corrupt(c.from.path, s.at, err)
	}
	c.kept, c.at = frame, s.at+int64(len(frame))
	return frame, nil
}
