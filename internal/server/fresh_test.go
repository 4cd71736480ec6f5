package server

import (
	"fmt"
	"slices"
	"testing"
	"time"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// freshness is how soon a write must show in the answers.
const freshness = time.Second

// finds tells whether a match for a demand's words has the patent.
func (r *rig) finds(words, number string) bool {
	r.Helper()
	got, err := r.matches().Match(r.Context(), byText(&pb.PlainText{Body: words}))
	r.ok(err)
	return slices.ContainsFunc(got.GetHits(), func(h *pb.Hit) bool { return h.GetPatent().GetNumber() == number })
}

// within waits until matches find a patent, or find it no more.
func (r *rig) within(words, number string, want bool) {
	r.Helper()
	for began := time.Now(); r.finds(words, number) != want; time.Sleep(5 * time.Millisecond) {
		if took := time.Since(began); took > freshness {
			r.Fatalf("%s found %t after %v", number, !want, took)
		}
	}
}

func TestWritesShowInTheAnswersWithinASecond(t *testing.T) {
	r := start(t, nil)
	r.fill()
	for n := range 5 {
		number := fmt.Sprint("CN-NEW", n)
		words := fmt.Sprintf("海水淡化反渗透膜第%d型", n)
		_, err := r.patents().BatchWritePatents(t.Context(), &pb.BatchWritePatentsRequest{Patents: []*pb.Patent{{Number: number, Title: words}}})
		r.ok(err)
		r.within(words, number, true)
		_, err = r.patents().UpdatePatent(t.Context(), &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: number, Title: "水稻插秧机"}})
		r.ok(err)
		r.within("水稻插秧机", number, true)
		_, err = r.patents().WithdrawPatent(t.Context(), &pb.WithdrawPatentRequest{Number: number})
		r.ok(err)
		if r.finds("水稻插秧机", number) {
			t.Errorf("%s is found after it was withdrawn", number)
		}
		_, err = r.patents().CreatePatent(t.Context(), &pb.CreatePatentRequest{Patent: &pb.Patent{Number: number, Title: words}})
		r.ok(err)
		r.within(words, number, true)
	}
}

func TestWithdrawalsShowAtOnceWhileAnImportRuns(t *testing.T) {
	r := start(t, nil)
	r.fill()
	in := r.imports(t.Context())
	for n := range 6 {
		var list []*pb.Patent
		for i := range 500 {
			list = append(list, &pb.Patent{Number: fmt.Sprintf("X%d-%d", n, i), Title: fmt.Sprintf("一种锂离子电池 %d %d", n, i)})
		}
		in.acked(&pb.ImportPatentsRequest{Sequence: int64(n + 1), Patents: list})
	}
	_, err := r.patents().WithdrawPatent(t.Context(), &pb.WithdrawPatentRequest{Number: "CN3"})
	r.ok(err)
	if r.finds("水稻秸秆还田机", "CN3") {
		t.Error("found after it was withdrawn")
	}
	r.within("水稻秸秆还田机", "CN3", false)
	got, err := r.matches().Match(t.Context(), byPatent("CN1"))
	r.ok(err)
	if len(got.GetHits()) == 0 {
		t.Error("no demand for a patent")
	}
	_, err = r.demands().WithdrawDemand(t.Context(), &pb.WithdrawDemandRequest{Id: "D1"})
	r.ok(err)
	got, err = r.matches().Match(t.Context(), byPatent("CN1"))
	r.ok(err)
	for _, h := range got.GetHits() {
		if h.GetDemand().GetId() == "D1" {
			t.Error("a demand is found after it was withdrawn")
		}
	}
}
