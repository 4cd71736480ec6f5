package segment

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

const (
	magic   = "DUIJIES"
	version = 2

	headerSize = 32
	pageSize   = 4096
	// blockSize is what one checksum covers.
	blockSize = 1 << 16
	// maxDirectory bounds what a damaged length can make the reader allocate.
	maxDirectory = 1 << 24
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// storedSpec is the JSON form of an index.Spec.
type storedSpec struct {
	Collection string   `json:"collection"`
	Model      string   `json:"model"`
	Dim        int      `json:"dim"`
	Vectors    []string `json:"vectors"`
}

// extent is where a section lies in a file.
type extent struct {
	Name string `json:"name"`
	At   int64  `json:"at"`
	Size int64  `json:"size"`
}

func (e extent) blocks() int64 { return (e.Size + blockSize - 1) / blockSize }

// directory says what is in a segment.
type directory struct {
	Spec     storedSpec `json:"spec"`
	Points   int        `json:"points"`
	Tokens   []string   `json:"tokens"`  // fields, in order
	Numbers  []string   `json:"numbers"` // fields, in order
	Probes   [][]probe  `json:"probes"`  // by place in spec.vectors
	Sections []extent   `json:"sections"`
	// Sums is the checksum of the last section, which has those of all others.
	Sums uint32 `json:"sums"`
}

// encodeHeader gives the first bytes of a file whose directory lies at an offset.
func encodeHeader(at int64, dir []byte) []byte {
	out := append([]byte(magic), version)
	out = binary.LittleEndian.AppendUint64(out, uint64(at))
	out = binary.LittleEndian.AppendUint64(out, uint64(len(dir)))
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(dir, castagnoli))
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// readDirectory reads what is in a whole file.
func readDirectory(data []byte, path string) (*directory, error) {
	if len(data) < headerSize || string(data[:len(magic)]) != magic {
		return nil, corrupt(path, 0, errors.New("is not a vector segment"))
	}
	sum := binary.LittleEndian.Uint32(data[headerSize-4:])
	if crc32.Checksum(data[:headerSize-4], castagnoli) != sum {
		return nil, corrupt(path, 0, errors.New("the header's checksum is wrong"))
	}
	if v := data[len(magic)]; v != version {
		return nil, otherVersion(path, v)
	}
	at, n := binary.LittleEndian.Uint64(data[8:]), binary.LittleEndian.Uint64(data[16:])
	if n > maxDirectory || at > uint64(len(data)) || at+n != uint64(len(data)) {
		return nil, corrupt(path, 0, match.Corruptf("has %d bytes, the header says %d", len(data), at+n))
	}
	body := data[at:]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[24:]) {
		return nil, corrupt(path, int64(at), errors.New("the directory's checksum is wrong"))
	}
	var dir directory
	if err := strictly(body, &dir); err != nil {
		return nil, corrupt(path, int64(at), err)
	}
	if err := dir.check(int64(at)); err != nil {
		return nil, corrupt(path, int64(at), err)
	}
	return &dir, nil
}

func strictly(body []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// check tells whether every section lies before end, and there is a checksum for each
// of their blocks.
func (d *directory) check(end int64) error {
	if err := index.Spec(d.Spec).Validate(); err != nil {
		return err
	}
	if len(d.Sections) == 0 || d.Points < 0 || len(d.Probes) != len(d.Spec.Vectors) {
		return errors.New("the directory is incomplete")
	}
	blocks := int64(0)
	for _, e := range d.Sections {
		if e.At < pageSize || e.Size < 0 || e.At > end || e.Size > end-e.At {
			return match.Corruptf("section %q lies outside of the file", e.Name)
		}
		blocks += e.blocks()
	}
	sums := d.Sections[len(d.Sections)-1]
	if sums.Name != sumsName || sums.Size != 4*(blocks-sums.blocks()) {
		return errors.New("there is not a checksum for every block")
	}
	return nil
}

// corrupt is the error of stored bytes that are not what was written.
func corrupt(path string, at int64, cause error) error {
	return (&match.Error{Kind: match.Corrupt, Record: path, Err: cause}).Because("damaged at offset %d", at)
}

// otherVersion is the error of a file in a format that this program does not read.
func otherVersion(path string, v byte) error {
	if v > version {
		return &match.Error{Kind: match.Conflict, Record: path, Reason: "was written by a newer Duijie; this one does not read its format"}
	}
	return &match.Error{Kind: match.Stale, Record: path, Reason: "was written by an older Duijie, in a format that is not read any more"}
}
