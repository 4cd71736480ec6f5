package segment

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// The manifest says which files make the index. It is replaced as a whole:
//
//	│ "DUIJIEM" 7 │ version 1 │ CRC-32C of the rest 4 │ JSON │
const (
	manifestName  = "MANIFEST"
	manifestMagic = "DUIJIEM"
	manifestHead  = len(manifestMagic) + 1 + 4
	extension     = ".words"
)

type manifest struct {
	Mark  int64    `json:"mark"` // of the last Flush
	Next  uint64   `json:"next"` // number of the next file
	Files []listed `json:"files"`
}

type listed struct {
	Number uint64 `json:"number"`
	Docs   uint32 `json:"docs"`
	Sum    uint32 `json:"sum"` // the checksum in the tail of the file
	// Dead has a bit for each document that was deleted, in words of 8 bytes.
	Dead []byte `json:"dead,omitempty"`
}

func fileName(number uint64) string { return fmt.Sprintf("%08d%s", number, extension) }

func encodeManifest(m *manifest) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	out := append([]byte(manifestMagic), version)
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(body, castagnoli))
	return append(out, body...), nil
}

// decodeManifest reads a manifest; path is for its errors, which are those of openPages.
func decodeManifest(path string, in []byte) (*manifest, error) {
	if len(in) < manifestHead || string(in[:len(manifestMagic)]) != manifestMagic {
		return nil, corrupt(path, "is cut off, or no manifest of words")
	}
	if v := in[len(manifestMagic)]; v != version {
		return nil, &match.Error{Kind: match.Stale, Record: path, Reason: fmt.Sprintf("has the format version %d, this program knows %d", v, version)}
	}
	body := in[manifestHead:]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(in[manifestHead-4:]) {
		return nil, corrupt(path, "its checksum is wrong")
	}
	m := new(manifest)
	if err := json.Unmarshal(body, m); err != nil {
		return nil, corrupt(path, err.Error())
	}
	for _, f := range m.Files {
		if f.Number >= m.Next || f.Docs > maxDocs || len(f.Dead) > maxDocs/8 || len(f.Dead)%8 != 0 {
			return nil, corrupt(path, "it lists an impossible file")
		}
	}
	return m, nil
}

// readManifest reads the manifest of a folder; without one it is that of an empty index.
func readManifest(dir string) (*manifest, error) {
	path := filepath.Join(dir, manifestName)
	in, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &manifest{Next: 1}, nil
	case err != nil:
		return nil, &match.Error{Kind: match.Unavailable, Record: path, Reason: "cannot be read", Err: err}
	}
	return decodeManifest(path, in)
}

// writeManifest puts a manifest in the place of the old one, for good.
func writeManifest(dir string, m *manifest) error {
	body, err := encodeManifest(m)
	if err != nil {
		return err
	}
	return install(filepath.Join(dir, manifestName), func(f *os.File) error {
		_, err := f.Write(body)
		return err
	})
}

// install writes a file beside path, and gives it its name when it is on disk.
func install(path string, write func(*os.File) error) error {
	return match.WriteFailed(path, installAs(path, write))
}

func installAs(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(path+".new")))
	}
	return syncDir(filepath.Dir(path))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncDir makes the names in a folder last; Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// sweep removes files of this package that the manifest does not list: what a killed
// process has left.
func (m *manifest) sweep(dir string) error {
	listed := map[string]bool{}
	for _, f := range m.Files {
		listed[fileName(f.Number)] = true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".new")
		if name == e.Name() && (name == manifestName || listed[name]) || name != manifestName && !strings.HasSuffix(name, extension) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
