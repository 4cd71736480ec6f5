package sqlite

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/match"
)

// lockName is the file that marks a folder as open.
const lockName = "records.lock"

var errLocked = errors.New("locked")

// lockDir keeps other processes, and other stores of this one, out of dir until
// the file that it returns is closed. SQLite would let them in: its own locks last
// for a transaction, while caches here last as long as the store.
func lockDir(dir string) (*os.File, error) {
	f, err := openLocked(filepath.Join(dir, lockName))
	if errors.Is(err, errLocked) {
		return nil, &match.Error{Kind: match.Conflict, Reason: "the data folder " + dir +
			" is open in another Duijie; end that one, or give this one a folder of its own"}
	}
	return f, err
}
