package tune

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/match"
)

// Magic is what every model file begins with.
const Magic = "DJTUNED"

// Encode gives the bytes of the model file; doc.go shows them. Equal models give
// equal bytes.
func (m *Model) Encode() ([]byte, error) {
	var out bytes.Buffer
	_, err := m.write(&out)
	return out.Bytes(), err
}

// write writes the file, and returns the checksum that it ends with.
func (m *Model) write(out io.Writer) (sum [sha256.Size]byte, err error) {
	card, err := json.Marshal(m.Card)
	if err != nil {
		return sum, err
	}
	h := sha256.New()
	w := &writer{out: io.MultiWriter(out, h)}
	w.b = append(w.b, Magic...)
	w.b = append(w.b, Schema)
	w.bytes(card)
	w.base(m.base)
	for _, s := range m.stacks {
		w.floats64(s.Weights[:])
		w.floats64(s.Cuts[:])
	}
	for _, f := range m.forests {
		w.forest(f.ordinal)
		w.forest(f.squared)
	}
	w.flush()
	if w.err != nil {
		return sum, w.err
	}
	h.Sum(sum[:0])
	_, err = out.Write(sum[:])
	return sum, err
}

// seal makes a model that was trained what reading its file makes it.
func (m *Model) seal() error {
	sum, err := m.write(io.Discard)
	m.base.memo = nil
	m.index(sum)
	return err
}

// index names the model by its checksum, and its demands by their ids.
func (m *Model) index(sum [sha256.Size]byte) {
	m.identity = fmt.Sprintf("tuned/%s/%s", m.Card.Name, hex.EncodeToString(sum[:6]))
	m.byID = map[string]int32{}
	for i, d := range m.base.demands {
		m.byID[d.id] = int32(i)
	}
}

// Decode reads the bytes of a model file. What is not one, of another schema,
// damaged, or inconsistent is refused with an error of kind Corrupt.
func Decode(data []byte) (*Model, error) {
	const head = len(Magic) + 1
	if len(data) < head+sha256.Size || string(data[:len(Magic)]) != Magic {
		return nil, corrupt("is not a tuned model of Duijie")
	}
	if v := data[len(Magic)]; v != Schema {
		return nil, corrupt(fmt.Sprintf("has schema %d; this program reads schema %d: train it again", v, Schema))
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return nil, corrupt("is damaged: its checksum does not match")
	}
	r := &reader{b: body[head:]}
	m := &Model{}
	card := r.bytes()
	if r.err == nil {
		if err := json.Unmarshal(card, &m.Card); err != nil {
			return nil, corrupt("has an unreadable card: " + err.Error())
		}
	}
	m.base = r.base()
	for i := range m.stacks {
		r.fill(m.stacks[i].Weights[:])
		r.fill(m.stacks[i].Cuts[:])
	}
	for i := range m.forests {
		m.forests[i] = forests{r.forest(), r.forest()}
	}
	if r.err == nil && len(r.b) > 0 {
		r.fail("%d bytes are left over", len(r.b))
	}
	if r.err != nil {
		return nil, corrupt(r.err.Error())
	}
	m.index([sha256.Size]byte(sum))
	return m, nil
}

func corrupt(reason string) error {
	return &match.Error{Kind: match.Corrupt, Record: "the model", Reason: reason}
}

// Load reads a model file. Its errors name the file.
func Load(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &match.Error{Kind: match.NotFound, Record: path, Reason: "cannot be read", Err: err}
	}
	m, err := Decode(data)
	if err != nil {
		return nil, match.About(path, err)
	}
	return m, nil
}

// Save writes a model file, in whole or not at all.
func (m *Model) Save(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = m.write(f); err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// writer appends little-endian numbers to b, which flush passes on.
type writer struct {
	b   []byte
	out io.Writer
	err error
}

func (w *writer) flush() {
	if w.err == nil {
		_, w.err = w.out.Write(w.b)
	}
	w.b = w.b[:0]
}

// pass flushes when enough has come together.
func (w *writer) pass() {
	if len(w.b) >= 1<<20 {
		w.flush()
	}
}

func (w *writer) u32(v uint32)         { w.b = binary.LittleEndian.AppendUint32(w.b, v) }
func (w *writer) bytes(v []byte)       { w.u32(uint32(len(v))); w.b = append(w.b, v...) }
func (w *writer) values(v any)         { w.b, _ = binary.Append(w.b, binary.LittleEndian, v) }
func (w *writer) floats32(v []float32) { w.u32(uint32(len(v))); w.values(v) }
func (w *writer) floats64(v []float64) { w.u32(uint32(len(v))); w.values(v) }

// reader takes them back; after an error it gives zeros.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("is inconsistent: "+format, args...)
	}
	r.b = nil
}

// take gives the next n bytes.
func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail("%d bytes are wanted where %d are left", n, len(r.b))
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// count reads a number of things of at least size bytes each, so that a damaged
// one cannot ask for more memory than the file is long.
func (r *reader) count(size int) int {
	n := int(r.u32())
	if n*size > len(r.b) {
		r.fail("%d things are announced where %d bytes are left", n, len(r.b))
		return 0
	}
	return n
}

func (r *reader) bytes() []byte { return r.take(r.count(1)) }

// values fills a slice of numbers.
func (r *reader) values(into any, size int) {
	if b := r.take(size); b != nil {
		if _, err := binary.Decode(b, binary.LittleEndian, into); err != nil {
			r.fail("%v", err)
		}
	}
}

func (r *reader) floats32() []float32 {
	out := make([]float32, r.count(4))
	r.values(out, 4*len(out))
	return out
}

func (r *reader) floats64() []float64 {
	out := make([]float64, r.count(8))
	r.values(out, 8*len(out))
	return out
}

// fill reads as many numbers as out has.
func (r *reader) fill(out []float64) {
	got := r.floats64()
	if r.err == nil && len(got) != len(out) {
		r.fail("%d numbers where %d are wanted", len(got), len(out))
	}
	copy(out, got)
}
