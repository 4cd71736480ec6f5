package segment

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
)

// Verify reads the file at a path, a log or a manifest with all of its segments, and
// changes nothing. Any other file is right. Its errors are of the kinds that Open has.
func Verify(path string) error {
	switch filepath.Ext(path) {
	case flat.Extension:
		_, err := flat.Verify(path)
		return err
	case Extension:
		return verifySegments(path)
	}
	return nil
}

func verifySegments(path string) error {
	spec, file, err := specOf(path)
	if err != nil {
		return err
	}
	ix := &Index{dir: filepath.Dir(path), options: Options{Disk: flat.Reading()}, spec: spec, writes: true}
	for _, s := range file.Segments {
		opened, err := ix.openOne(s)
		if err != nil {
			return err
		}
		if err := errors.Join(opened.verifyAll(1, never), opened.release()); err != nil {
			return err
		}
	}
	return nil
}

// specOf reads the manifest at path, whatever its collection.
func specOf(path string) (index.Spec, *manifest, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return index.Spec{}, nil, readError(path, err)
	}
	m, err := decodeManifest(b, path)
	if err != nil {
		return index.Spec{}, nil, err
	}
	return index.Spec(m.Spec), m, nil
}

// SetAside makes an empty collection of one whose file was found to be of the given kind
// of error: the file gets a new name, such as patents.vec.corrupt-1, which is returned,
// and all others of the collection are removed. Of a file that is missing there is none, and
// one that is just in an older format (match.Stale) is removed with the others.
func SetAside(damaged string, kind match.ErrorKind) (aside string, err error) {
	if kind != match.Stale {
		if aside, err = freeName(fmt.Sprintf("%s.%s", damaged, kind)); err == nil {
			err = os.Rename(damaged, aside)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", &match.Error{Kind: match.Unavailable, Record: damaged, Reason: "cannot be moved aside", Err: err}
		}
	}
	name := filepath.Base(damaged)
	own, err := files(filepath.Dir(damaged), name[:strings.IndexAny(name+".", "-.")])
	for _, path := range own { // the manifest first: without it no segment is part of anything
		err = errors.Join(err, ignoreMissing(os.Remove(path)))
	}
	if err != nil {
		return aside, &match.Error{Kind: match.Unavailable, Record: damaged, Reason: "what belongs to it cannot be removed", Err: err}
	}
	return aside, nil
}

func freeName(base string) (string, error) {
	for n := 1; ; n++ {
		path := fmt.Sprintf("%s-%d", base, n)
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", err
		}
	}
}

// files lists those of a collection, the manifest first.
func files(dir, collection string) ([]string, error) {
	out := []string{ManifestPath(dir, collection), LogPath(dir, collection)}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		number, ok := strings.CutPrefix(e.Name(), collection+"-")
		if ok && (strings.HasSuffix(number, ".seg") || strings.HasSuffix(number, flat.Extension)) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, err
}
