package static

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

const (
	magic          = "DJSTATIC"
	version        = 2
	flagNormalised = 1
	headerSize     = 28
	maxDims        = 4096
	maxEntries     = 1 << 18
	maxCard        = 1 << 20

	// Continuation begins the entries that continue a Latin word.
	Continuation = "##"
)

// Read opens a model file from a stream, which it reads to the end.
func Read(r io.Reader) (*Model, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("static.Read: %w", err)
	}
	return Open(string(data))
}

// OpenFile opens a model file. The error is of kind NotFound where there is none, and
// that of Open otherwise; it names the file.
func OpenFile(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &match.Error{Kind: match.NotFound, Record: path, Reason: "there is no such file"}
	}
	if err != nil {
		return nil, &match.Error{Kind: match.Invalid, Record: path, Reason: "cannot be read", Err: err}
	}
	m, err := Open(string(data))
	return m, match.About(path, err)
}

// Open opens the content of a model file. The model refers to data and does not
// copy its vectors. The error of a file that is cut off, altered or of another
// version is a *match.Error of kind Corrupt.
func Open(data string) (*Model, error) {
	body, digest, err := checked(data)
	if err != nil {
		return nil, err
	}
	p := parser{rest: body}
	m, err := p.model()
	if err != nil {
		return nil, err
	}
	m.identity = "static/" + m.name + "/" + hex.EncodeToString(digest[:6])
	m.scratch.New = func() any { return newScratch(m.dims, m.Size()) }
	return m, nil
}

// checked cuts off the digest and compares it.
func checked(data string) (body string, digest [sha256.Size]byte, err error) {
	if len(data) < headerSize+sha256.Size {
		return "", digest, corrupt("%d bytes are too few", len(data))
	}
	body = data[:len(data)-sha256.Size]
	if body[:len(magic)] != magic {
		return "", digest, corrupt("it does not begin with %s", magic)
	}
	digest = sumString(body)
	if data[len(body):] != string(digest[:]) {
		return "", digest, corrupt("the digest at the end does not fit")
	}
	return body, digest, nil
}

// sumString digests a string without copying all of it.
func sumString(s string) (digest [sha256.Size]byte) {
	h := sha256.New()
	var block [8192]byte
	for len(s) > 0 {
		n := copy(block[:], s)
		h.Write(block[:n])
		s = s[n:]
	}
	h.Sum(digest[:0])
	return digest
}

func corrupt(format string, args ...any) error {
	return &match.Error{Kind: match.Corrupt, Record: "static model", Reason: fmt.Sprintf(format, args...)}
}

// A parser takes a model apart. After take has found too few bytes it gives
// zeros, and short says so.
type parser struct {
	rest  string
	short bool
}

func (p *parser) take(n int) string {
	if n < 0 || n > len(p.rest) {
		p.short, p.rest = true, ""
		return ""
	}
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

func (p *parser) model() (*Model, error) {
	header := []byte(p.take(headerSize))
	name := p.take(int(binary.LittleEndian.Uint16(header[10:])))
	dims := int(binary.LittleEndian.Uint32(header[12:]))
	size := int(binary.LittleEndian.Uint32(header[16:]))
	length := int(binary.LittleEndian.Uint32(header[20:]))
	card := int(binary.LittleEndian.Uint32(header[24:]))
	switch {
	case header[8] != version:
		return nil, corrupt("version %d is not known", header[8])
	case header[9] != flagNormalised:
		return nil, corrupt("flags %#x are not known", header[9])
	case dims == 0 || dims > maxDims || dims%8 != 0:
		return nil, corrupt("%d dimensions", dims)
	case size == 0 || size > maxEntries:
		return nil, corrupt("%d entries", size)
	case card > maxCard:
		return nil, corrupt("a card of %d bytes", card)
	}
	m := &Model{name: name, dims: dims, card: p.take(card)}
	lengths, text := p.take(size), p.take(length)
	m.weights, m.scales = p.floats(size), p.floats(size)
	m.rows = p.take(size * dims)
	if p.short || len(p.rest) > 0 {
		return nil, corrupt("its length does not fit its header")
	}
	if err := m.readEntries(lengths, text); err != nil {
		return nil, err
	}
	return m, m.setSteps()
}

func (p *parser) floats(n int) []float32 {
	raw := p.take(4 * n)
	if p.short {
		return nil
	}
	out := make([]float32, n)
	for i := range out {
		b := raw[4*i : 4*i+4]
		out[i] = math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	}
	return out
}

// readEntries makes the trie.
func (m *Model) readEntries(lengths, text string) error {
	t := newTree(utf8.RuneCountInString(text))
	for i := range len(lengths) {
		n := int(lengths[i])
		if n == 0 || n > len(text) {
			return corrupt("entry %d has no right length", i)
		}
		if !t.holds(text[:n]) {
			return corrupt("entry %d is one too many", i)
		}
		if !t.add(text[:n], int32(i)) {
			return corrupt("entry %d is there twice", i)
		}
		text = text[n:]
	}
	if text != "" {
		return corrupt("%d bytes of entries are left over", len(text))
	}
	if !m.words.grow(t) {
		return corrupt("its entries have too many different characters")
	}
	return nil
}

// setSteps rounds weight times scale to whole shares of the greatest.
func (m *Model) setSteps() error {
	greatest := 0.0
	for i := range m.weights {
		product := float64(m.weights[i]) * float64(m.scales[i])
		if !(product > 0) || math.IsInf(product, 0) {
			return corrupt("entry %d has weight %g and scale %g", i, m.weights[i], m.scales[i])
		}
		greatest = max(greatest, product)
	}
	m.steps = make([]uint16, len(m.weights))
	for i := range m.steps {
		product := float64(m.weights[i]) * float64(m.scales[i])
		m.steps[i] = uint16(max(1, math.RoundToEven(product/greatest*topStep)))
	}
	return nil
}
