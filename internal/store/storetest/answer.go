package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var answerTests = []test{
	{"come back as they were kept, in the order of what is asked for", func(t *testing.T, s store.Store) {
		full := match.Kept{
			RequestID: "r/1 ü", Tenant: tenant, At: time.Date(2026, 3, 4, 5, 6, 7, 89_000, time.UTC),
			Query:  match.KeptQuery{Kind: match.DemandKind, TextHash: match.HashOfTexts(match.Texts{Body: "电池"}), Texts: &match.Texts{Title: "a", Body: "电池"}},
			Filter: match.Filter{Regions: []string{"44"}, TransferModes: []match.TransferMode{match.OpenLicence}}, Limit: 10, Offset: 20, Explain: true,
			Versions: match.Versions{Binary: "1", Embedder: "e", Ranker: "r", Catalog: 7},
			Hits:     []match.KeptHit{{ID: "CN1", Revision: 3, Rank: 21, Value: 0.5, Logit: 0.1}, {Tenant: "other", ID: "CN2", Revision: 1, Rank: 22}},
			Sent:     []byte{0, 1, 2, 255},
		}
		least := match.Kept{RequestID: "r2", Tenant: tenant, At: time.UnixMicro(0).UTC(), Query: match.KeptQuery{Kind: match.PatentKind, ID: "CN1", Revision: 1}}
		keep(t, s, full, least)
		got, err := s.Answers(t.Context(), tenant, []string{"r2", "none", "r/1 ü", "\xff", "r2"})
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "answers", []*match.Kept{&least, nil, &full, nil, &least}, got)
		if got, err := s.Answers(t.Context(), "another", []string{"r2"}); err != nil || got[0] != nil {
			t.Errorf("another tenant reads %v, %v", got[0], err)
		}
	}},
	{"one with the same request id does not take the place of the former", func(t *testing.T, s store.Store) {
		first, second := kept("r1", 1), kept("r1", 2)
		keep(t, s, first, kept("r2", 3), second)
		diff(t, "in one call", []string{"1", "3"}, ranksOf(t, s, "r1", "r2"))
		keep(t, s, second, kept("r3", 4))
		diff(t, "in another", []string{"1", "3", "4"}, ranksOf(t, s, "r1", "r2", "r3"))
	}},
	{"those that are too old or too many are forgotten, the oldest first", func(t *testing.T, s store.Store) {
		for i := range 10 {
			keep(t, s, kept(fmt.Sprint("r", i), i))
		}
		before := kept("", 3).At // r0, r1 and r2 are older
		forget := func(before time.Time, most int64, limit, want int) {
			t.Helper()
			if n, err := s.ForgetAnswers(t.Context(), before, most, limit); err != nil || n != want {
				t.Errorf("%d are forgotten, %v; want %d", n, err, want)
			}
		}
		forget(before, 100, 2, 2)
		forget(before, 100, 2, 1)
		forget(before, 100, 2, 0)
		diff(t, "left by age", []string{"-", "-", "-", "3", "4", "5", "6", "7", "8", "9"}, ranksOf(t, s, "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"))
		keep(t, s, kept("r10", 10))
		forget(before, 2, 100, 6)
		diff(t, "left by number", []string{"-", "-", "-", "-", "-", "-", "9", "10"}, ranksOf(t, s, "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10"))
		forget(before, 2, 100, 0)
		_, err := s.ForgetAnswers(t.Context(), before, 2, 0)
		wantKind(t, err, match.Invalid)
	}},
	{"a canceled context keeps nothing", func(t *testing.T, s store.Store) {
		wantKind(t, s.KeepAnswers(canceled(t), []match.Kept{kept("r1", 1)}), match.Canceled)
		_, err := s.Answers(canceled(t), tenant, []string{"r1"})
		wantKind(t, err, match.Canceled)
		diff(t, "kept", []string{"-"}, ranksOf(t, s, "r1"))
	}},
}

// kept is an answer whose only hit has the rank n, of n seconds after a day.
func kept(request string, n int) match.Kept {
	return match.Kept{RequestID: request, Tenant: tenant, At: time.Date(2026, 5, 1, 0, 0, n, 0, time.UTC),
		Query: match.KeptQuery{Kind: match.DemandKind, ID: "D1", Revision: 1}, Hits: []match.KeptHit{{ID: "CN1", Revision: 1, Rank: n}}}
}

func keep(t *testing.T, s store.Store, answers ...match.Kept) {
	t.Helper()
	if err := s.KeepAnswers(t.Context(), answers); err != nil {
		t.Fatalf("KeepAnswers: %v", err)
	}
}

// ranksOf gives the rank in each answer of kept, and "-" where there is none.
func ranksOf(t *testing.T, s store.Store, requests ...string) []string {
	t.Helper()
	got, err := s.Answers(t.Context(), tenant, requests)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(got))
	for i, k := range got {
		out[i] = "-"
		if k != nil {
			out[i] = fmt.Sprint(k.Hits[0].Rank)
		}
	}
	return out
}
