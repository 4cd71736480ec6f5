package main

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/doctor"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// lastAck is the last whole line of an ack file, 0 where there is none.
func lastAck(path string) int {
	b, _ := os.ReadFile(path)
	lines := strings.Split(string(b), "\n")
	if len(lines) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(lines[len(lines)-2])
	return n
}

// killed is an import that is ended at random points, round after round.
type killed struct {
	bin, data string
	random    *rand.Rand
	total     int
	done      int // records that were acknowledged, the first ones
	ends      [3]int
	survived  int // rounds that ended by themselves before the signal came
	unacked   int // records that were stored though nobody was told
}

// round imports what is left and ends it by SIGKILL, in one of three ways: at a
// random time after the start, after a random number of acknowledged rows, or
// shortly after the last one, when vectors are made and secured.
func (k *killed) round(t *testing.T, share int) {
	t.Helper()
	way, until, wait, delay := k.random.IntN(3), k.total, 0, time.Duration(k.random.IntN(20_000))*time.Microsecond
	k.ends[way]++
	switch way {
	case 0:
		delay = time.Duration(k.random.IntN(600_000)) * time.Microsecond
	case 1:
		wait = 1 + k.random.IntN(2*share)
	case 2:
		until = min(k.total, k.done+share)
		wait = until - k.done
	}
	ack := filepath.Join(t.TempDir(), "ack")
	cmd := exec.Command(k.bin, "import", "--data", k.data, "--kind", "patents", "--ack", ack, writeRows(t, k.done, until))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for end := time.Now().Add(2 * time.Minute); lastAck(ack) < min(wait, until-k.done) && time.Now().Before(end) && len(ended) == 0; {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(delay)
	_ = cmd.Process.Kill() // it may have ended
	if err := <-ended; err == nil {
		k.survived++
	}
	k.done += lastAck(ack)
}

// check opens the folder as it was left and looks for what was acknowledged: some
// of it, or all.
func (k *killed) check(t *testing.T, all bool) {
	t.Helper()
	ctx := context.Background()
	if _, err := os.Stat(filepath.Join(k.data, "records.db")); err != nil && k.done == 0 {
		return // it was killed before there was anything
	}
	report, err := doctor.Run(ctx, instance.Config{Data: k.data}, doctor.Options{})
	if err != nil || !report.Sound {
		t.Fatalf("after the kill: %v, %+v", err, report)
	}
	in, err := instance.Open(ctx, instance.Config{Data: k.data})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := in.Catalog.Await(ctx); err != nil {
		t.Fatal(err)
	}
	k.counts(t, in)
	var some []int
	for n := range k.done {
		if all || k.done-n < 2*importBatch || k.random.IntN(50) == 0 {
			some = append(some, n)
		}
	}
	for len(some) > 0 {
		chunk := some[:min(500, len(some))]
		some = some[len(chunk):]
		k.present(t, in, chunk)
	}
}

// counts checks that there is one record, one point and one text of each.
func (k *killed) counts(t *testing.T, in *instance.Instance) {
	t.Helper()
	ctx, side := context.Background(), in.Engine.Sides[match.PatentKind]
	stored, err := in.Store.Count(ctx, match.DefaultTenant, match.PatentKind)
	if err != nil || stored < k.done || stored > k.done+importBatch {
		t.Fatalf("%d records are stored, %v; %d were acknowledged", stored, err, k.done)
	}
	k.unacked += stored - k.done
	last, err := in.Store.LastSeq(ctx, match.PatentKind)
	if err != nil || last != int64(stored) {
		t.Fatalf("%d writes for %d records, %v: some were written twice", last, stored, err)
	}
	vectors, err := side.Vectors.Count(ctx, nil)
	words, err2 := side.Words.Count(ctx)
	failures, err3 := in.Catalog.Failures(ctx, 10)
	if err != nil || err2 != nil || err3 != nil || vectors != stored || words != stored || len(failures) > 0 {
		t.Fatalf("%d records, %d vectors, %d words, %d failures", stored, vectors, words, len(failures))
	}
}

// present checks that records are stored as they were sent, and found.
func (k *killed) present(t *testing.T, in *instance.Instance, some []int) {
	t.Helper()
	ctx, side := context.Background(), in.Engine.Sides[match.PatentKind]
	refs, keys := make([]match.Ref, len(some)), make([]string, len(some))
	for i, n := range some {
		refs[i] = generated(n).Ref
		keys[i] = refs[i].Key()
	}
	records, err := in.Store.Get(ctx, refs)
	points, err2 := side.Vectors.Vectors(ctx, keys)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for i, n := range some {
		r := records[i]
		if r == nil || r.Revision != 1 || r.Withdrawn || r.Patent.Title != generated(n).Patent.Title {
			t.Fatalf("record %d is stored as %+v", n, r)
		}
		if points[i].Vectors[retrieve.TitleVector] == nil || points[i].Vectors[retrieve.TextVector] == nil {
			t.Fatalf("record %d has the vectors %v", n, points[i].Vectors)
		}
	}
	n := some[k.random.IntN(len(some))]
	hits, err := side.Words.Search(ctx, lexical.Query{Text: mark(n), Limit: 1})
	if err != nil || len(hits) != 1 || hits[0].Key != generated(n).Key() {
		t.Fatalf("record %d is not found by its words: %v, %v", n, hits, err)
	}
	answer, err := in.Engine.Match(ctx, match.Request{ID: "t", Tenant: match.DefaultTenant, Limit: 10,
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Title: generated(n).Patent.Title}})
	if err != nil || !answers(answer, generated(n).Ref) {
		t.Fatalf("record %d is in no answer: %v", n, err)
	}
}

func answers(a *match.Answer, ref match.Ref) bool {
	for _, h := range a.Hits {
		if h.Record.Ref == ref {
			return true
		}
	}
	return false
}

// TestAKilledImportLosesNothingThatWasAcknowledged kills 3 times; DUIJIE_KILLS=50
// makes it the test of 100,000 records.
func TestAKilledImportLosesNothingThatWasAcknowledged(t *testing.T) {
	kills, each := 3, 2000
	if v := os.Getenv("DUIJIE_KILLS"); v != "" {
		var err error
		if kills, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	} else if testing.Short() {
		t.Skip("kills processes for some seconds; run without -short")
	}
	k := &killed{bin: built(t), data: t.TempDir(), total: kills * each, random: rand.New(rand.NewPCG(7, 7))}
	began := time.Now()
	for n := range kills {
		k.round(t, max(1, (k.total-k.done)/(kills-n)))
		k.check(t, false)
		if kills > 10 {
			t.Logf("round %d: %d acknowledged after %.0f s", n+1, k.done, time.Since(began).Seconds())
		}
	}
	out, err := exec.Command(k.bin, "import", "--data", k.data, "--kind", "patents", writeRows(t, k.done, k.total)).CombinedOutput()
	if err != nil {
		t.Fatalf("the import that nobody killed: %v\n%s", err, out)
	}
	t.Logf("%d of %d records were acknowledged in %d rounds: %v ended after a time, after a number of rows, after the last row; %d had ended before the signal; %d records were stored and not acknowledged",
		k.done, k.total, kills, k.ends, k.survived, k.unacked)
	k.done = k.total
	k.check(t, true)
	if out, err := exec.Command(k.bin, "doctor", "--deep", "--data", k.data).CombinedOutput(); err != nil {
		t.Errorf("doctor: %v\n%s", err, out)
	}
}
