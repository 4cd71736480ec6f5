package segment

import (
	"runtime"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
)

// Options adapt an index. The zero value is right for nearly everyone.
type Options struct {
	// SealAt is the number of points from which the newest ones become a segment; 0 is
	// as many as have 2²⁴ numbers, which take 84 MB of memory.
	SealAt int
	// ClusterAt is the number of vectors from which a segment is searched by lists;
	// smaller ones are read whole. 0 is 50,000.
	ClusterAt int
	// SettleAfter is how long no write has come when small segments are merged into
	// large ones; 0 is 5 s, less than 0 is never.
	SettleAfter time.Duration
	// Workers is how many goroutines a search or a merge uses; 0 is one for each
	// processor for a search and one for every two for a merge.
	Workers int
	// Disk is where the files are; nil is the disk of this machine.
	Disk flat.Disk
}

func (o Options) withDefaults(spec index.Spec) Options {
	if o.SealAt == 0 {
		o.SealAt = max(1024, (1<<24)/(spec.Dim*len(spec.Vectors)))
	}
	if o.ClusterAt == 0 {
		o.ClusterAt = 50_000
	}
	if o.SettleAfter == 0 {
		o.SettleAfter = 5 * time.Second
	}
	if o.Disk == nil {
		o.Disk = flat.Machine()
	}
	return o
}

// workers is that of a merge.
func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return max(1, runtime.GOMAXPROCS(0)/2)
}

// searchers is that of a search.
func (o Options) searchers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}
