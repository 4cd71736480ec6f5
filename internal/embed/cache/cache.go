package cache

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/embed"
)

// Config says how much is kept and where. The zero value keeps vectors in memory.
type Config struct {
	// Dir is the folder for the vectors of all models, made where it is missing; ""
	// keeps nothing on disk. One process at a time may write to it.
	Dir string
	// ReadOnly reads what Dir holds and writes nothing.
	ReadOnly bool
	// DiskBytes is the largest size of one model's folder; 0 is 4 GiB.
	DiskBytes int64
	// MemoryBytes is about the largest size of what is kept in memory; 0 is 64 MiB.
	MemoryBytes int64
}

const (
	defaultDisk   = 4 << 30
	defaultMemory = 64 << 20
)

// Embedder is an embedder with a cache before it. It is safe for concurrent use.
type Embedder struct {
	inner  embed.Embedder
	prefix []byte // of what is hashed, before the role

	mu      sync.Mutex
	recent  *recent
	flights map[key]*flight

	disk  *disk // nil: none
	count counters
}

type counters struct{ memory, disk, shared, misses, corrupt, unwritten atomic.Int64 }

var _ embed.Embedder = (*Embedder)(nil)

// key is SHA-256 of identity, role and text.
type key [sha256.Size]byte

// New puts a cache before inner. It fails where the folder cannot be made or read.
func New(inner embed.Embedder, c Config) (*Embedder, error) {
	if c.DiskBytes == 0 {
		c.DiskBytes = defaultDisk
	}
	if c.MemoryBytes == 0 {
		c.MemoryBytes = defaultMemory
	}
	identity := inner.Identity()
	e := &Embedder{
		inner:   inner,
		prefix:  append(binary.LittleEndian.AppendUint64(nil, uint64(len(identity))), identity...),
		recent:  newRecent(int(c.MemoryBytes / int64(4*inner.Dim()+entryOverhead))),
		flights: map[key]*flight{},
	}
	if c.Dir == "" {
		return e, nil
	}
	var err error
	e.disk, err = openDisk(c, identity, inner.Dim())
	return e, err
}

// Identity is that of the embedder: a cache changes no vector.
func (e *Embedder) Identity() string { return e.inner.Identity() }

// Remote implements embed.Remote.
func (e *Embedder) Remote() bool { return embed.IsRemote(e.inner) }

// Dim is that of the embedder.
func (e *Embedder) Dim() int { return e.inner.Dim() }

// Limit is that of the embedder, 0 where it has none.
func (e *Embedder) Limit() int {
	if limited, ok := e.inner.(embed.Limited); ok {
		return limited.Limit()
	}
	return 0
}

// Close closes the files. The embedder still works, from memory.
func (e *Embedder) Close() error {
	if e.disk == nil {
		return nil
	}
	return e.disk.close()
}

// Stats counts the texts since New. Each is one of Memory, Disk, Shared and Misses;
// one that waited in vain for a call that was given up is counted again.
type Stats struct {
	Memory int64 // found in memory
	Disk   int64 // found on disk
	Shared int64 // waited for another call, or stood twice in one
	Misses int64 // sent to the embedder
	// Corrupt vectors on disk did not fit their checksum; Unwritten ones could not
	// be written.
	Corrupt, Unwritten int64
	// Entries and Bytes are what is on disk.
	Entries, Bytes int64
}

// Stats returns the counts.
func (e *Embedder) Stats() Stats {
	c := &e.count
	s := Stats{
		Memory: c.memory.Load(), Disk: c.disk.Load(), Shared: c.shared.Load(), Misses: c.misses.Load(),
		Corrupt: c.corrupt.Load(), Unwritten: c.unwritten.Load(),
	}
	if e.disk != nil {
		s.Entries, s.Bytes = e.disk.size()
	}
	return s
}

// keyOf hashes with the length of the identity before it, so that no two keys are
// made of the same bytes.
func (e *Embedder) keyOf(role embed.Role, text string) key {
	h := sha256.New()
	h.Write(e.prefix)
	h.Write([]byte{byte(role)})
	h.Write([]byte(text))
	return key(h.Sum(nil))
}

// Embed returns the vectors of texts; see embed.Embedder. Failures are not
// remembered.
func (e *Embedder) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := &call{e: e, role: role, texts: texts, keys: make([]key, len(texts)), out: make([][]float32, len(texts)), errs: map[int]error{}}
	open := make([]int, len(texts))
	for i, text := range texts {
		c.keys[i], open[i] = e.keyOf(role, text), i
	}
	for len(open) > 0 {
		var err error
		if open, err = c.round(ctx, open); err != nil {
			return nil, err
		}
	}
	if len(c.errs) > 0 {
		return c.out, &embed.PartialError{Errs: c.errs}
	}
	return c.out, nil
}

// fromDisk reads a vector that is on disk, nil where it is not.
func (e *Embedder) fromDisk(k key) []float32 {
	if e.disk == nil {
		return nil
	}
	v, err := e.disk.get(k)
	if errors.Is(err, errChecksum) {
		e.count.corrupt.Add(1)
	}
	return v
}

// keep remembers vectors that the embedder gave.
func (e *Embedder) keep(keys []key, vectors [][]float32) {
	e.mu.Lock()
	for i, k := range keys {
		e.recent.put(k, vectors[i])
	}
	e.mu.Unlock()
	if e.disk == nil || len(keys) == 0 {
		return
	}
	if err := e.disk.put(keys, vectors); err != nil {
		e.count.unwritten.Add(int64(len(keys)))
	}
}
