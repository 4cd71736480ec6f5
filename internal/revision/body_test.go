package revision

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
)

// filled has every member that readPatent knows.
func filled() match.Patent {
	return match.Patent{
		Number: "CN1", Title: "一种\"电池\"\n<A&B>\\", Abstract: "\u2028摘要 é 😀\t", Claims: "1. x",
		Applicants: []match.Applicant{{Name: "甲大学", Kind: match.University}, {Name: "乙"}},
		Region:     "440300", IPC: []string{"H01M 10/0525", "H01M 4"}, Sector: "s",
		FilingDate: "2020-01-02", PublicationDate: "2021-01-02", GrantDate: "2022-01-02", ExpiryDate: "2040-01-02",
		LegalStatus: match.Granted, Family: "F", TransferModes: []match.TransferMode{match.Licence, match.OpenLicence},
		Fee: &match.MoneyRange{Min: 0, Max: 500_000}, Tier: "A", Pools: []string{"p"}, Readiness: 9, SelfRating: 1,
		Rating: &match.Rating{Mean: 4.25, Count: 7}, Attributes: map[string]string{"": "x", "\n": ""},
	}
}

func TestWhatIsWrittenOfAPatentIsReadTheQuickWay(t *testing.T) {
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(s.Patents, filled(), match.Patent{Number: "CN2", Title: "x"}) {
		body, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var got, want match.Patent
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatal(err)
		}
		if !readPatent(body, &got) {
			t.Errorf("%s is left to encoding/json", body)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func FuzzPatentsAreReadAsEncodingJSONReadsThem(f *testing.F) {
	whole := filled()
	body, err := json.Marshal(whole)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	for _, s := range []string{
		`{"number":"a","title":"b","abstract":"c"}`, `{"number":"a","title":"b","abstract":"c","readiness":-1}`,
		`{"number":"\ud800","title":"\u00e9","abstract":"c"}`, "{\"number\":\"a\",\"title\":\"\x01\",\"abstract\":\"\xff\"}",
		`{"number":"a","title":"b","abstract":"c","readiness":012}`, `{"number":"a","title":"b","abstract":"c","ipc":[]}`,
		`{"number":"a","title":"b","abstract":"c","fee":{"min_cny":1,"max_cny":99999999999999999999}}`,
		`{"number":"a","title":"b","abstract":"c","rating":{"mean":4.,"count":1}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want match.Patent
		if !readPatent(body, &got) {
			return
		}
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("%q is read, encoding/json says %v", body, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-encoding/json +got):\n%s", body, diff)
		}
		wantWritten(t, got)
	})
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// wantWritten compares what appendPatent makes of a patent with what encoding/json does.
func wantWritten(t fataler, p match.Patent) {
	t.Helper()
	want, wantErr := json.Marshal(p)
	got, ok := appendPatent([]byte("before"), &p)
	if !ok {
		return
	}
	if diff := cmp.Diff("before"+string(want), string(got)); diff != "" || wantErr != nil {
		t.Fatalf("%v (-encoding/json +got):\n%s", wantErr, diff)
	}
}

func TestPatentsAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(s.Patents, filled(), match.Patent{}, match.Patent{Number: "CN2", Title: "x"}) {
		wantWritten(t, p)
		if _, ok := appendPatent(nil, &p); !ok {
			t.Errorf("%s is left to encoding/json", p.Number)
		}
	}
	piece := rapid.SampledFrom([]string{"电池", "a", "\"", "\\", "<", ">", "&", "\x00", "\x1f", "\x7f", "\n", "\u2028", "\u2029", "\u2027", "\u00e2", "\xe2", "\xe2\x80", "\xe2\x80\xa8", "\xff", "😀", "\u2e80", "/"})
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, name), "") }
		texts := func(name string) (out []string) {
			for range rapid.IntRange(0, 3).Draw(t, name) {
				out = append(out, text(name))
			}
			return out
		}
		p := match.Patent{Number: text("number"), Title: text("title"), Abstract: text("abstract"), Claims: text("claims"), IPC: texts("ipc"), Pools: texts("pools"), Tier: text("tier"),
			FilingDate: match.Date(text("date")), Readiness: rapid.IntRange(-9, 9).Draw(t, "readiness"), Attributes: map[string]string{text("name"): text("value"), text("name"): text("value")}}
		for _, name := range texts("applicants") {
			p.Applicants = append(p.Applicants, match.Applicant{Name: name, Kind: match.ApplicantKind(text("kind"))})
		}
		for _, mode := range texts("modes") {
			p.TransferModes = append(p.TransferModes, match.TransferMode(mode))
		}
		if rapid.Bool().Draw(t, "rated") {
			p.Rating = &match.Rating{Mean: rapid.Float64().Draw(t, "mean"), Count: rapid.Int().Draw(t, "count")}
		}
		if rapid.Bool().Draw(t, "priced") {
			p.Fee = &match.MoneyRange{Min: rapid.Int64().Draw(t, "min"), Max: rapid.Int64().Draw(t, "max")}
		}
		wantWritten(t, p)
	})
}

func TestTextThatIsNotUTF8IsLeftToEncodingJSON(t *testing.T) {
	for _, s := range []string{"\xff", "\xe2", "\xe2\x80", "电\xe2\x80"} {
		if _, ok := appendPatent(nil, &match.Patent{Title: s}); ok {
			t.Errorf("%q is written", s)
		}
	}
}

func BenchmarkWritePatent(b *testing.B) {
	p := filled()
	b.Run("quick", func(b *testing.B) {
		var room []byte
		for b.Loop() {
			room, _ = appendPatent(room[:0], &p)
		}
	})
	b.Run("json", func(b *testing.B) {
		for b.Loop() {
			_, _ = json.Marshal(&p)
		}
	})
}

func BenchmarkReadPatent(b *testing.B) {
	p := filled()
	body, err := json.Marshal(p)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("quick", func(b *testing.B) {
		for b.Loop() {
			readPatent(body, new(match.Patent))
		}
	})
	b.Run("json", func(b *testing.B) {
		for b.Loop() {
			_ = json.Unmarshal(body, new(match.Patent))
		}
	})
}
