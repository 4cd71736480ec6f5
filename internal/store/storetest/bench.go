package storetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const benchBatch = 500

// Benchmark measures a store; open makes an empty one. Put writes new patents, on disk
// when it returns, and PutUnchanged what is stored already; one operation of the two is
// a batch of 500. Get reads 100 records at random places of 20,000, as an answer does.
func Benchmark(b *testing.B, open func(testing.TB) store.Store) {
	for _, of := range []struct {
		name string
		run  func(*testing.B, store.Store)
	}{{"Put", benchPut}, {"PutUnchanged", benchPutUnchanged}, {"Get", benchGet}} {
		b.Run(of.name, func(b *testing.B) {
			s := open(b)
			defer func() {
				if err := s.Close(); err != nil {
					b.Errorf("closing the store: %v", err)
				}
			}()
			of.run(b, s)
		})
	}
}

func benchPut(b *testing.B, s store.Store) {
	n := 0
	for b.Loop() {
		b.StopTimer()
		batch := Patents(n, benchBatch)
		n += benchBatch
		b.StartTimer()
		if _, err := s.Put(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	benchRate(b)
}

func benchPutUnchanged(b *testing.B, s store.Store) {
	batch := Patents(0, benchBatch)
	for b.Loop() {
		if _, err := s.Put(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	benchRate(b)
}

func benchGet(b *testing.B, s store.Store) {
	const stored, wanted = 20_000, 100
	for n := 0; n < stored; n += benchBatch {
		if _, err := s.Put(b.Context(), Patents(n, benchBatch)); err != nil {
			b.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	refs := make([]match.Ref, wanted)
	for b.Loop() {
		for i := range refs {
			refs[i] = match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: benchNumber(random.IntN(stored))}
		}
		if _, err := s.Get(b.Context(), refs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*wanted)/b.Elapsed().Seconds(), "records/s")
}

func benchRate(b *testing.B) {
	b.ReportMetric(float64(b.N*benchBatch)/b.Elapsed().Seconds(), "records/s")
}

// Patents gives a batch of n patents, numbered on from "from", with abstracts of 300 characters.
func Patents(from, n int) store.Batch {
	batch := store.Batch{Tenant: match.DefaultTenant}
	for i := from; i < from+n; i++ {
		p := match.Patent{
			Number: benchNumber(i), Title: fmt.Sprintf("一种高韧性复合材料及其制备方法（%d）", i),
			Abstract:   strings.Repeat("本发明公开了一种复合材料，", 24)[:900],
			Applicants: []match.Applicant{{Name: "某某大学", Kind: match.University}}, Region: "440300",
			IPC: []string{"C08L 23/12", "C08K 7/14"}, FilingDate: "2021-03-04", LegalStatus: match.Granted,
		}
		batch.Items = append(batch.Items, store.Item{Record: match.NewPatent(match.DefaultTenant, p)})
	}
	return batch
}

// benchNumber scatters neighbours over the index of ids, as real numbers are.
func benchNumber(i int) string { return fmt.Sprintf("CN%012dA", uint64(i)*0x9e3779b97f4a7c15%1e12) }
