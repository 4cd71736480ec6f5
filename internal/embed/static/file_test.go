package static

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// small is the content of a model of four entries and eight dimensions.
func small() string {
	words := []string{"##b", "a", "电", "电池"}
	var b []byte
	b = append(b, magic...)
	b = append(b, version, flagNormalised)
	b = binary.LittleEndian.AppendUint16(b, uint16(len("small")))
	b = binary.LittleEndian.AppendUint32(b, 8)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(words)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(strings.Join(words, ""))))
	b = binary.LittleEndian.AppendUint32(b, uint32(len("# card")))
	b = append(b, "small"...)
	b = append(b, "# card"...)
	for _, w := range words {
		b = append(b, byte(len(w)))
	}
	b = append(b, strings.Join(words, "")...)
	for _, x := range []float32{0.1, 1, 0.5, 0.9, 0.01, 0.01, 0.02, 0.01} { // weights, scales
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	for i := range 8 * len(words) {
		b = append(b, byte(i*37%255-127))
	}
	return sealed(b)
}

func sealed(body []byte) string {
	digest := sha256.Sum256(body)
	return string(body) + string(digest[:])
}

func TestReadGivesTheModelThatWasWritten(t *testing.T) {
	m, err := Read(bytes.NewReader([]byte(small())))
	if err != nil {
		t.Fatal(err)
	}
	if m.Name() != "small" || m.Card() != "# card" || m.Dim() != 8 || m.Size() != 4 || !strings.HasPrefix(m.Identity(), "static/small/") {
		t.Errorf("name %q, %d dimensions, %d entries, identity %q", m.Name(), m.Dim(), m.Size(), m.Identity())
	}
	var entries []int
	for _, token := range m.Tokens("电池 电 ab") {
		entries = append(entries, token.Entry)
	}
	if want := []int{3, 2, 1, 0}; !slices.Equal(entries, want) {
		t.Errorf("entries %v, want %v", entries, want)
	}
}

func TestAFileCutOffAnywhereIsCorrupt(t *testing.T) {
	data := small()
	for n := range len(data) {
		if _, err := Open(data[:n]); match.KindOf(err) != match.Corrupt {
			t.Errorf("cut off after %d bytes: error %v", n, err)
		}
	}
}

func TestAFileWithAnyFlippedBitIsCorrupt(t *testing.T) {
	data := []byte(small())
	for at := range data {
		data[at] ^= 1 << (at % 8)
		if _, err := Open(string(data)); match.KindOf(err) != match.Corrupt {
			t.Errorf("byte %d: error %v", at, err)
		}
		data[at] ^= 1 << (at % 8)
	}
}

// A right digest does not make a file right: it must not panic either.
func TestAFileWithOddContentUnderARightDigestIsNoPanic(t *testing.T) {
	whole := small()
	body := []byte(whole[:len(whole)-sha256.Size])
	for at := range body {
		for _, x := range []byte{0, 1, 0x7F, 0x80, 0xFF} {
			old := body[at]
			body[at] = x
			if m, err := Open(sealed(body)); err == nil {
				m.EmbedInto(make([]float32, m.Dim()), "电池 ab")
			}
			body[at] = old
		}
		if _, err := Open(sealed(body[:at])); err == nil {
			t.Errorf("cut off after %d bytes and sealed: no error", at)
		}
	}
}

func TestTheBuiltInModelCutOffOrAlteredIsCorrupt(t *testing.T) {
	for _, n := range []int{0, 7, 24, 1000, len(builtin) / 2, len(builtin) - 1} {
		if _, err := Open(builtin[:n]); match.KindOf(err) != match.Corrupt {
			t.Errorf("cut off after %d bytes: error %v", n, err)
		}
	}
	data := []byte(builtin)
	data[len(data)/2] ^= 1
	if _, err := Open(string(data)); match.KindOf(err) != match.Corrupt {
		t.Errorf("altered: error %v", err)
	}
}

func TestTheBuiltInFileIsSmallEnough(t *testing.T) {
	if len(builtin) > 10_000_000 {
		t.Errorf("%d bytes", len(builtin))
	}
}
