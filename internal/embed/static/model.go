package static

import (
	_ "embed" // the built-in model
	"sync"
)

//go:embed model/duijie-zh-2.static
var builtin string

// Model is one model file, opened. It is safe for concurrent use.
type Model struct {
	name     string
	card     string
	identity string
	dims     int

	words   Vocabulary
	weights []float32
	scales  []float32
	steps   []uint16 // weight × scale in whole numbers, 1 to topStep
	rows    string   // int8, dims to an entry

	scratch sync.Pool // of *scratch

	lengthsOnce sync.Once
	lengthsOf   []length // see lengths
}

var loadBuiltin = sync.OnceValues(func() (*Model, error) { return Open(builtin) })

// Builtin returns the model inside the binary. It is opened by the first call;
// all calls return the same one.
func Builtin() (*Model, error) { return loadBuiltin() }

// Name is the model's own name, such as "duijie-zh-2".
func (m *Model) Name() string { return m.name }

// Identity is "static/", the name, and the first 12 hexadecimal digits of the
// file's SHA-256.
func (m *Model) Identity() string { return m.identity }

// Card tells in Markdown what the model was made from, how, and under which
// licences. It is empty where the file has none.
func (m *Model) Card() string { return m.card }

// Dim is the number of dimensions, 256 for the built-in model.
func (m *Model) Dim() int { return m.dims }

// Size is the number of entries.
func (m *Model) Size() int { return len(m.steps) }

func (m *Model) row(entry int32) string {
	at := int(entry) * m.dims
	return m.rows[at : at+m.dims]
}
