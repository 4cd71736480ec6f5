package static

import (
	_ "embed" // the built-in model
	"sync"
)

//go:embed model/duijie-zh-1.static
var builtin string

// Model is one model file, opened. It is safe for concurrent use.
type Model struct {
	name     string
	identity string
	dims     int

	trie    *trie
	inner   int // the trie's node of "##", where inner pieces begin
	weights []float32
	scales  []float32
	steps   []uint64 // weight × scale in whole numbers, 1 to topStep
	rows    string   // int8, dims to an entry

	scratch sync.Pool // of *scratch
}

var loadBuiltin = sync.OnceValues(func() (*Model, error) { return Open(builtin) })

// Builtin returns the model inside the binary. It is opened by the first call;
// all calls return the same one.
func Builtin() (*Model, error) { return loadBuiltin() }

// Name is the model's own name, such as "duijie-zh-1".
func (m *Model) Name() string { return m.name }

// Identity is "static/", the name, and the first 12 hexadecimal digits of the
// file's SHA-256.
func (m *Model) Identity() string { return m.identity }

// Dim is the number of dimensions, 256 for the built-in model.
func (m *Model) Dim() int { return m.dims }

// Size is the number of entries.
func (m *Model) Size() int { return len(m.steps) }

func (m *Model) row(entry int32) string {
	at := int(entry) * m.dims
	return m.rows[at : at+m.dims]
}
