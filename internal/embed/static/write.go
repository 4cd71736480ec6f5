package static

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// Content is what a model file is written from.
type Content struct {
	Name string
	Card string // Markdown
	Dims int    // a multiple of 8

	// Entries are folded, distinct, ascending by bytes, and at most 255 bytes long.
	Entries []string
	// Weights has one number above 0 for each entry.
	Weights []float32
	// Vectors has Dims numbers for each entry, one entry after the other.
	Vectors []float32
}

// Write writes a model file. Each vector is rounded to whole numbers from -127 to
// 127 times a scale of its own. The same content gives the same bytes. The error of
// content that no file can hold is of kind Invalid.
func Write(w io.Writer, c Content) error {
	if err := c.validate(); err != nil {
		return match.About("static model "+c.Name, err)
	}
	digest := sha256.New()
	both := io.MultiWriter(w, digest)
	for _, part := range [][]byte{c.head(), c.words(), c.numbers()} {
		if _, err := both.Write(part); err != nil {
			return fmt.Errorf("static.Write: %w", err)
		}
	}
	if _, err := w.Write(digest.Sum(nil)); err != nil {
		return fmt.Errorf("static.Write: %w", err)
	}
	return nil
}

func (c Content) validate() error {
	n := len(c.Entries)
	switch {
	case len(c.Name) > math.MaxUint16 || len(c.Card) > maxCard:
		return match.Invalidf("card", "is too long, or the name")
	case c.Dims <= 0 || c.Dims > maxDims || c.Dims%8 != 0:
		return match.Invalidf("dims", fmt.Sprintf("%d is not a multiple of 8 up to %d", c.Dims, maxDims))
	case n == 0 || n > maxEntries:
		return match.Invalidf("entries", fmt.Sprintf("%d is not in 1 to %d", n, maxEntries))
	case len(c.Weights) != n || len(c.Vectors) != n*c.Dims:
		return match.Invalidf("vectors", "or weights are not as many as the entries")
	case !slices.IsSorted(c.Entries):
		return match.Invalidf("entries", "do not ascend")
	}
	for i, e := range c.Entries {
		if e == "" || len(e) > math.MaxUint8 {
			return match.Invalidf("entries", fmt.Sprintf("%q has %d bytes", e, len(e)))
		}
		if !(c.Weights[i] > 0) || math.IsInf(float64(c.Weights[i]), 0) {
			return match.Invalidf("weights", fmt.Sprintf("%q has %v", e, c.Weights[i]))
		}
	}
	for i, x := range c.Vectors {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return match.Invalidf("vectors", fmt.Sprintf("that of %q has a number that is not finite", c.Entries[i/c.Dims]))
		}
	}
	_, err := NewVocabulary(c.Entries)
	return err
}

func (c Content) head() []byte {
	length := 0
	for _, e := range c.Entries {
		length += len(e)
	}
	b := append([]byte(magic), version, flagNormalised)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(c.Name)))
	for _, n := range []int{c.Dims, len(c.Entries), length, len(c.Card)} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return append(append(b, c.Name...), c.Card...)
}

func (c Content) words() []byte {
	var lengths, text []byte
	for _, e := range c.Entries {
		lengths, text = append(lengths, byte(len(e))), append(text, e...)
	}
	return append(lengths, text...)
}

// numbers are weights, scales and rounded vectors.
func (c Content) numbers() []byte {
	var b []byte
	for _, w := range c.Weights {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(w))
	}
	rows := make([]byte, 0, len(c.Vectors))
	for v := range slices.Chunk(c.Vectors, c.Dims) {
		scale := scaleOf(v)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
		for _, x := range v {
			rows = append(rows, byte(int8(math.RoundToEven(float64(x/scale)))))
		}
	}
	return append(b, rows...)
}

// scaleOf is the step at which the greatest number of a vector is 127 steps; 1 for
// the zero vector.
func scaleOf(v []float32) float32 {
	greatest := float32(0)
	for _, x := range v {
		greatest = max(greatest, float32(math.Abs(float64(x))))
	}
	if scale := greatest / 127; scale > 0 {
		return scale
	}
	return 1
}
