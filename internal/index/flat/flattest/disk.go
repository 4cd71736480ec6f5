package flattest

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"

	"github.com/duijie/duijie/internal/index/flat"
)

// Fault is what goes wrong at an operation.
type Fault uint8

const (
	// Power fails: of a write some bytes are taken, and every operation from
	// then on gives an error.
	Power Fault = iota + 1
	// Full: of a write some bytes are taken, once.
	Full
	// BadSync: fsync gives an error once, and forgets what it should have written.
	BadSync
)

// ErrPower is what a disk without power answers.
var ErrPower = errors.New("the power is gone")

// Disk is a flat.Disk in memory. It is safe for concurrent use.
type Disk struct {
	mu      sync.Mutex
	seen    map[string]*inode // the names that programs see
	lasting map[string]*inode // the names that survive
	renamed []func(map[string]*inode)
	ops     int
	at      int // the operation at which fault strikes
	fault   Fault
	full    bool
	dead    bool
	random  *rand.Rand
}

var _ flat.Disk = (*Disk)(nil)

// New returns an empty disk.
func New(seed uint64) *Disk {
	return &Disk{seen: map[string]*inode{}, lasting: map[string]*inode{}, random: rand.New(rand.NewPCG(seed, seed))}
}

// Plan lets fault strike at the nth operation from now on that changes something,
// counted from 1. A fault that does not fit the operation waits for one that does.
func (d *Disk) Plan(n int, fault Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.fault = d.ops+n, fault
}

// SetFull lets every write from now on find no room, or room again.
func (d *Disk) SetFull(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

// Ops is the number of operations so far that change something.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ops
}

// AfterPowerLoss returns a disk with what survives if the power fails now.
func (d *Disk) AfterPowerLoss() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
	out := New(d.random.Uint64())
	names := maps.Clone(d.lasting)
	for _, rename := range d.renamed[:d.random.IntN(len(d.renamed)+1)] { // a journal keeps their order
		rename(names)
	}
	for _, path := range slices.Sorted(maps.Keys(names)) {
		data := names[path].survivor(d.random)
		left := &inode{data: data, synced: slices.Clone(data)}
		out.seen[path], out.lasting[path] = left, left
	}
	return out
}

// change counts an operation and says which fault strikes it.
func (d *Disk) change(fits ...Fault) (Fault, error) {
	d.ops++
	switch {
	case d.dead:
		return 0, ErrPower
	case d.full && slices.Contains(fits, Full):
		return Full, nil
	case d.fault == 0 || d.ops < d.at:
		return 0, nil
	}
	strikes := d.fault
	if strikes != Power && !slices.Contains(fits, strikes) {
		return 0, nil
	}
	d.fault, d.dead = 0, strikes == Power
	return strikes, nil
}

func errorOf(f Fault) error {
	switch f {
	case Power:
		return ErrPower
	case Full:
		return syscall.ENOSPC
	case BadSync:
		return syscall.EIO
	}
	return nil
}

// MkdirAll does nothing: folders are as they are named.
func (d *Disk) MkdirAll(string) error { return nil }

// Open implements flat.Disk.
func (d *Disk) Open(path string) (flat.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	node, ok := d.seen[path]
	switch {
	case d.dead:
		return nil, ErrPower
	case !ok:
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return &file{d, node}, nil
}

// Create implements flat.Disk.
func (d *Disk) Create(path string) (flat.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, err := d.change(); f != 0 || err != nil {
		return nil, errors.Join(err, errorOf(f))
	}
	node := &inode{}
	d.name(func(names map[string]*inode) { names[path] = node })
	return &file{d, node}, nil
}

// Rename implements flat.Disk.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, err := d.change(); f != 0 || err != nil {
		return errors.Join(err, errorOf(f))
	}
	if d.seen[from] == nil {
		return fmt.Errorf("rename %s: %w", from, fs.ErrNotExist)
	}
	d.name(func(names map[string]*inode) {
		names[to] = names[from]
		delete(names, from)
	})
	return nil
}

// Remove implements flat.Disk.
func (d *Disk) Remove(path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, err := d.change(); f != 0 || err != nil {
		return errors.Join(err, errorOf(f))
	}
	d.name(func(names map[string]*inode) { delete(names, path) })
	return nil
}

func (d *Disk) name(change func(map[string]*inode)) {
	change(d.seen)
	d.renamed = append(d.renamed, change)
}

// SyncDir implements flat.Disk; all folders are one here.
func (d *Disk) SyncDir(string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, err := d.change(BadSync); f != 0 || err != nil {
		return errors.Join(err, errorOf(f))
	}
	for _, change := range d.renamed {
		change(d.lasting)
	}
	d.renamed = nil
	return nil
}
