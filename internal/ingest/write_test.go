package ingest

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

func TestLinesHaveTheFieldsInTheirOrder(t *testing.T) {
	r := match.NewPatent("lab", match.Patent{Number: "CN1", Title: "<锂> & 电池", Attributes: map[string]string{"b": "2", "a": "1"}})
	r.Visibility, r.Withdrawn = match.Private, true
	var b bytes.Buffer
	if err := WriteJSONL(&b, r); err != nil {
		t.Fatal(err)
	}
	want := `{"number":"CN1","title":"<锂> & 电池","abstract":"","attributes":{"a":"1","b":"2"},"tenant":"lab","visibility":"private","withdrawn":true}` + "\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}

func TestAnInvalidRecordIsNotWritten(t *testing.T) {
	var b bytes.Buffer
	err := WriteJSONL(&b, match.NewPatent("lab", match.Patent{Number: "CN1"}))
	if match.KindOf(err) != match.Invalid || b.Len() != 0 {
		t.Errorf("error %v, %d bytes written", err, b.Len())
	}
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		record := patentRecord(t)
		if rapid.Bool().Draw(t, "demand") {
			record = demandRecord(t)
		}
		if err := record.Validate(); err != nil {
			t.Skip(err)
		}
		var b bytes.Buffer
		if err := WriteJSONL(&b, record); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "\n"); n != 1 {
			t.Fatalf("%d line breaks in %q", n, b.String())
		}
		line := b.String()
		r, err := NewReader(&b, "export.jsonl", Options{Kind: record.Kind})
		if err != nil {
			t.Fatal(err)
		}
		row, err := r.Next()
		if err != nil || row.Err != nil {
			t.Fatalf("%q: %v, %v", line, err, row.Err)
		}
		if diff := cmp.Diff(record, row.Record); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", line, diff)
		}
		if len(r.Summary().Kept) != 0 {
			t.Fatalf("kept %v", r.Summary().Kept)
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatalf("error %v, want EOF", err)
		}
	})
}

// The generators draw values that are mostly valid; the rest is skipped.

func oneOf[T any](t *rapid.T, label string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, label)
}

func some[T any](t *rapid.T, label string, g *rapid.Generator[T]) []T {
	out := rapid.SliceOfNDistinct(g, 0, 3, func(v T) string { return cmp.Diff(v, *new(T)) }).Draw(t, label)
	if len(out) == 0 {
		return nil
	}
	return out
}

func textGen() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"", "-", "无", "锂；电池", " a ", "x,y|z", "\u2028\ufeff", "a\nb", "12", "🔋", "\"q\"", "中国"}), rapid.String())
}

func named() *rapid.Generator[string] {
	return textGen().Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
}

func idGen() *rapid.Generator[string] {
	return rapid.OneOf(rapid.StringMatching(`[A-Z0-9_./-]{1,12}`), rapid.SampledFrom([]string{"\u3000", "专利-1", "-", "null"}))
}

func day(t *rapid.T, label string) match.Date {
	return oneOf(t, label, match.Date(""), "2021-03-12", "1000-01-01", "9999-12-31")
}

func span(t *rapid.T, label string) *match.MoneyRange {
	if rapid.Bool().Draw(t, label) {
		return nil
	}
	low := rapid.Int64Range(0, 1<<62).Draw(t, label)
	return &match.MoneyRange{Min: low, Max: oneOf(t, label, 0, low)}
}

func rating(t *rapid.T) *match.Rating {
	if rapid.Bool().Draw(t, "no rating") {
		return nil
	}
	return &match.Rating{Mean: rapid.Float64Range(1, 5).Draw(t, "mean"), Count: rapid.IntRange(1, 1000).Draw(t, "count")}
}

func attributes(t *rapid.T) map[string]string {
	out := rapid.MapOfN(rapid.OneOf(named(), rapid.SampledFrom([]string{"title", "attributes.x", "x", "fee.min_cny"})), textGen(), 0, 4).Draw(t, "attributes")
	if len(out) == 0 {
		return nil
	}
	return out
}

func surround(t *rapid.T, r match.Record) match.Record {
	r.Visibility = oneOf(t, "visibility", match.Public, match.TenantOnly, match.Private)
	r.Withdrawn = rapid.Bool().Draw(t, "withdrawn")
	return r
}

func patentRecord(t *rapid.T) match.Record {
	applicant := rapid.Custom(func(t *rapid.T) match.Applicant {
		return match.Applicant{Name: rapid.OneOf(named(), rapid.Just("清华大学")).Draw(t, "name"), Kind: oneOf(t, "kind", append(match.ApplicantKinds, "")...)}
	})
	return surround(t, match.NewPatent(oneOf(t, "tenant", "default", "lab"), match.Patent{
		Number: idGen().Draw(t, "number"), Title: named().Draw(t, "title"), Abstract: textGen().Draw(t, "abstract"), Claims: textGen().Draw(t, "claims"),
		Applicants: some(t, "applicants", applicant), Region: oneOf(t, "region", "", "44", "4403", "440305"),
		IPC: some(t, "ipc", rapid.SampledFrom([]string{"H", "H01", "H01M", "H01M 10", "H01M 10/0525"})), Sector: textGen().Draw(t, "sector"),
		FilingDate: day(t, "filing"), PublicationDate: day(t, "publication"), GrantDate: day(t, "grant"), ExpiryDate: day(t, "expiry"),
		LegalStatus: oneOf(t, "status", append(match.LegalStatuses, "")...), Family: textGen().Draw(t, "family"),
		TransferModes: some(t, "modes", rapid.SampledFrom(match.TransferModes)), Fee: span(t, "fee"), Tier: textGen().Draw(t, "tier"),
		Pools: some(t, "pools", named()), Readiness: rapid.IntRange(0, 9).Draw(t, "readiness"), SelfRating: rapid.IntRange(0, 5).Draw(t, "self rating"),
		Rating: rating(t), Attributes: attributes(t),
	}))
}

func demandRecord(t *rapid.T) match.Record {
	return surround(t, match.NewDemand(oneOf(t, "tenant", "default", "lab"), match.Demand{
		ID: idGen().Draw(t, "id"), Title: textGen().Draw(t, "title"), Text: textGen().Draw(t, "text"),
		Enterprise: match.Enterprise{Name: textGen().Draw(t, "name"), Region: oneOf(t, "region", "", "44", "440305"),
			Industry: oneOf(t, "industry", "", "C", "C3841"), Kind: oneOf(t, "kind", append(match.EnterpriseKinds, "")...)},
		Sector: textGen().Draw(t, "sector"), Budget: span(t, "budget"), Deadline: day(t, "deadline"),
		TransferModes: some(t, "modes", rapid.SampledFrom(match.TransferModes)), State: oneOf(t, "state", append(match.DemandStates, "")...),
		Confidential: some(t, "confidential", rapid.SampledFrom(match.ConfidentialFields)), Standing: rapid.Bool().Draw(t, "standing"),
		Rating: rating(t), Attributes: attributes(t),
	}))
}
