package wire

import (
	"math"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

func TestAHitDoesNotShowConfidentialFields(t *testing.T) {
	for _, field := range match.ConfidentialFields {
		record := fullDemand()
		record.Demand.Confidential = []string{field}
		redacted := record
		redacted.Demand = record.Demand.Redacted()
		got := ToHit(&match.Hit{Record: record}).GetDemand()
		sameMessage(t, ToDemand(&redacted, match.Indexed, ""), got)
		if v := leaves(got, []string{field})[field]; v != "" {
			t.Errorf("%s shows %q", field, v)
		}
		same(t, fullDemand().Demand.Enterprise, record.Demand.Enterprise)
	}
}

func TestADegradedPartIsNamedApartFromTheReason(t *testing.T) {
	got := ToDegraded([]string{"embedder: dial: refused", "lexical"})
	want := []*pb.Degradation{{Part: "embedder", Reason: "dial: refused"}, {Part: "lexical"}}
	for i := range want {
		sameMessage(t, want[i], got[i])
	}
}

func TestTimesThatAreNotKnownOrNotValidAreLeftOut(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if got := ToUnsearchable(store.Failure{RetryAt: at}).RetryTime; got != nil {
			t.Errorf("%s is written as %s", at, got)
		}
	}
	_, err := FromLabel(&pb.Label{DemandId: "D", PatentNumber: "P", Level: 1, Time: &timestamppb.Timestamp{Seconds: math.MaxInt64}}, "t")
	if err == nil || err.Error() != "label.time: is not a time between the years 1 and 9999" {
		t.Error(err)
	}
}

func TestCountsStayInsideWhatTheWireCarries(t *testing.T) {
	for n, want := range map[int]int32{0: 0, -1: -1, math.MaxInt64: math.MaxInt32, math.MinInt64: math.MinInt32} {
		if got := int32Of(n); got != want {
			t.Errorf("%d is written as %d", n, got)
		}
	}
}

func TestALabelWithoutASourceIsAnExperts(t *testing.T) {
	got, err := FromLabel(&pb.Label{DemandId: "D", PatentNumber: "P", Level: 3}, "t")
	if err != nil {
		t.Fatal(err)
	}
	same(t, match.Label{Tenant: "t", Demand: "D", Patent: "P", Level: match.RatherGoodFit, Source: match.ExpertSource}, got)
}
