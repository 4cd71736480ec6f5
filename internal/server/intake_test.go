package server

import (
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func TestADemandIsAnalyzedByItsWordsOrItsID(t *testing.T) {
	r := start(t, nil)
	r.fill()
	words, err := r.demands().AnalyzeDemand(r.Context(), &pb.AnalyzeDemandRequest{Title: "耐磨涂层", Text: "采用激光熔覆工艺，要求硬度不低于60HRC。"})
	r.ok(err)
	if q := words.GetIntake().GetQuantities(); len(q) != 1 || q[0].GetText() != "60HRC" || q[0].GetProperty() != "硬度" ||
		q[0].GetComparison() != pb.QuantityComparison_QUANTITY_COMPARISON_AT_LEAST || !q[0].GetRequired() {
		t.Errorf("quantities %v", q)
	}
	if words.GetId() != "" || words.GetRevision() != 0 {
		t.Errorf("words have id %q and revision %d", words.GetId(), words.GetRevision())
	}
	stored, err := r.demands().AnalyzeDemand(r.Context(), &pb.AnalyzeDemandRequest{Id: "D2"})
	r.ok(err)
	if stored.GetId() != "D2" || stored.GetRevision() != 1 || len(stored.GetIntake().GetElements()) == 0 {
		t.Errorf("stored: %v", stored)
	}
}

func TestAWriteTellsWhatTheDemandLacks(t *testing.T) {
	r := start(t, nil)
	created, err := r.demands().CreateDemand(r.Context(), &pb.CreateDemandRequest{Demand: &pb.Demand{Id: "J1", Title: "技术需求", Text: "未提供"}})
	r.ok(err)
	if got := created.GetIntake(); got.GetGrade() != "D" || len(got.GetFlags()) == 0 || got.GetFlags()[0] != pb.IntakeFlag_INTAKE_FLAG_NOT_PROVIDED {
		t.Errorf("created: %v", got)
	}
	updated, err := r.demands().UpdateDemand(r.Context(), &pb.UpdateDemandRequest{Demand: &pb.Demand{Id: "J1", Title: "耐磨涂层", Text: "采用激光熔覆工艺制备合金涂层，要求硬度≥60HRC。"}})
	r.ok(err)
	if got := updated.GetIntake(); got.GetGrade() == "D" || len(got.GetFlags()) != 0 {
		t.Errorf("updated: %v", got)
	}
}

func TestWhatCannotBeAnalyzedIsRefused(t *testing.T) {
	r := start(t, nil)
	for name, c := range map[string]struct {
		req   *pb.AnalyzeDemandRequest
		code  codes.Code
		field string
	}{
		"nothing":           {&pb.AnalyzeDemandRequest{}, codes.InvalidArgument, "text"},
		"blanks":            {&pb.AnalyzeDemandRequest{Text: " \n"}, codes.InvalidArgument, "text"},
		"an id and a text":  {&pb.AnalyzeDemandRequest{Id: "D1", Text: "x"}, codes.InvalidArgument, "id"},
		"an unknown demand": {&pb.AnalyzeDemandRequest{Id: "none"}, codes.NotFound, ""},
		"another tenant":    {&pb.AnalyzeDemandRequest{Tenant: "other", Text: "x"}, codes.PermissionDenied, ""},
		"two megabytes":     {&pb.AnalyzeDemandRequest{Text: strings.Repeat("电池", 400_000)}, codes.InvalidArgument, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.demands().AnalyzeDemand(r.Context(), c.req)
			r.refused(err, c.code, c.field)
		})
	}
	got := r.call("POST", "/v1/demands:analyze", `{"text": "😀"}`)
	if got.code != 200 || got.body["intake"].(map[string]any)["grade"] != "D" {
		t.Errorf("emoji: %d %s", got.code, got.text)
	}
}
