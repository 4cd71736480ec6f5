package segment_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
)

// folder makes an index of some files with deleted documents, and closes it.
func folder(t *testing.T) string {
	t.Helper()
	dir, g := t.TempDir(), newGenerator(t, 11)
	x := open(t, dir)
	for n := range 3 {
		var docs []lexical.Doc
		for i := range 150 {
			docs = append(docs, g.patent(i+100*n))
		}
		if err := x.Upsert(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
		if err := x.Flush(t.Context(), int64(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// asked asks an index for everything that a file is read for.
func asked(x lexical.Index, queries []string) (out []string, err error) {
	ctx := context.Background()
	for _, text := range queries {
		conditions := []match.Condition{{Field: match.FieldRegion, NoneOf: []string{"4401"}}, {Field: match.FieldFee, Min: new(int64(1000))}}
		hits, err := x.Search(ctx, lexical.Query{Text: text, Limit: 20, Conditions: conditions})
		if err != nil {
			return nil, err
		}
		out = append(out, fmt.Sprint(hits))
		for _, h := range hits[:min(3, len(hits))] {
			list, err := x.Terms(ctx, text, h.Key)
			if err != nil {
				return nil, err
			}
			out = append(out, fmt.Sprint(list))
		}
	}
	return out, nil
}

func TestAFlippedBitIsFoundAndNeverAnsweredFrom(t *testing.T) {
	dir, g, rnd := folder(t), newGenerator(t, 12), rand.New(rand.NewPCG(1, 2))
	queries := []string{g.demand(1).Text, g.demand(2).Text, "电池"}
	x := open(t, dir)
	want, err := asked(x, queries)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	refused, found := 0, 0
	for n := range 200 {
		broken := copied(t, dir)
		path := filepath.Join(broken, entries[n%len(entries)].Name())
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bit := rnd.IntN(8 * len(data))
		data[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		when := fmt.Sprintf("bit %d of %s", bit, filepath.Base(path))
		if _, _, err := segment.Verify(broken); !unusable(err) {
			t.Fatalf("%s: Verify gave %v", when, err)
		}
		x, err := segment.Open(broken)
		if err != nil {
			if !unusable(err) {
				t.Fatalf("%s: Open gave %v", when, err)
			}
			refused++
			continue
		}
		got, err := asked(x, queries)
		if err == nil && cmp.Diff(want, got) != "" {
			t.Fatalf("%s: another answer", when)
		}
		if err != nil {
			if match.KindOf(err) != match.Corrupt {
				t.Fatalf("%s: %v", when, err)
			}
			found++
		}
		if closed := x.Close(); closed != nil {
			t.Fatal(closed)
		}
		if err == nil {
			continue // it lies where nothing was read
		}
		if _, err := segment.Open(broken); !unusable(err) {
			t.Fatalf("%s: it was found, and opening it again gave %v", when, err)
		}
		usable(t, broken)
	}
	if refused < 10 || found < 10 {
		t.Errorf("%d of 200 flips were refused at the opening, %d found by a call", refused, found)
	}
}

func unusable(err error) bool {
	return match.KindOf(err) == match.Corrupt || match.KindOf(err) == match.Stale
}

// usable checks that a folder is that of an empty index after Discard.
func usable(t *testing.T, dir string) {
	t.Helper()
	if err := segment.Discard(dir); err != nil {
		t.Fatal(err)
	}
	x := open(t, dir)
	if n, err := x.Count(t.Context()); n != 0 || err != nil || x.Mark() != 0 {
		t.Errorf("%d documents, mark %d, %v after Discard", n, x.Mark(), err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".words") {
			t.Errorf("%s is left after Discard", e.Name())
		}
	}
}

func TestTornAndMissingFilesAreRefused(t *testing.T) {
	dir, rnd := folder(t), rand.New(rand.NewPCG(3, 2))
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		broken := copied(t, dir)
		path := filepath.Join(broken, entries[n%len(entries)].Name())
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		size := rnd.Int64N(info.Size())
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if _, err := segment.Open(broken); match.KindOf(err) != match.Corrupt {
			t.Errorf("%s cut to %d of %d bytes: Open gave %v", filepath.Base(path), size, info.Size(), err)
		}
		if filepath.Base(path) == "MANIFEST" {
			continue // without one, there is no index
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := segment.Open(broken); match.KindOf(err) != match.Corrupt {
			t.Errorf("%s removed: Open gave %v", filepath.Base(path), err)
		}
	}
}

func TestAFileOfAnotherFolderIsRefused(t *testing.T) {
	a, b := folder(t), folder(t)
	x := open(t, b)
	if err := x.Upsert(t.Context(), []lexical.Doc{{Key: "a", Text: "电池"}}); err != nil {
		t.Fatal(err)
	}
	if err := x.Flush(t.Context(), 9); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(b, "00000004.words"), filepath.Join(a, "00000003.words")); err != nil {
		t.Fatal(err)
	}
	if _, err := segment.Open(a); match.KindOf(err) != match.Corrupt {
		t.Errorf("Open gave %v", err)
	}
}

func TestAReaderBesideTheWriterSeesAFlush(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	x := open(t, dir)
	defer x.Close()
	done := make(chan error, 1)
	go func() {
		for n := int64(1); n <= 120; n++ {
			if err := apply(x, n); err != nil {
				done <- err
				return
			}
			if err := x.Flush(ctx, n); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for opened := 0; ; opened++ {
		beside, err := segment.OpenReadOnly(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := beside.Search(ctx, lexical.Query{Text: "电池材料", Limit: 5}); err != nil {
			t.Fatal(err)
		}
		if err := beside.Close(); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("opened %d times", opened)
			return
		default:
		}
	}
}
