package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// Verify reads a whole backup and says what it holds. Errors are of kind
// match.Corrupt if it is not what was written, match.Conflict if a newer Duijie
// wrote it, match.NotFound if there is none.
func Verify(ctx context.Context, from string) (*Manifest, error) {
	work, err := os.MkdirTemp("", "duijie-verify-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	m, err := unpack(ctx, from, work)
	if err == nil {
		err = prepare(ctx, work, m)
	}
	return m, failed(from, err)
}

// removeRestored takes away what killed restorations left.
func removeRestored(data string) error {
	left, err := filepath.Glob(filepath.Join(data, restorePattern))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// Restore puts the records of a backup into the folder data, which is made where it
// is missing. A folder that holds anything is refused (match.Conflict) unless force
// is set; then its records, vectors and words are kept in a folder before-restore-N inside
// it, whose name is returned. A folder that is open in another process is always
// refused. Nothing in the folder is touched before the whole backup was verified,
// and its records are replaced in one step.
func Restore(ctx context.Context, from, data string, force bool) (m *Manifest, kept string, err error) {
	made, err := vacant(data, force)
	if err != nil {
		return nil, "", failed(data, err)
	}
	lock, err := sqlite.Lock(data)
	if err != nil {
		return nil, "", err
	}
	defer func() {
		_ = lock.Close() // it was only held
		if err != nil && made {
			_ = os.Remove(filepath.Join(data, "records.lock"))
			_ = os.Remove(data) // it is empty, unless somebody else came
		}
	}()
	if err := removeRestored(data); err != nil {
		return nil, "", failed(data, err)
	}
	work, err := os.MkdirTemp(data, restorePattern)
	if err != nil {
		return nil, "", failed(data, err)
	}
	defer os.RemoveAll(work)
	if m, err = unpack(ctx, from, work); err != nil {
		return nil, "", failed(from, err)
	}
	if err = prepare(ctx, work, m); err != nil {
		return nil, "", failed(from, err)
	}
	if err = m.writeModels(work); err != nil {
		return nil, "", failed(data, err)
	}
	kept, err = install(ctx, work, data)
	return m, kept, failed(data, err)
}

// vacant makes the folder, and tells whether it was missing.
func vacant(data string, force bool) (made bool, err error) {
	entries, err := os.ReadDir(data)
	if errors.Is(err, os.ErrNotExist) {
		return true, os.MkdirAll(data, 0o700)
	}
	if err != nil {
		return false, err
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return e.Name() == "records.lock" })
	if len(entries) > 0 && !force {
		return false, (&match.Error{Kind: match.Conflict}).Because("the folder is not empty (%s, …); give another one, or --force to keep what is there aside", entries[0].Name())
	}
	return false, nil
}

// unpack copies the database of a backup into dir and compares its checksum.
func unpack(ctx context.Context, from, dir string) (*Manifest, error) {
	f, err := os.Open(from)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := tar.NewReader(reader{ctx, f})
	m, err := readManifest(r)
	if err != nil {
		return nil, err
	}
	head, err := r.Next()
	if err != nil || head.Name != m.File || head.Size != m.Size {
		return nil, damaged(err, "the records are missing or cut off")
	}
	sum := sha256.New()
	n, err := writeSynced(filepath.Join(dir, sqlite.FileName), io.TeeReader(r, sum))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, damaged(nil, "the records are cut off after %d of %d bytes", n, m.Size)
	case err != nil:
		return nil, err
	case hex.EncodeToString(sum.Sum(nil)) != m.SHA256:
		return nil, damaged(nil, "the records are not what was written: their SHA-256 differs")
	}
	return m, nil
}

func writeSynced(path string, r io.Reader) (int64, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	return n, errors.Join(err, f.Close())
}

// prepare brings the database in dir to this program's schema, reads all of it, and
// lets the followers begin anew: there are no vectors.
func prepare(ctx context.Context, dir string, m *Manifest) error {
	s, err := sqlite.Open(ctx, dir, sqlite.Options{Readers: 1})
	if err != nil {
		return err
	}
	if err := errors.Join(s.ForgetProgress(ctx), s.Close()); err != nil {
		return err
	}
	have, err := inspect(ctx, dir)
	if err != nil {
		return err
	}
	if have.Schema = m.Contents.Schema; have != m.Contents {
		return damaged(nil, "the counts differ: %+v, the manifest says %+v", have, m.Contents)
	}
	return nil
}
