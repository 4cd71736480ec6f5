package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
)

// filled is a folder with the vectors of t0 to t9, closed.
func filled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	e, err := New(&paid{}, Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	embedded(t, e, ten()...)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func ten() []string {
	out := make([]string, 10)
	for i := range out {
		out[i] = fmt.Sprint("t", i)
	}
	return out
}

// reread opens dir and returns what had to be asked for again, after comparing all
// vectors with the right ones.
func reread(t *testing.T, c Config, texts ...string) ([]string, Stats) {
	t.Helper()
	p := &paid{}
	e := opened(t, p, c)
	for i, v := range embedded(t, e, texts...) {
		if diff := cmp.Diff(p.vector(embed.Document, texts[i]), v); diff != "" {
			t.Errorf("%q (-want +got):\n%s", texts[i], diff)
		}
	}
	return p.asked(), e.Stats()
}

func TestVectorsOutliveTheProcess(t *testing.T) {
	asked, stats := reread(t, Config{Dir: filled(t)}, ten()...)
	if len(asked) != 0 || stats.Disk != 10 || stats.Entries != 10 {
		t.Errorf("asked again for %q, stats %+v", asked, stats)
	}
}

func TestATornTailIsDropped(t *testing.T) {
	head := int64(len(header("paid/", 8)))
	tests := []struct {
		name          string
		keys, vectors int64 // sizes that the crash left
		lost          []string
	}{
		{"in the middle of a key", head + 7*36 + 5, 320, []string{"t7", "t8", "t9"}},
		{"in the middle of a vector", head + 360, 9*32 + 31, []string{"t9"}},
		{"keys without vectors", head + 360, 0, ten()},
		{"vectors without keys", head, 320, ten()},
		{"in the middle of the header", head - 1, 320, ten()},
		{"with nothing left", 0, 0, ten()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filled(t)
			at := dirOf(dir, "paid/")
			truncate(t, keysPath(at, 1), test.keys)
			truncate(t, vectorsPath(at, 1), test.vectors)
			for _, want := range [][]string{test.lost, nil} { // what was lost is written again
				asked, stats := reread(t, Config{Dir: dir}, ten()...)
				if diff := cmp.Diff(want, asked); diff != "" {
					t.Errorf("asked for (-want +got):\n%s", diff)
				}
				if stats.Corrupt != 0 {
					t.Errorf("%d corrupt vectors", stats.Corrupt)
				}
			}
		})
	}
}

