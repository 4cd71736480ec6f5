package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/match"
)

// Open opens the index in a folder, which is made where it is missing. Errors are of
// kind match.Corrupt where files are damaged, torn or missing, match.Stale where
// another version of the program wrote them: Discard the folder then and store the
// documents again. One process at a time may have a folder open for writing; the data
// folder's lock sees to that, not this package.
//
// Opening reads columns of a few bytes a document. The checksum of all else is
// compared when it is first used: what a call finds damaged it does not answer from,
// its error is of kind match.Corrupt, and the next Open refuses the folder.
func Open(dir string) (*Index, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &match.Error{Kind: match.Denied, Record: dir, Reason: "the folder cannot be made", Err: err}
	}
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(filepath.Join(dir, damagedName)); err == nil {
		return nil, corrupt(dir, "damage was found in it")
	}
	if err := m.sweep(dir); err != nil {
		return nil, &match.Error{Kind: match.Unavailable, Record: dir, Reason: "cleaning up failed", Err: err}
	}
	x, err := openListed(dir, m)
	if err == nil {
		x.merger = newMerger(x)
		x.merger.rest() // what an import left
	}
	return x, err
}

// damagedName is the file that keeps a folder from being opened again.
const damagedName = "DAMAGED"

// OpenReadOnly opens the index beside the process that has it open for writing, as it
// was flushed last. What is written to it stays in memory, and Flush does nothing.
func OpenReadOnly(dir string) (*Index, error) {
	for attempt := 0; ; attempt++ {
		m, err := readManifest(dir)
		if err != nil {
			return nil, err
		}
		x, err := openListed(dir, m)
		if err == nil {
			x.readOnly = true
			return x, nil
		}
		if attempt == 10 || !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		// The writer has put a new manifest in place and removed what the old one lists.
	}
}

func openListed(dir string, m *manifest) (*Index, error) {
	x := &Index{dir: dir, mark: m.Mark, next: m.Next, active: newBuffer()}
	for _, f := range m.Files {
		v, err := openView(dir, f)
		if err != nil {
			return nil, errors.Join(err, x.unmap())
		}
		x.views = append(x.views, v)
		x.docs += v.live()
		x.length += v.length()
	}
	return x, nil
}

func openView(dir string, f listed) (*view, error) {
	path := filepath.Join(dir, fileName(f.Number))
	s, err := openSegment(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &match.Error{Kind: match.Corrupt, Record: path, Reason: "is missing", Err: err}
	}
	if err != nil {
		return nil, err
	}
	if s.docs != f.Docs || s.sum != f.Sum {
		return nil, errors.Join(corrupt(path, "is another file than the manifest lists"), s.unmap())
	}
	v, err := newView(s, f.Number, bitmapOf(f.Dead))
	if err != nil {
		return nil, errors.Join(err, s.unmap())
	}
	return v, nil
}

func bitmapOf(b []byte) facet.Bitmap {
	out := make(facet.Bitmap, len(b)/8)
	for i := range out {
		out[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return out
}

func bytesOf(bitmap facet.Bitmap) []byte {
	var out []byte
	for _, word := range bitmap {
		out = binary.LittleEndian.AppendUint64(out, word)
	}
	return out
}

// Discard removes what Open would open, so that the folder is that of an empty index.
func Discard(dir string) error {
	// The manifest goes first: without one, files are what a killed process has left.
	for _, name := range []string{manifestName, damagedName} {
		if err := ignoreMissing(os.Remove(filepath.Join(dir, name))); err != nil {
			return &match.Error{Kind: match.Unavailable, Record: dir, Reason: "cannot be removed", Err: err}
		}
	}
	return nil
}

// Verify reads every byte of the index in a folder and tells how many documents it
// has, and its mark. For its errors see Open; nothing is written.
func Verify(dir string) (docs int, mark int64, err error) {
	x, err := OpenReadOnly(dir)
	if err != nil {
		return 0, 0, err
	}
	if _, err := os.Lstat(filepath.Join(dir, damagedName)); err == nil {
		return 0, 0, errors.Join(corrupt(dir, "damage was found in it"), x.Close())
	}
	docs, mark = x.docs, x.mark
	for _, v := range x.views {
		if err := v.verifyAll(); err != nil {
			return 0, 0, errors.Join(fmt.Errorf("segment: verify: %w", err), x.Close())
		}
	}
	return docs, mark, x.Close()
}
