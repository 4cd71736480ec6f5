package sweep

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/match"
)

// State is how far a job has come. It is in a file beside the rows.
type State struct {
	Version int    `json:"version"`
	Job     string `json:"job"` // Job.Identity
	Day     string `json:"day"`
	Format  Format `json:"format"`
	// Bytes of the rows' file count; what is behind them belongs to a block that was not
	// finished.
	Bytes int64 `json:"bytes"`
	// Last is the last record that was looked at.
	Last     string `json:"last"`
	Records  int    `json:"records"`
	Empty    int    `json:"empty"`
	Degraded int    `json:"degraded"`
	// LeftOut is missing in a state of before they were counted.
	LeftOut LeftOut `json:"left_out,omitempty"`
	Reason  string  `json:"reason,omitempty"`
	Rows    int     `json:"rows"`
}

const stateVersion = 1

// File is where the rows of a job go. It is for one goroutine and one process.
type File struct {
	path  string
	dense bool
	rows  *os.File
	state State
}

func partPath(path string) string  { return path + ".part" }
func statePath(path string) string { return path + ".part.json" }

// Create begins a file for a job; what an earlier one left unfinished under that name is
// gone then.
func Create(path string, f Format, j Job) (*File, error) {
	rows, err := os.Create(partPath(path))
	if err != nil {
		return nil, err
	}
	out := &File{path: path, dense: j.Dense, rows: rows, state: State{Version: stateVersion, Job: j.Identity(), Day: string(j.Day), Format: f}}
	header := f.appended().Header(j.Dense)
	_, err = rows.WriteString(header)
	out.state.Bytes = int64(len(header))
	if err = errors.Join(err, out.keep()); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return out, nil
}

// Unfinished reads how far the job came whose rows go to path; kind match.NotFound where
// there is none.
func Unfinished(path string) (State, error) {
	raw, err := os.ReadFile(statePath(path))
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, &match.Error{Kind: match.NotFound, Record: path, Reason: "no job was begun there"}
	}
	if err != nil {
		return State{}, err
	}
	var s State
	if err := json.Unmarshal(raw, &s); err != nil || s.Bytes < 0 {
		return State{}, &match.Error{Kind: match.Corrupt, Record: statePath(path), Reason: "cannot be read", Err: err}
	}
	if s.Version != stateVersion {
		return State{}, &match.Error{Kind: match.Conflict, Record: statePath(path), Reason: "was written by another version"}
	}
	return s, nil
}

// ErrFinished says that there is nothing to resume.
var ErrFinished = errors.New("the job is finished")

// Resume goes on with the file of a job that is not finished. Another job is an error of
// kind match.Conflict; ErrFinished is returned where all was written before a crash.
func Resume(path string, f Format, j Job) (*File, error) {
	s, err := Unfinished(path)
	if err != nil {
		return nil, err
	}
	if s.Job != j.Identity() || s.Day != string(j.Day) || s.Format != f {
		return nil, &match.Error{Kind: match.Conflict, Record: path, Reason: fmt.Sprintf("was begun as another job: %s; %s", s.Job, s.Format)}
	}
	rows, err := os.OpenFile(partPath(path), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		if _, done := os.Stat(path); done == nil { // a crash in Commit
			return nil, errors.Join(ErrFinished, os.Remove(statePath(path)))
		}
	}
	if err != nil {
		return nil, &match.Error{Kind: match.Corrupt, Record: partPath(path), Reason: "cannot be opened, though the job was begun", Err: err}
	}
	out := &File{path: path, dense: j.Dense, rows: rows, state: s}
	if err := out.cut(); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return out, nil
}

// cut takes off what was written of a block that was not finished.
func (f *File) cut() error {
	info, err := f.rows.Stat()
	if err != nil {
		return err
	}
	if info.Size() < f.state.Bytes {
		return &match.Error{Kind: match.Corrupt, Record: partPath(f.path), Reason: fmt.Sprintf("has %d bytes, there were %d", info.Size(), f.state.Bytes)}
	}
	if err := f.rows.Truncate(f.state.Bytes); err != nil {
		return err
	}
	_, err = f.rows.Seek(f.state.Bytes, 0)
	return err
}

// State is how far the job has come.
func (f *File) State() State { return f.state }

// Add writes a block and returns when it is on disk.
func (f *File) Add(b Block) error {
	// Another process that writes the same file would make rows twice.
	if info, err := f.rows.Stat(); err != nil || info.Size() != f.state.Bytes {
		return errors.Join(err, &match.Error{Kind: match.Conflict, Record: partPath(f.path), Reason: "is written by another process, too"})
	}
	var lines []byte
	for _, r := range b.Rows {
		lines = f.state.Format.Append(lines, r, f.dense)
	}
	if _, err := f.rows.Write(lines); err != nil {
		return err
	}
	s := &f.state
	s.Bytes += int64(len(lines))
	s.Last, s.Records, s.Empty, s.Degraded, s.Rows = b.Last, s.Records+b.Records, s.Empty+b.Empty, s.Degraded+b.Degraded, s.Rows+len(b.Rows)
	if s.Reason == "" {
		s.Reason = b.Reason
	}
	s.LeftOut.Add(b.LeftOut)
	return f.keep()
}

// keep secures the rows, and then the state that speaks of them.
func (f *File) keep() error {
	if err := f.rows.Sync(); err != nil {
		return err
	}
	raw, err := json.Marshal(f.state)
	if err != nil {
		return err
	}
	return replace(statePath(f.path), func(w *bufio.Writer) error {
		_, err := w.Write(append(raw, '\n'))
		return err
	})
}

// Commit makes the finished file what path names.
func (f *File) Commit() error {
	if f.state.Format == Parquet {
		if err := f.toParquet(); err != nil {
			return err
		}
	} else if err := errors.Join(f.rows.Close(), os.Rename(partPath(f.path), f.path)); err != nil {
		return err
	}
	// After a crash here, Resume finds that all is done.
	return errors.Join(os.Remove(statePath(f.path)), syncDir(f.path))
}

func (f *File) toParquet() error {
	if _, err := f.rows.Seek(0, 0); err != nil {
		return err
	}
	err := replace(f.path, func(w *bufio.Writer) error { return writeParquet(w, f.rows, f.dense) })
	if err != nil {
		return err
	}
	return errors.Join(f.rows.Close(), os.Remove(partPath(f.path)))
}

// Close leaves the job to be resumed.
func (f *File) Close() error { return f.rows.Close() }

// replace writes a file whole or not at all.
func replace(path string, write func(w *bufio.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(tmp, 1<<16)
	err = write(w)
	if err = errors.Join(err, w.Flush(), tmp.Sync(), tmp.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return syncDir(path)
}

// syncDir secures the names in the folder of path, where the system can.
func syncDir(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every file system can
	return dir.Close()
}
