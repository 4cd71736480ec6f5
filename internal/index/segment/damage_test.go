package segment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
)

// stored makes a collection with one segment in lists, deleted points, and a log, and
// returns its folder and the segment's file.
func stored(t *testing.T) (dir, file string) {
	dir = t.TempDir()
	r, ctx := rand.New(rand.NewPCG(6, 9)), t.Context()
	ix := mustOpen(t, dir, smallSpec, Options{SealAt: 100, ClusterAt: 50, SettleAfter: -1})
	for i := range 300 {
		p := randomPoint(r, 1)
		p.Key = fmt.Sprint("k", i)
		if err := ix.Upsert(ctx, []index.Point{p}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(ix.Settle(ctx), ix.Delete(ctx, []string{"k7"}), ix.Settle(ctx), ix.Delete(ctx, []string{"k8"}), ix.Close()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.seg"))
	if err != nil || len(files) != 1 {
		t.Fatalf("segments %v, %v", files, err)
	}
	return dir, files[0]
}

func TestFlippedBitAnywhereIsFoundAtOpening(t *testing.T) {
	dir, file := stored(t)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, err := readDirectory(data, file)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]int64{"the header": 9, "the header's checksum": headerSize - 1, "the directory": int64(len(data)) - 3}
	for _, e := range head.Sections {
		if e.Size > 0 {
			places["the beginning of section "+e.Name] = e.At
			places["the end of section "+e.Name] = e.At + e.Size - 1
		}
	}
	for name, at := range places {
		damaged := bytes.Clone(data)
		damaged[at] ^= 1 << (at % 8)
		refused(t, dir, file, damaged, name)
	}
	manifest := ManifestPath(dir, "patents")
	whole, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for at := range whole {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 1 << (at % 8)
		refused(t, dir, manifest, damaged, fmt.Sprint("byte ", at))
	}
}

// refused opens the folder with other bytes in a file, which it puts back.
func refused(t *testing.T, dir, file string, damaged []byte, what string) {
	t.Helper()
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	replace(t, file, damaged)
	ix, err := Open(dir, smallSpec, Options{})
	if match.KindOf(err) != match.Corrupt || err == nil || !strings.Contains(err.Error(), filepath.Base(file)) {
		t.Errorf("%s: got %v, want an error of kind corrupt that names %s", what, err, filepath.Base(file))
	}
	if err == nil {
		_ = ix.Close()
	}
	if err := Verify(ManifestPath(dir, "patents")); match.KindOf(err) != match.Corrupt || err == nil {
		t.Errorf("%s: Verify gives %v", what, err)
	}
	replace(t, file, good)
}

// replace writes a new file: the old one may be mapped.
func replace(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := errors.Join(os.Remove(file), os.WriteFile(file, data, 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestTornOrMissingSegmentIsFoundAtOpening(t *testing.T) {
	dir, file := stored(t)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, headerSize - 1, headerSize, pageSize, len(data) / 2, len(data) - 1} {
		refused(t, dir, file, data[:n], fmt.Sprintf("%d of %d bytes", n, len(data)))
	}
	refused(t, dir, file, append(bytes.Clone(data), 0), "a byte more")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, smallSpec, Options{}); match.KindOf(err) != match.Corrupt {
		t.Errorf("without its segment: %v, want an error of kind corrupt", err)
	}
}

// TestDamageThatOpeningHadNoTimeForIsNeverAnsweredFrom opens a segment as Open does whose
// time to verify vectors is over at once.
func TestDamageThatOpeningHadNoTimeForIsNeverAnsweredFrom(t *testing.T) {
	_, file := stored(t)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, err := readDirectory(data, file)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range head.Sections {
		part, _, _ := strings.Cut(e.Name, ".")
		if part != "codes" && part != "fine" && part != "sketches" {
			continue
		}
		damaged := bytes.Clone(data)
		damaged[e.At+e.Size/2] ^= 4
		replace(t, file, damaged)
		s, err := openSegment(flat.Machine(), file, 1, smallSpec)
		if err != nil {
			t.Fatal(err)
		}
		ix := &Index{spec: smallSpec, options: Options{}.withDefaults(smallSpec)}
		active, err := flat.Open("", smallSpec)
		if err != nil {
			t.Fatal(err)
		}
		ix.state = &state{active: active, segments: []member{newMember(s, allAlive(s.points()))}}
		failed := 0
		for _, name := range smallSpec.Vectors {
			for _, exact := range []bool{true, false} {
				r := rand.New(rand.NewPCG(1, 1))
				_, err := ix.Search(t.Context(), index.Query{Name: name, Vector: randomUnit(r, 16), Limit: 250, Exact: exact})
				if err != nil && match.KindOf(err) == match.Corrupt {
					failed++
				}
			}
		}
		if failed == 0 {
			t.Errorf("section %s: no search failed", e.Name)
		}
		if err := s.verifyAll(2, never); match.KindOf(err) != match.Corrupt {
			t.Errorf("section %s: the rest verified with %v", e.Name, err)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	replace(t, file, data)
	s, err := openSegment(flat.Machine(), file, 1, smallSpec)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.verifyAll(2, until(time.Now().Add(-1))); err != nil || s.sound.Load() {
		t.Errorf("without time everything is verified: %v", err)
	}
	if err := errors.Join(s.verifyAll(2, never), s.release()); err != nil || !s.sound.Load() {
		t.Errorf("with time not everything is verified: %v", err)
	}
}

// sealedManifest puts a right header and checksum around any body.
func sealedManifest(body []byte) []byte {
	out := append(append([]byte(manifestMagic), manifestVersion), body...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

func FuzzManifest(f *testing.F) {
	good, err := encodeManifest(&manifest{Spec: storedSpec(smallSpec), Next: 3, Segments: []sealedFile{{Number: 2, Points: 70, Dead: make([]byte, 16)}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[manifestHead : len(good)-4])
	f.Add([]byte(`{"spec":{},"segments":[{"number":-1,"points":9999999999}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := decodeManifest(body, "x"); err == nil {
			t.Error("was read without a header")
		}
		m, err := decodeManifest(sealedManifest(body), "x")
		if err != nil {
			return
		}
		for _, s := range m.Segments {
			if live, err := s.live(); err != nil || live.Count() > s.Points {
				t.Errorf("segment %d: %d of %d points, %v", s.Number, live.Count(), s.Points, err)
			}
		}
	})
}

// FuzzDirectory opens a file with any directory that has a right checksum: nothing
// panics.
func FuzzDirectory(f *testing.F) {
	f.Add([]byte(`{"spec":{"collection":"p","model":"m","dim":2,"vectors":["text"]},"points":1,"tokens":null,"numbers":null,"probes":[null],"sections":[{"name":"sums","at":4096,"size":0}],"sums":0}`), 0)
	f.Add([]byte(`{"sections":[{"name":"sums","at":-1,"size":9223372036854775807}]}`), 7)
	f.Fuzz(func(t *testing.T, dir []byte, size int) {
		data := make([]byte, pageSize+min(max(size, 0), 1<<16))
		copy(data, encodeHeader(int64(len(data)), dir))
		data = append(data, dir...)
		m := &image{path: "x", data: data, unmap: func() error { return nil }}
		if err := m.read(); err != nil {
			return
		}
		s := &segment{image: m}
		if err := s.open(); err != nil && match.KindOf(err) != match.Corrupt {
			t.Errorf("an error of kind %v: %v", match.KindOf(err), err)
		}
	})
}
