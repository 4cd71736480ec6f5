package segment_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/segment"
)

// flushEach is how many steps of a history a Flush follows.
const flushEach = 3

// step is a write of a history that depends on nothing but its number.
func step(n int64) (docs []lexical.Doc, gone []string) {
	rnd := rand.New(rand.NewPCG(uint64(n), 5))
	for range 1 + rnd.IntN(30) {
		docs = append(docs, lexical.Doc{Key: fmt.Sprint("k", rnd.IntN(500)), Text: fmt.Sprint("电池材料 s", n, " w", rnd.IntN(50))})
	}
	for range rnd.IntN(4) {
		gone = append(gone, fmt.Sprint("k", rnd.IntN(500)))
	}
	return docs, gone
}

func apply(x lexical.Index, n int64) error {
	docs, gone := step(n)
	if err := x.Upsert(context.Background(), docs); err != nil {
		return err
	}
	return x.Delete(context.Background(), gone)
}

// TestMain lets this binary be the process that is killed: with DUIJIE_WORDS it goes
// on with the history in that folder, and prints the mark of every Flush.
func TestMain(m *testing.M) {
	dir := os.Getenv("DUIJIE_WORDS")
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := goOn(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func goOn(dir string) error {
	x, err := segment.Open(dir)
	if err != nil {
		return err
	}
	for n := x.Mark() + 1; ; n++ {
		if err := apply(x, n); err != nil {
			return err
		}
		if n%flushEach == 0 {
			if err := x.Flush(context.Background(), n); err != nil {
				return err
			}
			fmt.Println(n)
		}
	}
}

// killCount is how many times; 50 if it is not set, 5 in a short run.
const killCount = "DUIJIE_KILLS"

// A process is killed 50 times while it writes, flushes and merges. Each time the
// folder must be that of a Flush that was acknowledged or a later one, to the bit:
// nothing lost, nothing twice.
func TestAfterKillsTheIndexIsThatOfAFlush(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 5
	}
	if n, err := strconv.Atoi(os.Getenv(killCount)); err == nil {
		kills = n
	}
	dir, rnd := t.TempDir(), rand.New(rand.NewPCG(6, 6))
	inMemory, at := bigram.New(), int64(0)
	merged := map[string]bool{}
	for round := range kills {
		acknowledged := killed(t, dir, time.Duration(rnd.IntN(40_000))*time.Microsecond)
		x := open(t, dir)
		mark := x.Mark()
		if mark < acknowledged || mark < at {
			t.Fatalf("round %d: the mark is %d, after %d was acknowledged and %d was there", round, mark, acknowledged, at)
		}
		for at < mark {
			at++
			if err := apply(inMemory, at); err != nil {
				t.Fatal(err)
			}
		}
		same(t, inMemory, x, fmt.Sprintf("round %d, mark %d", round, mark))
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := segment.Verify(dir); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		entries, _ := os.ReadDir(dir)
		merged[fmt.Sprint(len(entries))] = true
	}
	if len(merged) < 2 {
		t.Errorf("there were always %v files: nothing was merged", merged)
	}
	t.Logf("%d kills, %d steps", kills, at)
}

// killed runs the history until a moment after its first Flush, and returns the last
// mark that was acknowledged.
func killed(t *testing.T, dir string, after time.Duration) (mark int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DUIJIE_WORDS="+dir)
	var failure strings.Builder
	cmd.Stderr = &failure
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
			mark = n
		}
		if first {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || failure.Len() > 0 {
		t.Fatalf("it was not killed: %v\n%s", err, failure.String())
	}
	return mark
}

// same compares the counts, rankings and every document's score and terms.
func same(t *testing.T, want, got lexical.Index, when string) {
	t.Helper()
	ctx := context.Background()
	var keys []string
	for i := range 500 {
		keys = append(keys, fmt.Sprint("k", i))
	}
	for _, query := range []string{"电池材料", "w1 w2 w3", "s1 s5 s9 s30 s77 s200"} {
		a, err := want.Score(ctx, query, keys)
		if err != nil {
			t.Fatal(err)
		}
		b, err := got.Score(ctx, query, keys)
		if d := cmp.Diff(a, b); d != "" || err != nil {
			t.Fatalf("%s: %v (-in memory +on disk):\n%s", when, err, d)
		}
		q := lexical.Query{Text: query, Limit: 1000}
		if a, err = want.Search(ctx, q); err != nil {
			t.Fatal(err)
		}
		b, err = got.Search(ctx, q)
		if d := cmp.Diff(a, b, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatalf("%s: %v (-in memory +on disk):\n%s", when, err, d)
		}
	}
	n, err := want.Count(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if have, err := got.Count(ctx); have != n || err != nil {
		t.Fatalf("%s: %d documents, %v; want %d", when, have, err, n)
	}
}
