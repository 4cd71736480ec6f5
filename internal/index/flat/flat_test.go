package flat

import (
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/indextest"
)

func TestIndexInMemoryKeepsTheContract(t *testing.T) {
	indextest.Run(t, func(t *testing.T, spec index.Spec) index.Index {
		return mustOpen(t, "", spec)
	}, indextest.Options{})
}

func TestIndexOnDiskKeepsTheContract(t *testing.T) {
	dirs := map[*testing.T]string{}
	indextest.Run(t, func(t *testing.T, spec index.Spec) index.Index {
		dirs[t] = t.TempDir()
		return mustOpen(t, dirs[t], spec)
	}, indextest.Options{
		Reopen: func(t *testing.T, spec index.Spec) (index.Index, error) { return Open(dirs[t], spec) },
	})
}

func mustOpen(t testing.TB, dir string, spec index.Spec) *Index {
	t.Helper()
	ix, err := Open(dir, spec)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}
