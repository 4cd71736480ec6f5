package sqlite

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const batchSize = 500

// BenchmarkPut writes new patents, on disk when Put returns. One operation is a batch.
func BenchmarkPut(b *testing.B) {
	s := open(b, b.TempDir())
	defer s.Close()
	n := 0
	for b.Loop() {
		b.StopTimer()
		batch := patents(n, batchSize)
		n += batchSize
		b.StartTimer()
		if _, err := s.Put(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}

// BenchmarkPutUnchanged writes what is stored already.
func BenchmarkPutUnchanged(b *testing.B) {
	s := open(b, b.TempDir())
	defer s.Close()
	batch := patents(0, batchSize)
	for b.Loop() {
		if _, err := s.Put(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}

// BenchmarkGet reads 100 records at random places of 20,000, as an answer does.
func BenchmarkGet(b *testing.B) {
	const stored, wanted = 20_000, 100
	s := open(b, b.TempDir())
	defer s.Close()
	for n := 0; n < stored; n += batchSize {
		if _, err := s.Put(b.Context(), patents(n, batchSize)); err != nil {
			b.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	refs := make([]match.Ref, wanted)
	for b.Loop() {
		for i := range refs {
			refs[i] = match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: number(random.IntN(stored))}
		}
		if _, err := s.Get(b.Context(), refs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*wanted)/b.Elapsed().Seconds(), "records/s")
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N*batchSize)/b.Elapsed().Seconds(), "records/s")
}

// patents gives a batch of patents with abstracts of 300 characters.
func patents(from, n int) store.Batch {
	batch := store.Batch{Tenant: match.DefaultTenant}
	for i := from; i < from+n; i++ {
		p := match.Patent{
			Number: number(i), Title: fmt.Sprintf("一种高韧性复合材料及其制备方法（%d）", i),
			Abstract:   strings.Repeat("本发明公开了一种复合材料，", 24)[:900],
			Applicants: []match.Applicant{{Name: "某某大学", Kind: match.University}}, Region: "440300",
			IPC: []string{"C08L 23/12", "C08K 7/14"}, FilingDate: "2021-03-04", LegalStatus: match.Granted,
		}
		batch.Items = append(batch.Items, store.Item{Record: match.NewPatent(match.DefaultTenant, p)})
	}
	return batch
}

// number scatters neighbours over the index of ids, as real numbers are.
func number(i int) string { return fmt.Sprintf("CN%012dA", uint64(i)*0x9e3779b97f4a7c15%1e12) }
