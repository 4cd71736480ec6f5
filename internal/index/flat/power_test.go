package flat_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/index/flat/flattest"
	"github.com/duijie/duijie/internal/match"
)

var powerSpec = index.Spec{Collection: "patents", Model: "m", Dim: 4, Vectors: []string{"text"}}

// journal is what a crash may leave: for each key the values that it had at the
// last successful flush and later, "" for none.
type journal struct {
	now     map[string]string
	allowed map[string]map[string]bool
}

func newJournal() *journal { return &journal{map[string]string{}, map[string]map[string]bool{}} }

// attempt notes a value that may or may not have come through.
func (j *journal) attempt(key, value string) {
	if j.allowed[key] == nil {
		j.allowed[key] = map[string]bool{j.now[key]: true}
	}
	j.allowed[key][value] = true
}

func (j *journal) flushed() { clear(j.allowed) }

func (j *journal) check(t *testing.T, have map[string]string) {
	t.Helper()
	keys := maps.Clone(j.now)
	maps.Copy(keys, have)
	for key := range keys {
		if ok := j.allowed[key]; ok != nil && ok[have[key]] || ok == nil && have[key] == j.now[key] {
			continue
		}
		t.Errorf("%s is %q; it was %q when it was flushed, with %v later", key, have[key], j.now[key], j.allowed[key])
	}
}

// session is a seeded sequence of writes, flushes and reopenings on a disk. It
// ends with the first error.
func session(disk *flattest.Disk, seed uint64, j *journal) error {
	ctx, random := context.Background(), rand.New(rand.NewPCG(seed, 1))
	ix, err := flat.OpenOn(disk, "d", powerSpec)
	if err != nil {
		return err
	}
	for step := range 40 {
		switch random.IntN(8) {
		case 0:
			key := fmt.Sprint("k", random.IntN(6))
			j.attempt(key, "")
			if err = ix.Delete(ctx, []string{key}); err == nil {
				delete(j.now, key)
			}
		case 1, 2:
			if err = ix.Flush(ctx); err == nil {
				j.flushed()
			}
		case 3:
			if err = ix.Close(); err == nil { // and with it a flush, and now and then a new log
				j.flushed()
				ix, err = flat.OpenOn(disk, "d", powerSpec)
			}
		default:
			var points []index.Point
			for range 1 + random.IntN(3) {
				key, value := fmt.Sprint("k", random.IntN(6)), fmt.Sprint("v", step)
				j.attempt(key, value)
				points = append(points, index.Point{
					Key: key, Vectors: map[string][]float32{"text": {1, 0, 0, 0}},
					Payload: match.Payload{Tokens: map[string][]string{"value": {value}, "bulk": {strings.Repeat("很长", random.IntN(200))}}},
				})
			}
			if err = ix.Upsert(ctx, points); err == nil {
				for _, p := range points {
					j.now[p.Key] = p.Payload.Tokens["value"][0]
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return ix.Close()
}

func values(t *testing.T, ix *flat.Index) map[string]string {
	t.Helper()
	out := map[string]string{}
	for step := range 41 {
		value := fmt.Sprint("v", step)
		for k := range 6 {
			key := fmt.Sprint("k", k)
			n, err := ix.Count(t.Context(), []match.Condition{{Field: "value", AnyOf: []string{value}}})
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
			hits, err := ix.Search(t.Context(), index.Query{Name: "text", Vector: []float32{1, 0, 0, 0}, Limit: 10,
				Conditions: []match.Condition{{Field: "value", AnyOf: []string{value}}}})
			if err != nil {
				t.Fatal(err)
			}
			for _, hit := range hits {
				if hit.Key == key {
					out[key] = value
				}
			}
		}
	}
	return out
}

func TestPowerLossAtAnyOperationKeepsWhatWasFlushed(t *testing.T) {
	for seed := range uint64(6) {
		whole := flattest.New(seed)
		if err := session(whole, seed, newJournal()); err != nil {
			t.Fatal(err)
		}
		for at := 1; at <= whole.Ops(); at++ {
			disk, j := flattest.New(seed*1000+uint64(at)), newJournal()
			disk.Plan(at, flattest.Power)
			if err := session(disk, seed, j); err == nil {
				t.Fatalf("operation %d did not lose its power", at)
			}
			survives(t, disk.AfterPowerLoss(), j, fmt.Sprintf("seed %d, power lost at operation %d of %d", seed, at, whole.Ops()))
			if t.Failed() {
				return
			}
		}
	}
}

// survives opens what is left, and writes to it, and loses power again.
func survives(t *testing.T, disk *flattest.Disk, j *journal, when string) {
	t.Helper()
	ix, err := flat.OpenOn(disk, "d", powerSpec)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	have := values(t, ix)
	j.check(t, have)
	if err := ix.Upsert(t.Context(), []index.Point{{Key: "after", Vectors: map[string][]float32{"text": {0, 1, 0, 0}}}}); err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	if err := ix.Flush(t.Context()); err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	again, err := flat.OpenOn(disk.AfterPowerLoss(), "d", powerSpec)
	if err != nil {
		t.Fatalf("%s, and again: %v", when, err)
	}
	if n, err := again.Count(t.Context(), nil); n != len(have)+1 || err != nil {
		t.Errorf("%s, and again: %d points, %v; want %d", when, n, err, len(have)+1)
	}
	if t.Failed() {
		t.Log(when)
	}
}

func TestFullDiskOrFailedSyncAtAnyOperationKeepsWhatWasFlushed(t *testing.T) {
	for name, fault := range map[string]flattest.Fault{"full disk": flattest.Full, "failed sync": flattest.BadSync} {
		whole := flattest.New(3)
		if err := session(whole, 3, newJournal()); err != nil {
			t.Fatal(err)
		}
		for at := 1; at <= whole.Ops(); at++ {
			disk, j := flattest.New(uint64(at)), newJournal()
			disk.Plan(at, fault)
			_ = session(disk, 3, j) // it may end here, or go on where an index could
			survives(t, disk.AfterPowerLoss(), j, fmt.Sprintf("%s at operation %d", name, at))
			if t.Failed() {
				return
			}
		}
	}
}
