package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// sent is a message as it arrives on the other end.
func sent[M proto.Message](t rapid.TB, m M) M {
	raw, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	out := m.ProtoReflect().New().Interface()
	if err := proto.Unmarshal(raw, out); err != nil {
		t.Fatal(err)
	}
	return out.(M)
}

func same(t rapid.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("want −, got +:\n%s", diff)
	}
}

func TestAPatentComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := patents.Draw(t, "patent")
		if err := want.Validate(); err != nil {
			t.Fatalf("the generator is wrong: %v", err)
		}
		same(t, want, readPatent(t, sent(t, ToPatent(&want, match.Accepted, ""))))
	})
}

func TestADemandComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := demands.Draw(t, "demand")
		if err := want.Validate(); err != nil {
			t.Fatalf("the generator is wrong: %v", err)
		}
		same(t, want, readDemand(t, sent(t, ToDemand(&want, match.Failed, "no vector"))))
	})
}

func TestAnEventComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := match.Event{
			ID: "e", Tenant: "t", Request: "r", Demand: "D", Patent: "P", Rank: rapid.IntRange(0, match.MaxDepth).Draw(t, "rank"),
			Side: rapid.SampledFrom([]match.Kind{match.DemandKind, match.PatentKind}).Draw(t, "side"),
			Type: rapid.SampledFrom(match.EventTypes).Draw(t, "type"), Note: rapid.StringMatching(`[a-z电池]{1,9}`).Draw(t, "note"), At: noon,
		}
		if want.Type == match.Rejection {
			want.Reason = rapid.SampledFrom(match.RejectionReasons).Draw(t, "reason")
		}
		if want.Type.AfterContact() {
			want.Rating = rapid.IntRange(0, 5).Draw(t, "rating")
		}
		got, err := FromEvent(sent(t, ToEvent(&want)), "t")
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, got)
	})
}

func TestALabelComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := labels.Draw(t, "label")
		got, err := FromLabel(sent(t, ToLabel(want)), want.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, got)
	})
}

func TestAFilterComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := filters.Draw(t, "filter")
		got, err := FromFilter(sent(t, ToFilter(want)))
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, got)
	})
}

func TestAPlainTextAndAPairComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wantKind := rapid.SampledFrom([]match.Kind{match.PatentKind, match.DemandKind}).Draw(t, "kind")
		wantTexts := match.Texts{Title: names.Draw(t, "title"), Body: words.Draw(t, "body")}
		kind, texts, err := FromPlainText(sent(t, ToPlainText(wantKind, wantTexts)))
		if err != nil {
			t.Fatal(err)
		}
		same(t, wantKind, kind)
		same(t, wantTexts, texts)

		want := match.Pair{
			Demand: match.Ref{Tenant: "t", Kind: match.DemandKind, ID: ids.Draw(t, "demand")},
			Patent: match.Ref{Tenant: "t", Kind: match.PatentKind, ID: ids.Draw(t, "patent")},
		}
		pair, err := FromPair(sent(t, ToPair(want)), "t")
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, pair)
	})
}

func TestAHitComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := hits.Draw(t, "hit")
		same(t, want, readHit(t, sent(t, ToHit(&want))))
	})
}

func TestWhatIsReturnedSharesNothingWithWhatWasGiven(t *testing.T) {
	record := fullPatent()
	message := ToPatent(&record, match.Accepted, "")
	read, err := FromPatent(message, "t")
	if err != nil {
		t.Fatal(err)
	}
	message.Ipc[0], message.Pools[0], message.Attributes["k"] = "X", "X", "X"
	same(t, fullPatent().Patent, record.Patent)
	same(t, fullPatent().Patent, read.Patent)
}

func TestAWriteTakesOnlyTheVisibilityOfInfo(t *testing.T) {
	record := fullPatent()
	message := ToPatent(&record, match.Indexed, "r")
	got, err := FromPatent(message, "mine")
	if err != nil {
		t.Fatal(err)
	}
	want := match.NewPatent("mine", *record.Patent)
	want.Visibility = match.TenantOnly
	same(t, want, got)

	message.Info = nil
	if got, _ = FromPatent(message, "mine"); got.Visibility != match.Public {
		t.Errorf("a patent without info is %q", got.Visibility)
	}
	message.Info = &pb.RecordInfo{}
	if got, _ = FromPatent(message, "mine"); got.Visibility != match.Public {
		t.Errorf("a patent of unspecified visibility is %q", got.Visibility)
	}
}
