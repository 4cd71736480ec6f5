package segment_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat/flattest"
	"github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/match"
)

var powerSpec = index.Spec{Collection: "patents", Model: "m", Dim: 4, Vectors: []string{"text"}}

// journal is what a crash may leave: for each key the values that it had at the last
// successful flush and later, "" for none.
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

const powerKeys = 30

func keyOf(i int) string { return fmt.Sprint("k", i) }

// session is a seeded sequence of writes, flushes, merges and reopenings on a disk. It
// ends with the first error.
func session(disk *flattest.Disk, seed uint64, j *journal) (err error) {
	ctx, random := context.Background(), rand.New(rand.NewPCG(seed, 1))
	o := segment.Options{SealAt: 6, ClusterAt: 12, SettleAfter: -1, Workers: 1, Disk: disk}
	ix, err := segment.Open("d", powerSpec, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	for step := range 30 {
		switch random.IntN(9) {
		case 0, 1:
			key := keyOf(random.IntN(powerKeys))
			j.attempt(key, "")
			if err = ix.Delete(ctx, []string{key}); err == nil {
				delete(j.now, key)
			}
		case 2:
			if err = ix.Flush(ctx); err == nil {
				clear(j.allowed)
			}
		case 3:
			err = ix.Settle(ctx)
		case 4:
			if err = ix.Close(); err == nil {
				clear(j.allowed)
				var next *segment.Index
				if next, err = segment.Open("d", powerSpec, o); err != nil {
					return err
				}
				ix = next
			}
		default:
			var points []index.Point
			for range 1 + random.IntN(5) {
				key, value := keyOf(random.IntN(powerKeys)), fmt.Sprint("v", step)
				j.attempt(key, value)
				points = append(points, valued(key, value))
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
	return nil
}

func valued(key, value string) index.Point {
	return index.Point{
		Key: key, Vectors: map[string][]float32{"text": {0.6, 0, 0.8, 0}},
		Payload: match.Payload{Tokens: map[string][]string{"value": {value}}},
	}
}

// values reads what an index holds, by its filters, and that nothing is there twice.
func values(t *testing.T, ix *segment.Index) map[string]string {
	t.Helper()
	out := map[string]string{}
	for step := range 31 {
		value := fmt.Sprint("v", step)
		hits, err := ix.Search(t.Context(), index.Query{
			Name: "text", Vector: []float32{1, 0, 0, 0}, Limit: 2 * powerKeys, Exact: step%2 == 0,
			Conditions: []match.Condition{{Field: "value", AnyOf: []string{value}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range hits {
			if out[hit.Key] != "" {
				t.Errorf("%s is there as %s and as %s", hit.Key, out[hit.Key], value)
			}
			out[hit.Key] = value
		}
	}
	if n, err := ix.Count(t.Context(), nil); n != len(out) || err != nil {
		t.Errorf("%d points are counted, %v; %d are found", n, err, len(out))
	}
	return out
}

func TestPowerLossFullDiskOrFailedSyncAtAnyMomentKeepsWhatWasFlushed(t *testing.T) {
	for name, fault := range map[string]flattest.Fault{"power": flattest.Power, "full disk": flattest.Full, "failed sync": flattest.BadSync} {
		for seed := range uint64(3) {
			whole := flattest.New(seed)
			if err := session(whole, seed, newJournal()); err != nil {
				t.Fatal(err)
			}
			for at := 1 + int(seed); at <= whole.Ops(); at += 3 { // the upkeep runs beside it, so it strikes here or nearby
				disk, j := flattest.New(seed*1000+uint64(at)), newJournal()
				disk.Plan(at, fault)
				_ = session(disk, seed, j) // it ends where it cannot go on
				survives(t, disk.AfterPowerLoss(), j, fmt.Sprintf("%s, seed %d, at operation %d of %d", name, seed, at, whole.Ops()))
				if t.Failed() {
					return
				}
			}
		}
	}
}

// survives opens what is left, compares it with the journal, and writes to it.
func survives(t *testing.T, disk *flattest.Disk, j *journal, when string) {
	t.Helper()
	o := segment.Options{SealAt: 6, ClusterAt: 12, SettleAfter: -1, Disk: disk}
	ix, err := segment.Open("d", powerSpec, o)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	have := values(t, ix)
	for i := range powerKeys {
		key := keyOf(i)
		if ok := j.allowed[key]; ok != nil && ok[have[key]] || ok == nil && have[key] == j.now[key] {
			continue
		}
		t.Errorf("%s: %s is %q; it was %q when it was flushed, with %v later", when, key, have[key], j.now[key], j.allowed[key])
	}
	err = errors.Join(ix.Upsert(t.Context(), []index.Point{valued("after", "v30")}), ix.Settle(t.Context()), ix.Close())
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	again, err := segment.Open("d", powerSpec, segment.Options{SettleAfter: -1, Disk: disk.AfterPowerLoss()})
	if err != nil {
		t.Fatalf("%s, and again: %v", when, err)
	}
	if got := values(t, again); len(got) != len(have)+1 {
		t.Errorf("%s, and again: %d points, want %d", when, len(got), len(have)+1)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
