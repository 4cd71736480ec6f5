package segment

import (
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/indextest"
)

// sizes are ways to lay out what the suite stores: as one layer in memory, as many
// small segments that are read whole, and as segments that are searched by lists.
var sizes = map[string]Options{
	"one layer":         {},
	"many segments":     {SealAt: 40, SettleAfter: -1},
	"few lists":         {SealAt: 150, ClusterAt: 120, SettleAfter: 3 * time.Millisecond, Workers: 2},
	"everything merged": {SealAt: 64, ClusterAt: 500, SettleAfter: time.Millisecond, Workers: 1},
}

func TestIndexOnDiskKeepsTheContract(t *testing.T) {
	for name, o := range sizes {
		t.Run(name, func(t *testing.T) {
			dirs := map[*testing.T]string{}
			indextest.Run(t, func(t *testing.T, spec index.Spec) index.Index {
				dirs[t] = t.TempDir()
				return mustOpen(t, dirs[t], spec, o)
			}, indextest.Options{
				Queries: 6,
				Reopen: func(t *testing.T, spec index.Spec) (index.Index, error) {
					ix, err := Open(dirs[t], spec, o)
					if err != nil {
						return nil, err
					}
					return ix, nil
				},
			})
		})
	}
}

func TestIndexInMemoryKeepsTheContract(t *testing.T) {
	indextest.Run(t, func(t *testing.T, spec index.Spec) index.Index {
		return mustOpen(t, "", spec, Options{SealAt: 10})
	}, indextest.Options{Points: 500, Queries: 2})
}

func mustOpen(t testing.TB, dir string, spec index.Spec, o Options) *Index {
	t.Helper()
	ix, err := Open(dir, spec, o)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}
