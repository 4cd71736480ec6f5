package flat

import (
	"errors"
	"os"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// log is an open log. Its user sees to it that one goroutine at a time writes.
//
//	        append             sync
//	clean ─────────▶ dirty ───────────▶ clean
//	  │  undo failed   │  fsync failed
//	  └──────▶ broken ◀┘   every later write fails with the same error
type log struct {
	disk   Disk
	file   File
	path   string
	start  int64 // of the first frame
	end    int64 // of the last frame
	synced int64 // end at the last sync
	opened int64 // end when it was opened
	broken error
}

// append writes frames at the end. After an error the log is as it was.
func (l *log) append(frames []byte) error {
	if l.broken != nil {
		return l.broken
	}
	if _, err := l.file.WriteAt(frames, l.end); err != nil {
		err = match.WriteFailed(l.path, err)
		// What is left of the batch must not come back at the next open.
		if undo := l.file.Truncate(l.end); undo != nil {
			l.broken = errors.Join(err, undo)
		}
		return err
	}
	l.end += int64(len(frames))
	return nil
}

// sync returns once all that was appended is on disk, and says so in the log. The
// synced frame itself is not waited for: without it, damage to what was just
// written would only be taken for a torn tail, and only until the next one.
func (l *log) sync() error {
	if l.broken != nil || l.synced == l.end {
		return l.broken
	}
	if err := l.file.Sync(); err != nil {
		// The kernel may have dropped the pages: no later sync can be believed.
		l.broken = match.WriteFailed(l.path, err)
		return l.broken
	}
	// A full disk takes nothing back from what was synced.
	if err := l.append(appendSynced(nil, l.end)); err != nil && l.broken == nil {
		l.synced = l.end
		return nil
	}
	l.synced = l.end
	return l.broken
}

// close syncs, the synced frame too, and gives the file back.
func (l *log) close() error {
	err := l.sync()
	if err == nil && l.end > l.opened {
		if failed := l.file.Sync(); failed != nil {
			err = match.WriteFailed(l.path, failed)
		}
	}
	return errors.Join(err, l.file.Close())
}

// createLog writes a log at path with a header and the frames that fill appends,
// in place of one that may be there: path names the old log or the whole new one.
func createLog(disk Disk, path string, spec index.Spec, fill func(*log) error) (*log, error) {
	header, err := encodeHeader(spec)
	if err != nil {
		return nil, err
	}
	f, err := disk.Create(path + ".new")
	if err != nil {
		return nil, match.WriteFailed(path, err)
	}
	l := &log{disk: disk, file: f, path: path}
	err = l.append(header)
	l.start, l.synced = l.end, l.end
	if err == nil {
		err = fill(l)
	}
	if err == nil {
		err = l.sync()
	}
	if err == nil {
		err = match.WriteFailed(path, install(disk, f, path))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), ignoreMissing(disk.Remove(path+".new")))
	}
	return l, nil
}

// install gives a complete file its name, for good.
func install(disk Disk, f File, path string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	if err := disk.Rename(path+".new", path); err != nil {
		return err
	}
	return disk.SyncDir(parent(path))
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
