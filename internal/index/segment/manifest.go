package segment

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
)

// Extension is that of the file that says which segments a collection has.
const Extension = ".manifest"

const (
	manifestMagic   = "DUIJIEM"
	manifestVersion = 1
	manifestHead    = len(manifestMagic) + 1
	maxManifest     = 1 << 30
)

// manifest says what the collection consists of, besides its newest writes:
//
//	│ "DUIJIEM" 7 │ version 1 │ JSON │ CRC-32C of all before 4 │
type manifest struct {
	Spec storedSpec `json:"spec"`
	// Sealed is the number of the last log whose points are in segments.
	Sealed int64 `json:"sealed"`
	// Next is a number that no segment has had.
	Next     int64        `json:"next"`
	Segments []sealedFile `json:"segments"`
	// Garbage are segments that are to be removed.
	Garbage []int64 `json:"garbage,omitempty"`
}

// sealedFile is a segment of a manifest.
type sealedFile struct {
	Number int64 `json:"number"`
	Points int   `json:"points"`
	// Dead is a bitmap, as little-endian words, of slots that are deleted.
	Dead []byte `json:"dead,omitempty"`
}

// live returns the slots that are not dead.
func (s sealedFile) live() (facet.Bitmap, error) {
	live := allAlive(s.Points)
	if len(s.Dead) == 0 {
		return live, nil
	}
	if len(s.Dead) != 8*len(live) {
		return nil, match.Corruptf("segment %d: the list of deleted slots has %d bytes", s.Number, len(s.Dead))
	}
	for i := range live {
		live[i] &^= u64s(s.Dead).at(uint32(i))
	}
	return live, nil
}

// fileOf is the entry of a member.
func fileOf(m member) sealedFile {
	out := sealedFile{Number: m.number, Points: m.points()}
	if m.alive == m.points() {
		return out
	}
	dead := allAlive(m.points())
	for i := range dead {
		dead[i] &^= m.live[i]
	}
	out.Dead = bytesOf64(dead)
	return out
}

func encodeManifest(m *manifest) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	out := append(append([]byte(manifestMagic), manifestVersion), body...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli)), nil
}

// decodeManifest reads what encodeManifest wrote.
func decodeManifest(b []byte, path string) (*manifest, error) {
	if len(b) < manifestHead+4 || string(b[:len(manifestMagic)]) != manifestMagic {
		return nil, corrupt(path, 0, errors.New("is not a manifest"))
	}
	end := len(b) - 4
	if crc32.Checksum(b[:end], castagnoli) != binary.LittleEndian.Uint32(b[end:]) {
		return nil, corrupt(path, 0, errors.New("the checksum is wrong"))
	}
	if v := b[len(manifestMagic)]; v != manifestVersion {
		return nil, otherVersion(path, v)
	}
	var m manifest
	if err := strictly(b[manifestHead:end], &m); err != nil {
		return nil, corrupt(path, int64(manifestHead), err)
	}
	if err := m.check(); err != nil {
		return nil, corrupt(path, int64(manifestHead), err)
	}
	return &m, nil
}

func (m *manifest) check() error {
	if err := index.Spec(m.Spec).Validate(); err != nil {
		return err
	}
	for _, s := range m.Segments {
		if s.Number < 1 || s.Number >= m.Next || s.Points < 0 || s.Points > maxPoints {
			return match.Corruptf("there can be no segment %d with %d points", s.Number, s.Points)
		}
		if _, err := s.live(); err != nil {
			return err
		}
	}
	return nil
}

// maxPoints is the largest number of points of a segment.
const maxPoints = 1<<31 - 1

// readManifest reads the manifest of a collection; there may be none.
func readManifest(disk flat.Disk, path string, spec index.Spec) (*manifest, error) {
	f, err := disk.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return &manifest{Spec: storedSpec(spec), Next: 1}, nil
	}
	if err != nil {
		return nil, readError(path, err)
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, readError(path, err)
	}
	if size > maxManifest {
		return nil, corrupt(path, 0, errors.New("has an impossible length"))
	}
	b := make([]byte, size)
	if n, err := f.ReadAt(b, 0); int64(n) < size && err != nil && err != io.EOF {
		return nil, readError(path, err)
	}
	m, err := decodeManifest(b, path)
	if err != nil {
		return nil, err
	}
	return m, spec.Conflict(index.Spec(m.Spec))
}

// writeManifest puts m in the place of the manifest at path: after a crash there is the
// old one or the new one.
func writeManifest(disk flat.Disk, path string, m *manifest) error {
	b, err := encodeManifest(m)
	if err != nil {
		return err
	}
	f, err := disk.Create(path + ".new")
	if err != nil {
		return match.WriteFailed(path, err)
	}
	if _, err = f.WriteAt(b, 0); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(match.WriteFailed(path, err), ignoreMissing(disk.Remove(path+".new")))
	}
	if err = disk.Rename(path+".new", path); err == nil {
		err = disk.SyncDir(parent(path))
	}
	return match.WriteFailed(path, err)
}

func parent(path string) string { return filepath.Dir(path) }

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
