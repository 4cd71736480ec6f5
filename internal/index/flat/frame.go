package flat

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"

	"github.com/duijie/duijie/internal/index"
)

// The log of a collection, DIR/COLLECTION.vec. Numbers are little-endian.
//
//	header │ "DUIJIEV" 7 │ version 1 │ n 4 │ spec, JSON, n │ CRC-32C of all before 4 │
//	frame  │ n 4 │ CRC-32C of n and the entry 4 │ entry, n │
//	  …
//
// An entry is an op byte and what the op needs; strings are a uvarint length and
// bytes, counts are uvarints:
//
//	put    │ 'P' │ key │ fields │ { field │ tokens │ { token } } │
//	       │ fields │ { field │ number, varint } │
//	       │ vectors │ { place in spec.vectors, uvarint │ float32 × dim } │
//	delete │ 'D' │ key │
//	synced │ 'S' │ "\xd5durable" 8 │ offset of this frame 8 │
//
// Vectors are as they were given to Upsert, and rounded (quant.Round) when they are read.
//
// A synced frame is written after fsync returned: all before it is on disk for
// good. So a frame that cannot be read is damage if a synced frame follows it
// anywhere, and the torn tail of a crash if none does.
const (
	magic   = "DUIJIEV"
	version = 1

	headerHead = len(magic) + 1 + 4
	frameHead  = 8
	// maxEntry bounds what a damaged length can make the reader allocate.
	maxEntry = 1 << 28
	maxSpec  = 1 << 20

	opPut    = 'P'
	opDelete = 'D'
	opSynced = 'S'

	syncedMark = "\xd5durable"
	syncedSize = frameHead + 1 + len(syncedMark) + 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// storedSpec is the JSON form of an index.Spec.
type storedSpec struct {
	Collection string   `json:"collection"`
	Model      string   `json:"model"`
	Dim        int      `json:"dim"`
	Vectors    []string `json:"vectors"`
}

func encodeHeader(spec index.Spec) ([]byte, error) {
	body, err := json.Marshal(storedSpec(spec))
	if err != nil {
		return nil, err
	}
	out := append([]byte(magic), version)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	out = append(out, body...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli)), nil
}

// headerSize returns the size of the whole header, given its first bytes.
func headerSize(head []byte) (int, error) {
	if len(head) < headerHead || string(head[:len(magic)]) != magic {
		return 0, errors.New("is not a vector log")
	}
	n := binary.LittleEndian.Uint32(head[len(magic)+1:])
	if n > maxSpec {
		return 0, errors.New("the header has an impossible length")
	}
	return headerHead + int(n) + 4, nil
}

// checkHeader compares the checksum of a header of headerSize bytes. Every version
// has it in the same place.
func checkHeader(header []byte) error {
	end := len(header) - 4
	if crc32.Checksum(header[:end], castagnoli) != binary.LittleEndian.Uint32(header[end:]) {
		return errors.New("the header's checksum is wrong")
	}
	return nil
}

// decodeHeader reads a header that checkHeader let through.
func decodeHeader(header []byte) (index.Spec, error) {
	end := len(header) - 4
	var spec storedSpec
	decoder := json.NewDecoder(bytes.NewReader(header[headerHead:end]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&spec); err != nil {
		return index.Spec{}, err
	}
	return index.Spec(spec), index.Spec(spec).Validate()
}

// appendFrame appends a frame whose entry is written by fill.
func appendFrame(out []byte, fill func([]byte) []byte) []byte {
	start := len(out)
	out = fill(append(out, make([]byte, frameHead)...))
	binary.LittleEndian.PutUint32(out[start:], uint32(len(out)-start-frameHead))
	binary.LittleEndian.PutUint32(out[start+4:], frameSum(out[start:]))
	return out
}

// frameSum is the checksum that a frame should have.
func frameSum(frame []byte) uint32 {
	sum := crc32.Update(0, castagnoli, frame[:4])
	return crc32.Update(sum, castagnoli, frame[frameHead:])
}

func appendSynced(out []byte, at int64) []byte {
	return appendFrame(out, func(b []byte) []byte {
		b = append(append(b, opSynced), syncedMark...)
		return binary.LittleEndian.AppendUint64(b, uint64(at))
	})
}

// isSynced tells whether frame, which was found at an offset, is a synced frame.
func isSynced(frame []byte, at int64) bool {
	if len(frame) < syncedSize {
		return false
	}
	frame = frame[:syncedSize]
	return bytes.Equal(frame, appendSynced(nil, at))
}
