package match_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

func TestOneNumberHasOneForm(t *testing.T) {
	for want, all := range map[string][]string{
		"CN202110312047B": {
			"CN202110312047B", "CN202110312047.B", "ZL202110312047.B", "cn202110312047b", "ＣＮ２０２１１０３１２０４７Ｂ", " CN 2021 1031 2047 B ", "CN-202110312047-B",
			"CN\u3000202110312047．Ｂ", "zl202110312047b", "CN 2021/10312047 B\ufeff",
		},
		"CN202110312047.5": {"CN202110312047.5", "ZL 2021 1 0312047.5", "zl202110312047.5"},
		"CN202110312047.X": {"cn202110312047.x", "ZL202110312047.X"},
		"CN85100001":       {"ZL85100001", "CN 85100001"},
		"US20210123456A1":  {"US 2021/0123456 A1", "us20210123456a1"},
		"WO2021123456A1":   {"WO 2021/123456 A1"},
		"EP1234567B1":      {"EP 1 234 567 B1"},
		// What is none stays as it is.
		"ZL-1": {"ZL-1"}, "p-001": {"p-001"}, "专利-1": {"专利-1"}, "HT-2024-001": {"HT-2024-001"}, "PCT/CN2021/078543": {"PCT/CN2021/078543"}, "CN1": {"CN1"}, "CN 2": {"CN 2"},
		"202110312047.5": {"202110312047.5"}, "": {""},
	} {
		for _, in := range all {
			if got := match.NormaliseNumber(in); got != want {
				t.Errorf("%q is %q, want %q", in, got, want)
			}
			if got := match.RefOf("lab", match.PatentKind, in).ID; got != want {
				t.Errorf("%q is looked up as %q, want %q", in, got, want)
			}
			if got := match.NewPatent("lab", match.Patent{Number: in}); got.ID != want || got.Patent.Number != want {
				t.Errorf("%q is stored as %q with the number %q, want %q", in, got.ID, got.Patent.Number, want)
			}
		}
	}
	if got := match.RefOf("lab", match.DemandKind, "cn 202110312047b").ID; got != "cn 202110312047b" {
		t.Errorf("the id of a demand becomes %q", got)
	}
}

func TestANormalNumberStaysAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`(CN|ZL|us|Ｗ?O)[ -]?[0-9]{5,14}[.．]?[0-9XB]?[A-Z]?[0-9]?`)).Draw(t, "number")
		once := match.NormaliseNumber(s)
		if again := match.NormaliseNumber(once); again != once {
			t.Fatalf("%q is %q, and then %q", s, once, again)
		}
	})
}

func TestAnIdThatASpreadsheetHasShortenedIsRefused(t *testing.T) {
	for id, ok := range map[string]bool{"1.20211E+11": false, "2e+11": false, "1.2E+11B": true, "E+11": true, "CN1.2E+11": true} {
		p := match.NewPatent("lab", match.Patent{Number: id, Title: "t"})
		d := match.NewDemand("lab", match.Demand{ID: id, Title: "t"})
		for _, err := range []error{p.Validate(), d.Validate()} {
			if (err == nil) != ok {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}
