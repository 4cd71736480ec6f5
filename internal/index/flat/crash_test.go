package flat

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// contents is what an index holds, by key, as the text of its first vector.
func contents(t *testing.T, ix *Index) map[string]string {
	t.Helper()
	hits, err := ix.Search(ctx, index.Query{Name: "text", Vector: []float32{1, 0}, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, hit := range hits {
		out[hit.Key] = fmt.Sprint(hit.Score)
	}
	if len(out) != ix.table.facets.Live() {
		t.Fatalf("%d hits, %d live", len(out), ix.table.facets.Live())
	}
	return out
}

// smallLog writes a log of single writes with a flush after some, and returns its
// bytes, the contents after each write, and the offset and number of writes of
// the last flush.
func smallLog(t *testing.T, flushEvery int) (log []byte, after []map[string]string, flushedAt int64, flushed int) {
	dir := t.TempDir()
	ix := mustOpen(t, dir, specOf(2))
	r := rand.New(rand.NewPCG(8, 8))
	after = append(after, contents(t, ix))
	for i := range 10 {
		var err error
		if key := fmt.Sprintf("键/%d", r.IntN(6)); i%4 == 3 {
			err = ix.Delete(ctx, []string{key, fmt.Sprintf("键/%d", i%6)})
		} else {
			err = ix.Upsert(ctx, []index.Point{point(key, randomUnit(r, 2), i)})
		}
		if err != nil {
			t.Fatal(err)
		}
		after = append(after, contents(t, ix))
		if i%flushEvery == flushEvery-1 {
			if err := ix.Flush(ctx); err != nil {
				t.Fatal(err)
			}
			flushedAt, flushed = ix.log.end, len(after)-1
		}
	}
	log, err := os.ReadFile(filepath.Join(dir, "patents.vec"))
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	return log, after, flushedAt, flushed
}

// quickDir is a directory in memory where the machine has one: these tests open
// thousands of logs, and a disk takes milliseconds for each fsync.
func quickDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "flat")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// openBytes opens a directory whose log has the given bytes.
func openBytes(t *testing.T, log []byte) (*Index, error) {
	t.Helper()
	dir := quickDir(t)
	if err := os.WriteFile(filepath.Join(dir, "patents.vec"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	return Open(dir, specOf(2))
}

// state finds the last write that left these contents, or gives −1.
func state(after []map[string]string, have map[string]string) int {
	for i := len(after) - 1; i >= 0; i-- {
		if cmp.Equal(after[i], have) {
			return i
		}
	}
	return -1
}

func TestLogCutAtAnyOffsetOpensWithAPrefixOfTheWrites(t *testing.T) {
	log, after, _, _ := smallLog(t, 4)
	_, start, err := readHeader(strings.NewReader(string(log)), int64(len(log)), "")
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for cut := range log {
		ix, err := openBytes(t, log[:cut])
		if int64(cut) < start {
			if match.KindOf(err) != match.Corrupt {
				t.Fatalf("cut at %d, in the header: %v", cut, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		n := state(after, contents(t, ix))
		if n < 0 && !halfDeleted(after[last], contents(t, ix)) {
			t.Fatalf("cut at %d: no prefix of the writes gives %v", cut, contents(t, ix))
		}
		last = max(last, n)
		if cut%11 == 0 {
			usable(t, ix)
		} else if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if last < len(after)-2 {
		t.Errorf("reached state %d of %d", last, len(after)-1)
	}
}

// halfDeleted tells whether one key is gone: a delete of two keys is two entries.
func halfDeleted(before, have map[string]string) bool {
	for key, value := range have {
		if before[key] != value {
			return false
		}
	}
	return len(have) == len(before)-1
}

// usable checks that an index takes a write and has it when reopened.
func usable(t *testing.T, ix *Index) {
	t.Helper()
	want := contents(t, ix)
	if err := ix.Upsert(ctx, []index.Point{point("new", []float32{1, 0}, 1)}); err != nil {
		t.Fatal(err)
	}
	want["new"] = "1"
	dir, spec := filepath.Dir(ix.log.path), ix.spec
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, dir, spec)
	if d := cmp.Diff(want, contents(t, again)); d != "" {
		t.Fatalf("after a write and a reopen (-want +got):\n%s", d)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestFlippedBitIsReportedOrOnlyCutsWhatWasNeverFlushed(t *testing.T) {
	log, after, flushedAt, flushed := smallLog(t, 4)
	syncedStart := flushedAt - int64(syncedSize)
	for at := range log {
		damaged := append([]byte(nil), log...)
		damaged[at] ^= 1 << (at % 8)
		ix, err := openBytes(t, damaged)
		if int64(at) < syncedStart {
			if match.KindOf(err) != match.Corrupt {
				t.Fatalf("byte %d of what was flushed: got %v, want an error of kind corrupt", at, err)
			}
			if !strings.Contains(err.Error(), "patents.vec") || !strings.Contains(err.Error(), "offset") {
				t.Fatalf("%q names no file and offset", err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("byte %d of the tail: %v", at, err)
		}
		if n := state(after, contents(t, ix)); n >= 0 && n < flushed {
			t.Fatalf("byte %d of the tail: back at state %d, %d was flushed", at, n, flushed)
		}
		if at%5 == 0 {
			usable(t, ix)
		} else if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGarbageAfterTheLastFlushIsCutOff(t *testing.T) {
	log, after, flushedAt, flushed := smallLog(t, 7)
	for name, tail := range map[string][]byte{
		"zeros":              make([]byte, 5000),
		"a huge length":      {0xff, 0xff, 0xff, 0x7f, 1, 2, 3, 4, 5},
		"a frame of zeros":   append(make([]byte, 40), log[flushedAt-30:flushedAt]...),
		"a synced frame but": append([]byte("garbage"), log[flushedAt-int64(syncedSize):flushedAt]...), // of another offset
	} {
		ix, err := openBytes(t, append(append([]byte(nil), log[:flushedAt]...), tail...))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := state(after, contents(t, ix)); n != flushed {
			t.Errorf("%s: state %d, want %d", name, n, flushed)
		}
		usable(t, ix)
	}
}
