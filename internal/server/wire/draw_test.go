package wire

import (
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

// Generators of valid domain values. Empty lists and maps are nil, as in stored records.

var (
	words = rapid.StringOf(rapid.RuneFrom([]rune("…，。\t\n\"\\/"), unicode.Han, unicode.Latin, unicode.Digit, unicode.So))
	names = rapid.Map(words, func(s string) string { return "n" + s })
	ids   = rapid.StringMatching(`[A-Za-z0-9.-]{1,16}`)
	dates = rapid.Map(rapid.Int64Range(0, 4e9), func(s int64) match.Date { return match.DateOf(time.Unix(s, 0).UTC()) })
	times = rapid.Map(rapid.Int64Range(-6e16, 2e17), func(us int64) time.Time { return time.UnixMicro(us).UTC() })
	money = rapid.Custom(func(t *rapid.T) match.MoneyRange {
		low := rapid.Int64Range(0, 1<<60).Draw(t, "low")
		return match.MoneyRange{Min: low, Max: rapid.SampledFrom([]int64{0, low, low + 1<<60}).Draw(t, "high")}
	})
	ratings = rapid.Custom(func(t *rapid.T) match.Rating {
		return match.Rating{Mean: rapid.Float64Range(1, 5).Draw(t, "mean"), Count: int(rapid.Int32Min(1).Draw(t, "count"))}
	})
	regions    = rapid.StringMatching(`((11|44|65|82)(\d{2}(\d{2})?)?)?`)
	industries = rapid.StringMatching(`([A-T]|C(1[3-9]|[23]\d|4[0-3])\d{0,2})?`)
	attributes = rapid.Map(rapid.MapOfN(names, words, 0, 4), func(m map[string]string) map[string]string {
		if len(m) == 0 {
			return nil
		}
		return m
	})
	visible = rapid.SampledFrom([]match.Visibility{match.Public, match.TenantOnly, match.Private})
)

func list[T any](t *rapid.T, g *rapid.Generator[T], name string) []T {
	return append([]T(nil), rapid.SliceOfN(g, 0, 4).Draw(t, name)...)
}

func some[T comparable](t *rapid.T, values []T, name string) []T {
	g := rapid.SliceOfNDistinct(rapid.SampledFrom(values), 0, len(values), rapid.ID[T])
	return append([]T(nil), g.Draw(t, name)...)
}

// maybe draws one of the values or the empty one.
func maybe[T ~string](t *rapid.T, values []T, name string) T {
	return rapid.SampledFrom(append([]T{""}, values...)).Draw(t, name)
}

func date(t *rapid.T, name string) match.Date {
	return rapid.OneOf(rapid.Just(match.Date("")), dates).Draw(t, name)
}

var patents = rapid.Custom(func(t *rapid.T) match.Record {
	return envelope(t, match.NewPatent(ids.Draw(t, "tenant"), match.Patent{
		Number:   ids.Draw(t, "number"),
		Title:    names.Draw(t, "title"),
		Abstract: words.Draw(t, "abstract"),
		Claims:   words.Draw(t, "claims"),
		Applicants: list(t, rapid.Custom(func(t *rapid.T) match.Applicant {
			return match.Applicant{Name: names.Draw(t, "name"), Kind: maybe(t, match.ApplicantKinds, "kind")}
		}), "applicants"),
		Region:          regions.Draw(t, "region"),
		IPC:             list(t, rapid.StringMatching(`[A-H]\d\d[A-Z] [1-9]\d{0,2}/\d{2,4}`), "ipc"),
		Sector:          words.Draw(t, "sector"),
		FilingDate:      date(t, "filing"),
		PublicationDate: date(t, "publication"),
		GrantDate:       date(t, "grant"),
		ExpiryDate:      date(t, "expiry"),
		LegalStatus:     maybe(t, match.LegalStatuses, "status"),
		Family:          words.Draw(t, "family"),
		TransferModes:   some(t, match.TransferModes, "modes"),
		Fee:             rapid.Ptr(money, true).Draw(t, "fee"),
		Tier:            words.Draw(t, "tier"),
		Pools:           list(t, names, "pools"),
		Readiness:       rapid.IntRange(0, 9).Draw(t, "readiness"),
		SelfRating:      rapid.IntRange(0, 5).Draw(t, "self rating"),
		Rating:          rapid.Ptr(ratings, true).Draw(t, "rating"),
		Attributes:      attributes.Draw(t, "attributes"),
	}))
})

var demands = rapid.Custom(func(t *rapid.T) match.Record {
	return envelope(t, match.NewDemand(ids.Draw(t, "tenant"), match.Demand{
		ID:    ids.Draw(t, "id"),
		Title: names.Draw(t, "title"),
		Text:  words.Draw(t, "text"),
		Enterprise: match.Enterprise{
			Name:     words.Draw(t, "name"),
			Region:   regions.Draw(t, "region"),
			Industry: industries.Draw(t, "industry"),
			Kind:     maybe(t, match.EnterpriseKinds, "kind"),
		},
		Sector:        words.Draw(t, "sector"),
		Budget:        rapid.Ptr(money, true).Draw(t, "budget"),
		Deadline:      date(t, "deadline"),
		TransferModes: some(t, match.TransferModes, "modes"),
		State:         maybe(t, match.DemandStates, "state"),
		Confidential:  some(t, match.ConfidentialFields, "confidential"),
		Standing:      rapid.Bool().Draw(t, "standing"),
		Rating:        rapid.Ptr(ratings, true).Draw(t, "rating"),
		Attributes:    attributes.Draw(t, "attributes"),
	}))
})

func envelope(t *rapid.T, r match.Record) match.Record {
	r.Revision = rapid.Int64Min(1).Draw(t, "revision")
	r.CreatedAt, r.UpdatedAt = times.Draw(t, "created"), times.Draw(t, "updated")
	r.Visibility = visible.Draw(t, "visibility")
	r.Withdrawn = rapid.Bool().Draw(t, "withdrawn")
	return r
}

var labels = rapid.Custom(func(t *rapid.T) match.Label {
	return match.Label{
		Tenant:         ids.Draw(t, "tenant"),
		Demand:         ids.Draw(t, "demand"),
		Patent:         ids.Draw(t, "patent"),
		Level:          match.Level(rapid.IntRange(1, 4).Draw(t, "level")),
		Rater:          words.Draw(t, "rater"),
		At:             rapid.OneOf(rapid.Just(time.Time{}), times).Draw(t, "at"),
		Reason:         words.Draw(t, "reason"),
		Source:         rapid.SampledFrom([]match.LabelSource{match.ExpertSource, match.EventSource, match.ModelSource}).Draw(t, "source"),
		DemandRevision: rapid.Int64Min(0).Draw(t, "demand revision"),
		PatentRevision: rapid.Int64Min(0).Draw(t, "patent revision"),
	}
})

var filters = rapid.Custom(func(t *rapid.T) match.Filter {
	span := func(name string) match.DateRange {
		return match.DateRange{From: date(t, name+" from"), To: date(t, name+" to")}
	}
	return match.Filter{
		Regions:            list(t, regions, "regions"),
		IPC:                list(t, names, "ipc"),
		Sectors:            list(t, names, "sectors"),
		ApplicantKinds:     some(t, match.ApplicantKinds, "applicant kinds"),
		LegalStatuses:      some(t, match.LegalStatuses, "statuses"),
		TransferModes:      some(t, match.TransferModes, "modes"),
		Tiers:              list(t, names, "tiers"),
		Pools:              list(t, names, "pools"),
		Industries:         list(t, industries, "industries"),
		EnterpriseKinds:    some(t, match.EnterpriseKinds, "enterprise kinds"),
		DemandStates:       some(t, match.DemandStates, "states"),
		FilingDate:         span("filing"),
		PublicationDate:    span("publication"),
		Deadline:           span("deadline"),
		MaxFee:             rapid.Int64().Draw(t, "fee"),
		MinBudget:          rapid.Int64().Draw(t, "budget"),
		MinReadiness:       int(rapid.Int32().Draw(t, "readiness")),
		IncludeUnavailable: rapid.Bool().Draw(t, "unavailable"),
	}
})
