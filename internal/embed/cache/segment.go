package cache

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
)

const (
	magic   = "DJCACHE"
	version = 1
	keySize = len(key{}) + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// segment is a pair of files; see the package's comment. Slots below count are whole.
type segment struct {
	number        uint32
	dim           int
	head          int64 // length of the header
	keys, vectors *os.File
	count         uint32
}

func keysPath(dir string, number uint32) string {
	return filepath.Join(dir, fmt.Sprintf("%06d.keys", number))
}

func vectorsPath(dir string, number uint32) string {
	return filepath.Join(dir, fmt.Sprintf("%06d.vectors", number))
}

func removeSegment(dir string, number uint32) {
	_ = os.Remove(keysPath(dir, number)) // what is left is written over, or counts as none
	_ = os.Remove(vectorsPath(dir, number))
}

// segmentNumbers lists the segments of a folder in order; a missing folder has none.
func segmentNumbers(dir string) ([]uint32, error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []uint32
	for _, f := range files {
		var n uint32
		if _, err := fmt.Sscanf(f.Name(), "%06d.keys", &n); err == nil && filepath.Base(keysPath(dir, n)) == f.Name() {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}

func header(identity string, dim int) []byte {
	out := append([]byte(magic), version)
	out = binary.LittleEndian.AppendUint32(out, uint32(dim))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(identity)))
	out = append(out, identity...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

func createSegment(d *disk, number uint32) (*segment, error) {
	s, err := openFiles(d, number, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return nil, err
	}
	head := header(d.identity, d.dim)
	s.head = int64(len(head))
	if _, err := s.keys.Write(head); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// openSegment reads the keys of a segment. What was torn off at its end is left out
// and written over.
func openSegment(d *disk, number uint32) (*segment, []key, error) {
	flag := os.O_RDWR
	if d.readOnly {
		flag = os.O_RDONLY
	}
	s, err := openFiles(d, number, flag)
	if err != nil {
		return nil, nil, err
	}
	keys, err := s.readKeys(d)
	if err != nil {
		return nil, nil, errors.Join(err, s.close())
	}
	s.count = uint32(len(keys))
	return s, keys, nil
}

func openFiles(d *disk, number uint32, flag int) (*segment, error) {
	keys, err := os.OpenFile(keysPath(d.dir, number), flag, 0o600)
	if err != nil {
		return nil, err
	}
	vectors, err := os.OpenFile(vectorsPath(d.dir, number), flag, 0o600)
	if err != nil {
		return nil, errors.Join(err, keys.Close())
	}
	return &segment{number: number, dim: d.dim, keys: keys, vectors: vectors}, nil
}

func (s *segment) readKeys(d *disk) ([]key, error) {
	raw, err := io.ReadAll(s.keys)
	if err != nil {
		return nil, err
	}
	head := header(d.identity, d.dim)
	s.head = int64(len(head))
	if !bytes.HasPrefix(raw, head) {
		return nil, errors.New("the header is that of another model, version or file")
	}
	info, err := s.vectors.Stat()
	if err != nil {
		return nil, err
	}
	raw = raw[len(head):]
	whole := min(len(raw)/keySize, int(info.Size()/int64(4*s.dim)))
	keys := make([]key, whole)
	for i := range keys {
		copy(keys[i][:], raw[i*keySize:])
	}
	return keys, nil
}

// read returns the vector of a slot if it is that of k.
func (s *segment) read(k key, slot uint32) ([]float32, error) {
	var written [keySize]byte
	if _, err := s.keys.ReadAt(written[:], s.head+int64(slot)*int64(keySize)); err != nil {
		return nil, err
	}
	if !bytes.Equal(written[:len(k)], k[:]) {
		return nil, nil // another text whose hash begins with the same bytes
	}
	raw := make([]byte, 4*s.dim)
	if _, err := s.vectors.ReadAt(raw, int64(slot)*int64(len(raw))); err != nil {
		return nil, err
	}
	if checksum(k, raw) != binary.LittleEndian.Uint32(written[len(k):]) {
		return nil, errChecksum
	}
	v := make([]float32, s.dim)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return v, nil
}

func checksum(k key, vector []byte) uint32 {
	return crc32.Update(crc32.Checksum(k[:], castagnoli), castagnoli, vector)
}

// write adds vectors after the last whole slot.
func (s *segment) write(keys []key, vectors [][]float32) error {
	rawKeys, raw := make([]byte, 0, len(keys)*keySize), make([]byte, 0, len(keys)*4*s.dim)
	for i, k := range keys {
		from := len(raw)
		for _, x := range vectors[i] {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
		}
		rawKeys = append(rawKeys, k[:]...)
		rawKeys = binary.LittleEndian.AppendUint32(rawKeys, checksum(k, raw[from:]))
	}
	if _, err := s.vectors.WriteAt(raw, int64(s.count)*int64(4*s.dim)); err != nil {
		return err
	}
	if _, err := s.keys.WriteAt(rawKeys, s.head+int64(s.count)*int64(keySize)); err != nil {
		return err
	}
	s.count += uint32(len(keys))
	return nil
}

// room is the number of vectors that still fit in the segment of a folder with a
// limit; an empty segment has room for one, whatever the limit.
func (s *segment) room(limit int64) int64 {
	most := max(1, (limit/segments-s.head)/int64(keySize+4*s.dim))
	return max(0, min(most, math.MaxUint32)-int64(s.count))
}

func (s *segment) bytes() int64 {
	return s.head + int64(s.count)*int64(keySize+4*s.dim)
}

func (s *segment) close() error { return errors.Join(s.keys.Close(), s.vectors.Close()) }
