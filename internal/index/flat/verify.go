package flat

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Extension is that of the file that holds a collection.
const Extension = ".vec"

// Path is the file that holds a collection.
func Path(dir, collection string) string { return filepath.Join(dir, collection+Extension) }

// Verify reads a whole log and changes nothing. It returns what the log holds, or
// an error of the kinds that Open has. A torn tail is no error.
func Verify(path string) (index.Spec, error) {
	f, err := opened(path, os.O_RDONLY)
	if err != nil {
		return index.Spec{}, readError(path, err)
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return index.Spec{}, readError(path, err)
	}
	spec, start, err := readHeader(f, size, path)
	if err != nil {
		return index.Spec{}, err
	}
	_, err = replay(f, start, size, path, spec, func(byte, index.Point, span) {})
	return spec, err
}

// OpenReadOnly reads the collection that spec names in dir into memory and leaves
// the file alone, so that it works beside a process that writes it. What is
// written to the index then stays in memory. A file that is missing is an empty
// collection.
func OpenReadOnly(dir string, spec index.Spec) (*Index, error) {
	ix, err := Open("", spec)
	if err != nil {
		return nil, err
	}
	read, err := readOnly(Path(dir, spec.Collection), ix)
	if errors.Is(err, os.ErrNotExist) {
		return ix, nil
	}
	return read, err
}

// readOnly fills an empty index from the log at path and leaves the file alone.
func readOnly(path string, ix *Index) (*Index, error) {
	f, err := opened(path, os.O_RDONLY)
	if err != nil {
		return nil, readError(path, err)
	}
	defer f.Close()
	if _, err := ix.read(f, path); err != nil {
		return nil, err
	}
	return ix, nil
}

// Keys returns the keys of all points, in their order.
func (ix *Index) Keys(context.Context) ([]string, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.table == nil {
		return nil, errClosed
	}
	keys := make([]string, 0, len(ix.table.slots))
	for key := range ix.table.slots {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys, nil
}

// otherVersion is the error of a log in a format that this program does not read.
// An older one is made again from the records, a newer one is left alone.
func otherVersion(path string, v byte) error {
	if v > version {
		return &match.Error{Kind: match.Conflict, Record: path, Reason: "was written by a newer Duijie; this one does not read its format"}
	}
	return &match.Error{Kind: match.Stale, Record: path, Reason: "was written by an older Duijie, in a format that is not read any more"}
}
