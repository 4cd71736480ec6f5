package instance_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// foundByWords checks that each of n patents is found by the number in its title, once.
func foundByWords(t *testing.T, in *instance.Instance, n int) {
	t.Helper()
	words := in.Engine.Sides[match.PatentKind].Words
	if have, err := words.Count(t.Context()); have != n || err != nil {
		t.Fatalf("the words of %d records, %v; want %d", have, err, n)
	}
	for i := range n {
		hits, err := words.Search(t.Context(), lexical.Query{Text: fmt.Sprint(i), Limit: 3})
		if err != nil || len(hits) != 1 || hits[0].Key != fmt.Sprint("default/CN", i) {
			t.Fatalf("patent %d is found as %v, %v", i, hits, err)
		}
	}
}

func wordFiles(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(instance.WordDir(dir, match.PatentKind), "*"))
	if err != nil || len(paths) < 2 {
		t.Fatalf("%v, %v", paths, err)
	}
	return paths
}

func TestWordsSurviveWithoutBeingReadAgain(t *testing.T) {
	c := instance.Config{Data: t.TempDir()}
	in := open(t, c)
	write(t, in, 0, 30)
	last, err := in.Store.LastSeq(t.Context(), match.PatentKind)
	if err != nil {
		t.Fatal(err)
	}
	shut(t, in)
	in = open(t, c)
	defer shut(t, in)
	if mark := in.Engine.Sides[match.PatentKind].Words.Mark(); mark != last {
		t.Errorf("the words have %d of %d writes on disk", mark, last)
	}
	foundByWords(t, in, 30)
}

func TestWordsThatAreDamagedLostOrOfAnotherTimeAreReadAgain(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, dir string, early string){
		"a flipped bit in every file": func(t *testing.T, dir, _ string) {
			for _, path := range wordFiles(t, dir) {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				b[len(b)/2] ^= 4
				if err := os.WriteFile(path, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		},
		"a lost file": func(t *testing.T, dir, _ string) {
			if err := os.Remove(wordFiles(t, dir)[0]); err != nil {
				t.Fatal(err)
			}
		},
		"a lost folder": func(t *testing.T, dir, _ string) {
			if err := os.RemoveAll(filepath.Join(dir, "words")); err != nil {
				t.Fatal(err)
			}
		},
		"an older folder": func(t *testing.T, dir, early string) {
			if err := os.RemoveAll(filepath.Join(dir, "words")); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(filepath.Join(dir, "words"), os.DirFS(filepath.Join(early, "words"))); err != nil {
				t.Fatal(err)
			}
		},
		"older records": func(t *testing.T, dir, early string) {
			for _, name := range []string{"records.db", "vectors"} {
				if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(filepath.Join(early, "records.db"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "records.db"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, early := instance.Config{Data: t.TempDir()}, t.TempDir()
			in := open(t, c)
			write(t, in, 0, 20)
			shut(t, in)
			if err := os.CopyFS(early, os.DirFS(c.Data)); err != nil {
				t.Fatal(err)
			}
			in = open(t, c)
			write(t, in, 20, 30)
			shut(t, in)
			harm(t, c.Data, early)
			want := 30
			if name == "older records" {
				want = 20
			}
			// Beside another process first, which must not write.
			beside := c
			beside.ReadOnly = true
			in = open(t, beside)
			if name != "older records" { // its owner sets that right
				foundByWords(t, in, want)
			}
			shut(t, in)
			in = open(t, c)
			foundByWords(t, in, want)
			shut(t, in)
		})
	}
}
