package flat

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

const readSize = 1 << 20

// corrupt is the error of stored bytes that are not what was written.
func corrupt(path string, at int64, cause error) error {
	return (&match.Error{Kind: match.Corrupt, Record: path, Err: cause}).Because("damaged at offset %d", at)
}

// readHeader reads the spec of the log in r, and where its first frame starts.
func readHeader(r io.ReaderAt, size int64, path string) (index.Spec, int64, error) {
	head := make([]byte, min(size, int64(headerHead)))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return index.Spec{}, 0, readError(path, err)
	}
	n, err := headerSize(head)
	if err == nil && int64(n) > size {
		err = errors.New("the header is cut off")
	}
	if err != nil {
		return index.Spec{}, 0, corrupt(path, 0, err)
	}
	header := make([]byte, n)
	if _, err := r.ReadAt(header, 0); err != nil {
		return index.Spec{}, 0, readError(path, err)
	}
	if err := checkHeader(header); err != nil {
		return index.Spec{}, 0, corrupt(path, 0, err)
	}
	if v := header[len(magic)]; v != version {
		return index.Spec{}, 0, otherVersion(path, v)
	}
	spec, err := decodeHeader(header)
	if err != nil {
		return index.Spec{}, 0, corrupt(path, 0, err)
	}
	return spec, int64(n), nil
}

// replay calls visit with each entry from start on, in order, and returns where
// the last whole frame ends, which is size unless a crash tore the tail. Damage
// is an error of kind match.Corrupt. A point lives until visit returns.
func replay(r io.ReaderAt, start, size int64, path string, spec index.Spec, visit func(op byte, p index.Point, at span)) (int64, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(r, start, size-start), readSize)
	decode := newDecoder(spec)
	var frame []byte
	for at := start; at < size; {
		var err error
		if frame, err = nextFrame(in, frame, size-at); err != nil {
			if !errors.Is(err, errFrame) {
				return 0, readError(path, err)
			}
			return at, tornOrDamaged(r, at, size, path)
		}
		op, p, err := decode.entry(frame[frameHead:])
		if err == nil && op == opSynced && !isSynced(frame, at) {
			err = errEntry
		}
		if err != nil { // it has the checksum that it was written with
			return 0, corrupt(path, at, err)
		}
		visit(op, p, span{at, len(frame)})
		at += int64(len(frame))
	}
	return size, nil
}

var errFrame = errors.New("no whole frame")

// nextFrame reads a frame of at most left bytes into buffer, or errFrame.
func nextFrame(in *bufio.Reader, buffer []byte, left int64) ([]byte, error) {
	if left < frameHead {
		return buffer, errFrame
	}
	head, err := in.Peek(frameHead)
	if err != nil {
		return buffer, err
	}
	n := int64(binary.LittleEndian.Uint32(head)) + frameHead
	if n > left || n > maxEntry+frameHead || n == frameHead {
		return buffer, errFrame
	}
	if int64(cap(buffer)) < n {
		buffer = make([]byte, n+n/4)
	}
	buffer = buffer[:n]
	if _, err := io.ReadFull(in, buffer); err != nil {
		return buffer, err
	}
	if binary.LittleEndian.Uint32(buffer[4:]) != frameSum(buffer) {
		return buffer, errFrame
	}
	return buffer, nil
}

// tornOrDamaged judges a frame that cannot be read: nil for a torn tail.
func tornOrDamaged(r io.ReaderAt, at, size int64, path string) error {
	// Windows overlap, so that no synced frame is cut in two.
	window := make([]byte, readSize)
	for from := at; from < size; from += readSize - int64(syncedSize) {
		n, err := r.ReadAt(window[:min(readSize, size-from)], from)
		if err != nil && err != io.EOF {
			return readError(path, err)
		}
		if i := findSynced(window[:n], from); i >= 0 {
			return corrupt(path, at, match.Corruptf("unreadable, though synced before offset %d", from+int64(i)))
		}
	}
	return nil
}

// findSynced returns the place of the first synced frame in b, which starts at an
// offset of the log, or −1.
func findSynced(b []byte, from int64) int {
	const lead = frameHead + 1
	for i := 0; ; i++ {
		next := bytes.Index(b[i:], []byte(syncedMark))
		if next < 0 {
			return -1
		}
		i += next
		if i >= lead && isSynced(b[i-lead:], from+int64(i-lead)) {
			return i - lead
		}
	}
}

func readError(path string, err error) error {
	return &match.Error{Kind: match.Unavailable, Record: path, Reason: "reading failed", Err: err}
}
