package storetest

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var conditionTests = []test{
	{"IfRevision is checked against the newest revision", func(t *testing.T, s store.Store) {
		conflict := result{Change: store.Refused, Kind: match.Conflict}
		a, b := patent("CN1", "一"), patent("CN1", "二")
		for i, step := range []struct {
			item store.Item
			want result
		}{
			{writeIf(a, 1), conflict}, // does not exist
			{writeIf(a, -1), result{Change: store.Created, Revision: 1}},
			{writeIf(a, -1), conflict}, // exists, equal as it may be
			{writeIf(b, 2), conflict},
			{writeIf(a, 2), conflict}, // equal, and still not what the caller thinks it is
			{writeIf(b, 1), result{Change: store.Updated, Revision: 2}},
			{writeIf(b, 2), result{Change: store.Unchanged, Revision: 2}},
			{writeIf(a, 0), result{Change: store.Updated, Revision: 3}},
			{withdrawIf(a.Ref, 2), conflict},
			{withdrawIf(a.Ref, -1), conflict},
			{withdrawIf(a.Ref, 3), result{Change: store.Withdrawn, Revision: 4}},
			{writeIf(a, 3), conflict},
			{writeIf(a, -1), result{Change: store.Updated, Revision: 5}}, // withdrawn is as good as absent
			{withdrawIf(a.Ref, 5), result{Change: store.Withdrawn, Revision: 6}},
			{writeIf(b, 6), result{Change: store.Updated, Revision: 7}},
			{writeIf(b, -2), conflict}, // no revision has such a number
		} {
			diff(t, numbered("step ", i), []result{step.want}, results(put(t, s, step.item)))
		}
	}},
	{"of two writers that saw the same revision one wins", func(t *testing.T, s store.Store) {
		put(t, s, write(patent("CN1", "零")))
		got := results(put(t, s, writeIf(patent("CN1", "一"), 1), writeIf(patent("CN1", "二"), 1)))
		diff(t, "outcomes", []result{{Change: store.Updated, Revision: 2}, {Change: store.Refused, Kind: match.Conflict}}, got)
		diff(t, "title", "一", get(t, s, patent("CN1", "").Ref)[0].Patent.Title)
	}},
}

func withdrawIf(ref match.Ref, revision int64) store.Item {
	item := withdraw(ref)
	item.IfRevision = revision
	return item
}

var refusalTests = []test{
	{"bad items with kind and field, and writes the others", func(t *testing.T, s store.Store) {
		badFee := fullPatent("CN2")
		badFee.Patent.Fee = &match.MoneyRange{Min: -1}
		wrongID := patent("CN3", "三")
		wrongID.ID = "CN4"
		noTenant := patent("CN5", "五")
		noTenant.Tenant = ""
		foreign := patent("CN6", "六")
		foreign.Tenant = "another"
		noBody := match.Record{Ref: patent("CN7", "").Ref, Visibility: match.Public}
		noVisibility := patent("CN8", "八")
		noVisibility.Visibility = ""
		badText := patent("CN9", "九")
		badText.Patent.Abstract = "\xff"
		noKind := patent("CN10", "十")
		noKind.Kind = "trademark"
		invalid := func(field string) result {
			return result{Change: store.Refused, Kind: match.Invalid, Field: field}
		}
		got := put(t, s, write(patent("CN1", "一")), write(badFee), write(wrongID), write(noTenant), write(foreign),
			write(noBody), write(noVisibility), write(badText), write(noKind), withdraw(noKind.Ref),
			withdraw(match.Ref{Tenant: tenant, Kind: match.PatentKind, ID: "CN99"}), write(demand("D1", "一")))
		diff(t, "outcomes", []result{
			{Change: store.Created, Revision: 1},
			invalid("fee.min_cny"), invalid("number"), invalid("tenant"), invalid("tenant"),
			invalid(""), invalid("visibility"), invalid("abstract"), invalid("kind"), invalid("kind"),
			{Change: store.Refused, Kind: match.NotFound},
			{Change: store.Created, Revision: 1},
		}, results(got))
		for i, r := range get(t, s, refsOf(got)...) {
			if written := got[i].Err == nil; written != (r != nil) {
				t.Errorf("%v: outcome %s, stored %v", got[i].Ref, got[i].Change, r != nil)
			}
		}
	}},
	{"an item without using up a revision", func(t *testing.T, s store.Store) {
		bad := patent("CN1", "")
		got := put(t, s, write(patent("CN1", "一")), write(bad), write(patent("CN1", "二")))
		diff(t, "outcomes", []result{
			{Change: store.Created, Revision: 1},
			{Change: store.Refused, Kind: match.Invalid, Field: "title"},
			{Change: store.Updated, Revision: 2},
		}, results(got))
	}},
}

func refsOf(outcomes []store.Outcome) []match.Ref {
	out := make([]match.Ref, len(outcomes))
	for i, o := range outcomes {
		out[i] = o.Ref
	}
	return out
}
