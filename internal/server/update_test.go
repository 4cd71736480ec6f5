package server

import (
	"fmt"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// masked changes the named fields of CN1 to those of a patent with title and tier.
func masked(title string, paths ...string) *pb.UpdatePatentRequest {
	return &pb.UpdatePatentRequest{
		Patent:     &pb.Patent{Number: "CN1", Title: title, Tier: "A"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: paths},
	}
}

func TestAMaskTakesTheNamedFields(t *testing.T) {
	r := start(t, nil)
	r.fill()
	got, err := r.patents().UpdatePatent(t.Context(), masked("改", "tier", "region"))
	r.ok(err)
	p := got.GetPatent()
	if p.GetTier() != "A" || p.GetRegion() != "" || p.GetTitle() != "一种锂离子电池正极材料及其制备方法" || p.GetInfo().GetRevision() != 2 {
		t.Errorf("got %v", p)
	}
	req := masked("改", "title")
	req.IfRevision = 1
	_, err = r.patents().UpdatePatent(t.Context(), req)
	r.refused(err, codes.Aborted, "")
	req.IfRevision = 2
	_, err = r.patents().UpdatePatent(t.Context(), req)
	r.ok(err)
}

func TestAnUpdateMayCreateWhatIsMissing(t *testing.T) {
	r := start(t, nil)
	req := masked("新", "title")
	req.AllowMissing = true
	req.IdempotencyKey = "k"
	for range 2 {
		got, err := r.patents().UpdatePatent(t.Context(), req)
		r.ok(err)
		if p := got.GetPatent(); p.GetTitle() != "新" || p.GetTier() != "" || p.GetInfo().GetRevision() != 1 {
			t.Errorf("got %v", p)
		}
	}
}

func TestUpdatesOfDifferentFieldsAtOnceAreAllKept(t *testing.T) {
	r := start(t, nil)
	r.fill()
	var wg sync.WaitGroup
	for i := range maxTries { // each try lets at least one of them through
		wg.Go(func() {
			_, err := r.patents().UpdatePatent(t.Context(), &pb.UpdatePatentRequest{
				Patent:         &pb.Patent{Number: "CN1", Tier: "A", Family: "F", Sector: "S", Readiness: 5, Claims: "权"},
				UpdateMask:     &fieldmaskpb.FieldMask{Paths: []string{[]string{"tier", "family", "sector", "readiness", "claims"}[i]}},
				IdempotencyKey: fmt.Sprint("key", i),
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := r.patents().GetPatent(t.Context(), &pb.GetPatentRequest{Number: "CN1"})
	r.ok(err)
	p := got.GetPatent()
	if p.GetTier() != "A" || p.GetFamily() != "F" || p.GetSector() != "S" || p.GetReadiness() != 5 || p.GetClaims() != "权" || p.GetInfo().GetRevision() != 6 {
		t.Errorf("got %v", p)
	}
}

func TestARepetitionWithTheSameKeyWritesNothing(t *testing.T) {
	r := start(t, nil)
	ctx := t.Context()
	create := &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "电池"}, IdempotencyKey: "create"}
	merge := masked("", "tier")
	merge.IdempotencyKey = "merge"
	based := masked("新", "title")
	based.IfRevision, based.IdempotencyKey = 2, "based"
	whole := &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "全"}, IdempotencyKey: "whole"}
	steps := []func() (*pb.Patent, error){
		func() (*pb.Patent, error) {
			got, err := r.patents().CreatePatent(ctx, create)
			return got.GetPatent(), err
		},
		func() (*pb.Patent, error) {
			got, err := r.patents().UpdatePatent(ctx, merge)
			return got.GetPatent(), err
		},
		func() (*pb.Patent, error) {
			got, err := r.patents().UpdatePatent(ctx, based)
			return got.GetPatent(), err
		},
		func() (*pb.Patent, error) {
			got, err := r.patents().UpdatePatent(ctx, whole)
			return got.GetPatent(), err
		},
	}
	for last := range steps {
		for n, step := range steps[:last+1] { // the new one, after all the earlier ones again
			got, err := step()
			r.ok(err)
			if rev := got.GetInfo().GetRevision(); rev != int64(n+1) {
				t.Errorf("step %d after step %d gives revision %d", n, last, rev)
			}
		}
	}
	for range 2 {
		got, err := r.patents().WithdrawPatent(ctx, &pb.WithdrawPatentRequest{Number: "CN1", IdempotencyKey: "withdraw"})
		r.ok(err)
		if rev := got.GetPatent().GetInfo().GetRevision(); rev != 5 {
			t.Errorf("withdrawn at revision %d", rev)
		}
	}
	other := masked("别", "title")
	other.IdempotencyKey = "create"
	other.AllowMissing = true
	_, err := r.patents().UpdatePatent(ctx, other)
	r.refused(err, codes.Aborted, "")
	create.Patent.Title = "别的"
	_, err = r.patents().CreatePatent(ctx, create)
	r.refused(err, codes.Aborted, "")
}
