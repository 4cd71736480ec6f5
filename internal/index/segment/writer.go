package segment

import (
	"encoding/json"
	"errors"
	"hash/crc32"

	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
)

const (
	sumsName  = "sums"
	writeSize = 1 << 20
)

// writer writes a segment, section after section. The first error stays.
type writer struct {
	file   flat.File
	path   string
	at     int64 // where the buffer goes
	buffer []byte
	dir    directory
	sums   []uint32
	sum    uint32 // of the block that is being filled
	filled int    // bytes of it
	err    error
}

func newWriter(disk flat.Disk, path string) (*writer, error) {
	f, err := disk.Create(path)
	if err != nil {
		return nil, match.WriteFailed(path, err)
	}
	return &writer{file: f, path: path, buffer: make([]byte, pageSize, writeSize+pageSize)}, nil
}

// section ends the last section and begins a new one.
func (w *writer) section(name string) {
	w.endSection()
	w.dir.Sections = append(w.dir.Sections, extent{Name: name, At: w.position()})
}

func (w *writer) position() int64 { return w.at + int64(len(w.buffer)) }

func (w *writer) endSection() {
	if n := len(w.dir.Sections); n > 0 {
		e := &w.dir.Sections[n-1]
		e.Size = w.position() - e.At
	}
	if w.filled > 0 {
		w.endBlock()
	}
	if over := w.position() % pageSize; over > 0 {
		w.buffer = append(w.buffer, make([]byte, pageSize-over)...)
	}
}

func (w *writer) endBlock() {
	w.sums, w.sum, w.filled = append(w.sums, w.sum), 0, 0
}

// write appends b to the section.
func (w *writer) write(b []byte) {
	for len(b) > 0 && w.err == nil {
		n := min(len(b), blockSize-w.filled)
		w.sum = crc32.Update(w.sum, castagnoli, b[:n])
		w.buffer = append(w.buffer, b[:n]...)
		if w.filled += n; w.filled == blockSize {
			w.endBlock()
		}
		if b = b[n:]; len(w.buffer) >= writeSize {
			w.flush()
		}
	}
}

func (w *writer) flush() {
	if w.err != nil {
		return
	}
	if _, err := w.file.WriteAt(w.buffer, w.at); err != nil {
		w.err = match.WriteFailed(w.path, err)
	}
	w.at += int64(len(w.buffer))
	w.buffer = w.buffer[:0]
}

// finish writes the checksums, the directory and, once all that is on disk, the header.
func (w *writer) finish() error {
	w.endSection()
	sums := bytesOf32(w.sums)
	w.dir.Sums = crc32.Checksum(sums, castagnoli)
	w.dir.Sections = append(w.dir.Sections, extent{sumsName, w.position(), int64(len(sums))})
	w.buffer = append(w.buffer, sums...)
	dir, err := json.Marshal(w.dir)
	if err != nil {
		return errors.Join(err, w.file.Close())
	}
	at := w.position()
	w.buffer = append(w.buffer, dir...)
	w.flush()
	err = w.err
	if err == nil {
		_, err = w.file.WriteAt(encodeHeader(at, dir), 0)
	}
	if err == nil {
		err = w.file.Sync()
	}
	return match.WriteFailed(w.path, errors.Join(err, w.file.Close()))
}

func readError(path string, err error) error {
	return &match.Error{Kind: match.Unavailable, Record: path, Reason: "reading failed", Err: err}
}
