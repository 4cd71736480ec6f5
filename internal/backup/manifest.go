package backup

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

const (
	formatName    = "duijie-backup"
	formatVersion = 1
	manifestName  = "manifest.json"
	maxManifest   = 1 << 20
)

// Manifest says what a backup holds.
type Manifest struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Created  time.Time       `json:"created"`
	Program  string          `json:"program"` // version of the Duijie that wrote it
	Contents sqlite.Contents `json:"contents"`
	File     string          `json:"file"`
	Size     int64           `json:"size"`
	SHA256   string          `json:"sha256"`
	// Models is what the folder's models.json said: which embedding model was live and
	// how it is opened. It is missing where there was none.
	Models json.RawMessage `json:"models,omitempty"`
}

// modelsFile is the file of a data folder that says which embedding model is live.
const modelsFile = "models.json"

// readModels takes over what the folder says of its models.
func (m *Manifest) readModels(data string) error {
	raw, err := os.ReadFile(filepath.Join(data, modelsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !json.Valid(raw) {
		err = &match.Error{Kind: match.Corrupt, Record: modelsFile, Reason: "is not JSON"}
	}
	m.Models = raw
	return err
}

// writeModels puts it into a folder; nothing where the backup says nothing.
func (m *Manifest) writeModels(dir string) error {
	if len(m.Models) == 0 {
		return nil
	}
	_, err := writeSynced(filepath.Join(dir, modelsFile), bytes.NewReader(m.Models))
	return err
}

// appendTo writes the manifest as the first entry of a tar.
func (m *Manifest) appendTo(w *tar.Writer) error {
	body, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := w.WriteHeader(header(manifestName, int64(len(body)), m.Created)); err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

func header(name string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at.Truncate(time.Second), Format: tar.FormatPAX}
}

// readManifest reads the first entry. A newer format is of kind match.Conflict.
func readManifest(r *tar.Reader) (*Manifest, error) {
	head, err := r.Next()
	if err != nil || head.Name != manifestName || head.Size > maxManifest {
		return nil, damaged(err, "is not a backup: it does not begin with %s", manifestName)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, damaged(err, "the manifest is cut off")
	}
	m := new(Manifest)
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(m); err != nil || m.Format != formatName {
		return nil, damaged(err, "the manifest cannot be read")
	}
	if m.Version > formatVersion {
		return nil, (&match.Error{Kind: match.Conflict}).Because("its format version %d was written by a newer Duijie; this one knows up to version %d", m.Version, formatVersion)
	}
	if m.Version < 1 || m.File != sqlite.FileName || m.Size <= 0 {
		return nil, damaged(nil, "the manifest makes no sense")
	}
	return m, nil
}

func damaged(err error, reason string, args ...any) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // the reason says it better
	}
	return (&match.Error{Kind: match.Corrupt, Err: err}).Because(reason, args...)
}

// failed names the path that an error is about and gives it a kind.
func failed(path string, err error) error {
	if err == nil {
		return nil
	}
	var own *fs.PathError
	if errors.As(err, &own) && own.Path == path {
		err = own.Err // which need not name it again
	}
	kind := match.KindOf(err)
	switch {
	case kind != match.Internal:
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		kind = match.Exhausted
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		kind = match.Denied
	case errors.Is(err, fs.ErrNotExist):
		kind = match.NotFound
	}
	return &match.Error{Kind: kind, Record: path, Err: err}
}

// syncDir makes the names in a folder last, where the system has a call for it.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
