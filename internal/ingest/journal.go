package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// Journal remembers how far an import of a file has come, so that one that was
// killed can go on. It is a small file, replaced after each batch that is on disk;
// it never says more than is true, and losing it costs time alone.
type Journal struct {
	path  string
	print string // of the file and the options

	Done
}

// Done is what was acknowledged.
type Done struct {
	// Rows counts the rows of the file, from its first, that need no second look.
	Rows int `json:"rows"`
	// Again lists rows among them, counted from 0, which the store refused.
	Again []int `json:"again,omitempty"`
	// Seq is the store's newest write at that time.
	Seq int64 `json:"seq"`
	// Counts are the caller's own.
	Counts map[string]int `json:"counts,omitempty"`
}

// written is the journal's form on disk.
type written struct {
	Version int    `json:"version"`
	Print   string `json:"print"`
	Done
}

const journalVersion = 1

// OpenJournal finds the journal of a file in dir, which is made where it is
// missing. What a former import wrote is in Done if stale is empty and Rows is not
// 0; stale says why a journal that is there is of no use.
func OpenJournal(dir, path string, options Options) (j *Journal, stale string, err error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, "", err
	}
	print, err := fingerprint(full, options)
	if err != nil {
		return nil, "", match.About(path, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", err
	}
	name := sha256.Sum256([]byte(full + "\x00" + string(options.Kind)))
	j = &Journal{path: filepath.Join(dir, hex.EncodeToString(name[:8])+".json"), print: print}
	stale, err = j.load()
	return j, stale, err
}

func (j *Journal) load() (stale string, err error) {
	raw, err := os.ReadFile(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var w written
	switch err := json.Unmarshal(raw, &w); {
	case err != nil:
		return "the note of how far it came is damaged", nil
	case w.Version != journalVersion:
		return fmt.Sprintf("the note of how far it came is of version %d, not %d", w.Version, journalVersion), nil
	case w.Print != j.print:
		return "the file or the options have changed since", nil
	case w.Rows < 0 || slices.ContainsFunc(w.Again, func(row int) bool { return row < 0 || row >= w.Rows }):
		return "the note of how far it came is damaged", nil
	}
	j.Done = w.Done
	return "", nil
}

// Write notes what is on disk now.
func (j *Journal) Write(done Done) error {
	j.Done = done
	raw, err := json.Marshal(written{Version: journalVersion, Print: j.print, Done: done})
	if err != nil {
		return err
	}
	temp := j.path + ".new"
	if err := os.WriteFile(temp, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, j.path)
}

// Remove forgets an import that has come to its end.
func (j *Journal) Remove() error {
	if err := os.Remove(j.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ends is how much of the beginning and the end of a file is compared.
const ends = 64 << 10

// fingerprint names a file's content and the options that say what its rows mean:
// path, size, time of change, first and last bytes.
func fingerprint(path string, options Options) (string, error) {
	file, err := openFile(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	meaning, err := json.Marshal(options)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %d %s %s\n", path, info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano), meaning)
	for _, at := range []int64{0, max(0, info.Size()-ends)} {
		if _, err := io.Copy(h, io.NewSectionReader(file, at, ends)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
