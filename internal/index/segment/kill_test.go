package segment_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

const (
	killFolder = "DUIJIE_TEST_KILL_FOLDER" // set in the process that is killed
	killCount  = "DUIJIE_KILLS"            // how many times; 5 if it is not set
	killKeys   = 400
)

var killOptions = segment.Options{SealAt: 60, ClusterAt: 100, SettleAfter: time.Millisecond}

// killed writes rounds of all keys, with the number of the round, until it is killed. A
// round is announced when it begins and when it was flushed.
func killed(dir string, out io.Writer) error {
	ctx := context.Background()
	ix, err := segment.Open(dir, powerSpec, killOptions)
	if err != nil {
		return err
	}
	first, err := strconv.Atoi(os.Getenv(killFolder + "_ROUND"))
	if err != nil {
		return err
	}
	for round := first; ; round++ {
		fmt.Fprintf(out, "begin %d\n", round)
		for from := 0; from < killKeys; from += 20 {
			var points []index.Point
			for i := from; i < from+20; i++ {
				points = append(points, killPoint(i, round))
			}
			if err := ix.Upsert(ctx, points); err != nil {
				return err
			}
		}
		gone := []string{keyOf(round % killKeys), keyOf(round * 7 % killKeys)}
		if err := errors.Join(ix.Delete(ctx, gone), ix.Flush(ctx)); err != nil {
			return err
		}
		fmt.Fprintf(out, "flushed %d\n", round)
	}
}

// killPoint has a vector that tells key and round.
func killPoint(i, round int) index.Point {
	p := valued(keyOf(i), fmt.Sprint("v", round))
	p.Payload.Numbers = map[string]int64{"round": int64(round)}
	r := rand.New(rand.NewPCG(uint64(i), uint64(round)))
	v, square := make([]float32, 4), 0.0
	for j := range v {
		v[j] = float32(r.NormFloat64())
		square += float64(v[j]) * float64(v[j])
	}
	for j := range v {
		v[j] = float32(float64(v[j]) / math.Sqrt(square))
	}
	p.Vectors["text"] = quant.Round(v)
	return p
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(killFolder); dir != "" {
		fmt.Fprintln(os.Stderr, killed(dir, os.Stdout))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestKilledProcessLosesNothingAndHasNothingTwice(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv(killCount)); err == nil {
		kills = n
	}
	dir, r := t.TempDir(), rand.New(rand.NewPCG(8, 8))
	round, safe := 0, -1
	for kill := range kills {
		begun, flushed := runAndKill(t, dir, round, time.Duration(50+r.IntN(250))*time.Millisecond)
		safe = max(safe, flushed)
		ix, err := segment.Open(dir, powerSpec, killOptions)
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		afterKill(t, ix, safe, max(begun, round-1))
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			t.Fatalf("kill %d, between rounds %d and %d", kill, safe, begun)
		}
		round = max(begun, round-1) + 1
	}
	t.Logf("%d kills, %d rounds", kills, round)
}

// runAndKill returns the last round that began, and the last that was flushed; −1 is none.
func runAndKill(t *testing.T, dir string, round int, after time.Duration) (begun, flushed int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killFolder+"="+dir, fmt.Sprint(killFolder, "_ROUND=", round))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var fault strings.Builder
	cmd.Stderr = &fault
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begun, flushed = -1, -1
	in := bufio.NewScanner(out)
	for in.Scan() {
		var word string
		var n int
		if _, err := fmt.Sscan(in.Text(), &word, &n); err != nil {
			t.Fatal(err)
		}
		if word == "flushed" {
			flushed = n
			continue
		}
		if begun < 0 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		begun = n
	}
	_ = cmd.Wait()
	if fault.Len() > 0 {
		t.Fatal(fault.String())
	}
	return begun, flushed
}

// afterKill checks that each key is there once, with a round that was flushed last or
// begun since, or is one of those that these rounds delete.
func afterKill(t *testing.T, ix *segment.Index, flushed, begun int) {
	t.Helper()
	for _, exact := range []bool{true, false} {
		hits, err := ix.Search(t.Context(), index.Query{Name: "text", Vector: []float32{1, 0, 0, 0}, Limit: 10 * killKeys, Exact: exact})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, hit := range hits {
			if seen[hit.Key] {
				t.Errorf("%s is there twice", hit.Key)
			}
			seen[hit.Key] = true
		}
		for i := range killKeys {
			deleted := false
			for round := max(flushed, 0); round <= begun; round++ {
				deleted = deleted || i == round%killKeys || i == round*7%killKeys
			}
			if !seen[keyOf(i)] && !deleted && flushed >= 0 {
				t.Errorf("%s is lost", keyOf(i))
			}
		}
	}
	for round := max(flushed, 0); round <= begun; round++ {
		rightAnswers(t, ix, round)
	}
	old := []match.Condition{{Field: "round", Max: new(int64(flushed - 1))}}
	if n, err := ix.Count(t.Context(), old); n > 0 || err != nil {
		t.Errorf("%d points are from before round %d, %v", n, flushed, err)
	}
}

// rightAnswers checks searches among what a round wrote against what it must have
// written: each key with the vector of that round, scored by it, the best first.
func rightAnswers(t *testing.T, ix *segment.Index, round int) {
	t.Helper()
	q := index.Query{
		Name: "text", Vector: []float32{0.6, 0, -0.8, 0}, Limit: 10 * killKeys, Exact: round%2 == 0,
		Conditions: []match.Condition{{Field: "round", Min: new(int64(round)), Max: new(int64(round))}},
	}
	hits, err := ix.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for n, hit := range hits {
		var i int
		if _, err := fmt.Sscanf(hit.Key, "k%d", &i); err != nil {
			t.Fatal(err)
		}
		want := index.Dot(q.Vector, killPoint(i, round).Vectors["text"])
		if hit.Score != want || n > 0 && hit.Score > hits[n-1].Score {
			t.Errorf("round %d: %s has %v at place %d, want %v", round, hit.Key, hit.Score, n, want)
		}
	}
}
