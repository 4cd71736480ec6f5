package flat

import (
	"bytes"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// goldenPoint has every part that an entry can have.
var goldenPoint = index.Point{
	Key:     "default/需求 1",
	Vectors: map[string][]float32{"text": {0.6, -0.8}, "claims": {0, 0}},
	Payload: match.Payload{
		Tokens:  map[string][]string{match.FieldRegion: {"44", "4403"}, match.FieldTenant: {"default"}},
		Numbers: map[string]int64{match.FieldFee: -1, match.FieldExpiryDate: 20300101},
	},
}

// TestLogOfVersion1IsReadForever keeps the bytes of the format.
func TestLogOfVersion1IsReadForever(t *testing.T) {
	dir, golden := t.TempDir(), filepath.Join("testdata", "version1.hex")
	path := filepath.Join(dir, "patents.vec")
	if *update {
		ix := mustOpen(t, dir, specOf(2))
		if err := ix.Upsert(ctx, []index.Point{goldenPoint, {Key: "gone"}}); err != nil {
			t.Fatal(err)
		}
		if err := ix.Delete(ctx, []string{"gone"}); err != nil {
			t.Fatal(err)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
		b, _ := os.ReadFile(path)
		if err := os.WriteFile(golden, []byte(hex.Dump(b)), 0o644); err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(path)
	}
	dump, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, undump(t, string(dump)), 0o600); err != nil {
		t.Fatal(err)
	}
	ix := mustOpen(t, dir, specOf(2))
	got, err := ix.Vectors(ctx, []string{goldenPoint.Key, "gone"})
	want := []index.Point{{Key: goldenPoint.Key, Vectors: goldenPoint.Vectors}, {Key: "gone"}}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for _, c := range []match.Condition{
		{Field: match.FieldRegion, AnyOf: []string{"4403"}},
		{Field: match.FieldFee, Max: new(int64(-1))},
		{Field: match.FieldExpiryDate, Min: new(int64(20300101))},
	} {
		if n, err := ix.Count(ctx, []match.Condition{c}); n != 1 || err != nil {
			t.Errorf("%v: %d, %v", c, n, err)
		}
	}
}

// undump reads what hex.Dump wrote.
func undump(t *testing.T, dump string) []byte {
	t.Helper()
	var out []byte
	for line := range strings.Lines(dump) {
		if len(line) < 60 {
			continue
		}
		b, err := hex.DecodeString(strings.ReplaceAll(line[10:58], " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b...)
	}
	return out
}

func TestHeaderOfAnotherVersionOrFileIsRefused(t *testing.T) {
	good, err := encodeHeader(specOf(2))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		bytes []byte
		named string
	}{
		"empty":        {nil, "not a vector log"},
		"another file": {[]byte("SQLite format 3\x00"), "not a vector log"},
		"cut":          {good[:len(good)-1], "cut off"},
		"endless":      {append([]byte("DUIJIEV\x01"), 255, 255, 255, 255), "impossible length"},
	} {
		_, err := openBytes(t, c.bytes)
		if match.KindOf(err) != match.Corrupt || !strings.Contains(err.Error(), c.named) {
			t.Errorf("%s: got %v, want an error of kind corrupt with %q", name, err, c.named)
		}
	}
}

func TestLogIsRewrittenWhenMostOfItIsDead(t *testing.T) {
	for name, crash := range map[string]bool{"by Close": false, "by Open, after a crash": true} {
		dir := t.TempDir()
		ix := mustOpen(t, dir, specOf(2))
		for round := range 5 {
			var points []index.Point
			for i := range 200 {
				points = append(points, point(string(rune('一'+i)), normalised([]float32{float32(i + 1), float32(round)}), round))
			}
			if err := ix.Upsert(ctx, points); err != nil {
				t.Fatal(err)
			}
		}
		want, path, long := contents(t, ix), ix.log.path, ix.log.end
		if crash {
			if err := ix.log.file.Close(); err != nil {
				t.Fatal(err)
			}
		} else if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
		again := mustOpen(t, dir, specOf(2))
		info, err := os.Stat(path)
		if err != nil || info.Size() > long/3 {
			t.Errorf("%s: %d bytes of %d are left, %v", name, info.Size(), long, err)
		}
		if d := cmp.Diff(want, contents(t, again)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		// Its offsets are right for the next time too.
		for key := range want {
			if len(want) > 5 {
				delete(want, key)
				if err := again.Delete(ctx, []string{key}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, contents(t, mustOpen(t, dir, specOf(2)))); d != "" {
			t.Errorf("%s, rewritten twice (-want +got):\n%s", name, d)
		}
		if _, err := os.Stat(path + ".new"); !os.IsNotExist(err) {
			t.Errorf("%s: the new log's first name is left: %v", name, err)
		}
	}
}

// FuzzReplay opens arbitrary bytes as a log: no panic, and what it reads as
// points is what it writes again.
func FuzzReplay(f *testing.F) {
	spec := specOf(2)
	header, err := encodeHeader(spec)
	if err != nil {
		f.Fatal(err)
	}
	put := appendPut(nil, spec.Vectors, goldenPoint)
	f.Add(put[frameHead:])
	f.Add(appendDelete(nil, "x")[frameHead:])
	f.Add(appendSynced(nil, 7)[frameHead:])
	f.Add([]byte{'P', 1, 'k', 255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, entry []byte) {
		decode := newDecoder(spec)
		if op, p, err := decode.entry(entry); err == nil && op == opPut {
			again := appendPut(nil, spec.Vectors, p)
			_, q, err := newDecoder(spec).entry(again[frameHead:])
			if err != nil || !bytes.Equal(again, appendPut(nil, spec.Vectors, q)) {
				t.Errorf("%q: written again it is another point: %v", entry, err)
			}
		}
		whole := appendFrame(bytes.Clone(header), func(b []byte) []byte { return append(b, entry...) })
		raw := append(bytes.Clone(header), entry...)
		for _, log := range [][]byte{whole, raw, entry} {
			read(t, log)
		}
	})
}

func read(t *testing.T, log []byte) {
	r := bytes.NewReader(log)
	spec, start, err := readHeader(r, int64(len(log)), "x")
	if err != nil {
		return
	}
	table := newTable(spec)
	end, err := replay(r, start, int64(len(log)), "x", spec, func(op byte, p index.Point, at span) {
		if op == opPut {
			table.put(p, at)
		}
	})
	if err == nil && (end < start || end > int64(len(log))) {
		t.Errorf("the log of %d bytes ends at %d", len(log), end)
	}
}