func truncate(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func TestEveryDamagedByteIsNoticed(t *testing.T) {
	for _, name := range []string{"000001.keys", "000001.vectors"} {
		path := filepath.Join(dirOf(filled(t), "paid/"), name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := range whole {
			damaged := append([]byte(nil), whole...)
			damaged[at] ^= 0x10
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			// read-only, so that nothing is mended; reread compares every vector
			asked, _ := reread(t, Config{Dir: filepath.Dir(filepath.Dir(path)), ReadOnly: true}, ten()...)
			if len(asked) == 0 {
				t.Errorf("%s, byte %d: nothing was noticed", name, at)
			}
		}
	}
}

func TestADamagedVectorIsCountedAndMended(t *testing.T) {
	dir := filled(t)
	f, err := os.OpenFile(vectorsPath(dirOf(dir, "paid/"), 1), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{1, 2, 3}, 3*32); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	asked, stats := reread(t, Config{Dir: dir}, ten()...)
	if diff := cmp.Diff([]string{"t3"}, asked); diff != "" || stats.Corrupt != 1 {
		t.Errorf("%d corrupt; asked for (-want +got):\n%s", stats.Corrupt, diff)
	}
	if asked, _ := reread(t, Config{Dir: dir}, ten()...); len(asked) != 0 {
		t.Errorf("asked again for %q after mending", asked)
	}
}

func TestTheOldestVectorsGoWhenTheDiskIsFull(t *testing.T) {
	const perSegment = 5
	limit := int64(segments) * (int64(len(header("paid/", 8))) + perSegment*(36+32))
	dir := t.TempDir()
	e := opened(t, &paid{}, Config{Dir: dir, DiskBytes: limit})
	var texts []string
	for i := range 100 {
		texts = append(texts, fmt.Sprint("t", i))
		embedded(t, e, texts[i])
		if _, bytes := e.disk.size(); bytes > limit {
			t.Fatalf("%d bytes after %d texts, at most %d are allowed", bytes, i+1, limit)
		}
	}
	if onDisk := folderSize(t, dir); onDisk > limit {
		t.Errorf("the folder has %d bytes, at most %d are allowed", onDisk, limit)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	kept := texts[len(texts)-segments*perSegment:]
	asked, stats := reread(t, Config{Dir: dir, DiskBytes: limit, ReadOnly: true}, append(kept, texts[0])...)
	if diff := cmp.Diff([]string{texts[0]}, asked); diff != "" || stats.Entries != int64(len(kept)) {
		t.Errorf("%d vectors are left, want %d; asked for (-want +got):\n%s", stats.Entries, len(kept), diff)
	}
}

func folderSize(t *testing.T, dir string) (sum int64) {
	t.Helper()
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestReadingAlongWritesNothing(t *testing.T) {
	dir := filled(t)
	before := folderSize(t, dir)
	asked, _ := reread(t, Config{Dir: dir, ReadOnly: true}, "t1", "new")
	if diff := cmp.Diff([]string{"new"}, asked); diff != "" || folderSize(t, dir) != before {
		t.Errorf("%d bytes, before %d; asked for (-want +got):\n%s", folderSize(t, dir), before, diff)
	}
	none := filepath.Join(t.TempDir(), "none")
	reread(t, Config{Dir: none, ReadOnly: true}, "a")
	if _, err := os.Stat(none); !os.IsNotExist(err) {
		t.Errorf("reading made a folder: %v", err)
	}
}

func TestADiskThatCannotBeWrittenIsNoReasonToFail(t *testing.T) {
	p := &paid{}
	e := opened(t, p, Config{Dir: t.TempDir(), MemoryBytes: 1})
	embedded(t, e, "a")
	last := e.disk.segs[0] // a file that only reads takes the place of a full disk
	if err := last.vectors.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if last.vectors, err = os.Open(vectorsPath(e.disk.dir, 1)); err != nil {
		t.Fatal(err)
	}
	for i, v := range embedded(t, e, "b", "c", "a") {
		if diff := cmp.Diff(p.vector(embed.Document, []string{"b", "c", "a"}[i]), v); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if s := e.Stats(); s.Unwritten != 2 || s.Entries != 1 {
		t.Errorf("stats %+v, want 2 unwritten and 1 on disk", s)
	}
}

func TestFilesThatAreNoSegmentsAreLeftAlone(t *testing.T) {
	dir := filled(t)
	for _, name := range []string{"1.keys", "000002.keys.bak", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dirOf(dir, "paid/"), name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if asked, stats := reread(t, Config{Dir: dir}, ten()...); len(asked) != 0 || stats.Entries != 10 {
		t.Errorf("asked for %q, %d on disk", asked, stats.Entries)
	}
	if _, err := os.Stat(filepath.Join(dirOf(dir, "paid/"), "1.keys")); err != nil {
		t.Error(err)
	}
}

// FuzzOpen opens folders of any content: it must neither fail nor give a wrong vector.
func FuzzOpen(f *testing.F) {
	head := header("paid/", 8)
	f.Add(head, []byte{})
	f.Add(append(head, make([]byte, 72)...), make([]byte, 64))
	f.Add([]byte("DJCACHE\x02"), make([]byte, 64))
	f.Fuzz(func(t *testing.T, keys, vectors []byte) {
		dir := t.TempDir()
		at := dirOf(dir, "paid/")
		if err := os.MkdirAll(at, 0o700); err != nil {
			t.Fatal(err)
		}
		if os.WriteFile(keysPath(at, 1), keys, 0o600) != nil || os.WriteFile(vectorsPath(at, 1), vectors, 0o600) != nil {
			t.Fatal("the files cannot be written")
		}
		for range 2 {
			reread(t, Config{Dir: dir}, "a", "b")
		}
	})
}
