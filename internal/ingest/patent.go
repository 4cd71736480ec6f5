package ingest

import (
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

var patentSetters = map[string]setter{
	"number":           setNumber(func(b *builder) *string { return &b.patent.Number }),
	"title":            setText(func(b *builder) *string { return &b.patent.Title }),
	"abstract":         setText(func(b *builder) *string { return &b.patent.Abstract }),
	"claims":           setText(func(b *builder) *string { return &b.patent.Claims }),
	"applicants":       setApplicants,
	"applicant_kind":   setApplicantKinds,
	"region":           setRegion(func(b *builder) *string { return &b.patent.Region }),
	"ipc":              setIPC,
	"sector":           setCode(func(b *builder) *string { return &b.patent.Sector }),
	"filing_date":      setDate(func(b *builder) *match.Date { return &b.patent.FilingDate }),
	"publication_date": setDate(func(b *builder) *match.Date { return &b.patent.PublicationDate }),
	"grant_date":       setDate(func(b *builder) *match.Date { return &b.patent.GrantDate }),
	"expiry_date":      setDate(func(b *builder) *match.Date { return &b.patent.ExpiryDate }),
	"legal_status":     setStatus(func(b *builder) *match.LegalStatus { return &b.patent.LegalStatus }),
	"family":           setCode(func(b *builder) *string { return &b.patent.Family }),
	"transfer_modes":   setModes(func(b *builder) *[]match.TransferMode { return &b.patent.TransferModes }),
	"fee":              setFee,
	"fee.min_cny":      setEnd(feeOf, lowEnd),
	"fee.max_cny":      setEnd(feeOf, highEnd),
	"tier":             setCode(func(b *builder) *string { return &b.patent.Tier }),
	"pools":            setPools,
	"readiness":        setReadiness,
	"self_rating":      setInt(func(b *builder) *int { return &b.patent.SelfRating }),
}

func feeOf(b *builder) **match.MoneyRange { return &b.patent.Fee }

// setFee takes the words for nothing as a fee that begins at 0 yuan, so that filters find it.
func setFee(b *builder, field string, value any, unit float64) error {
	if s, ok := value.(string); ok && isFree(s) && b.patent.Fee == nil {
		b.patent.Fee = &match.MoneyRange{}
		return b.setAttribute(field, value)
	}
	return setMoney(feeOf)(b, field, value, unit)
}

// stages are levels of readiness (GB/T 22900) by the stage of development that people name. The
// word is kept besides, for it says less exactly what was shown.
var stages = map[string]int{
	"原理": 1, "概念": 2, "方案": 2, "概念验证": 3, "实验室": 4, "小试": 4, "样机": 5, "初样": 5, "中试": 6, "正样": 6,
	"小批量": 7, "小批量生产": 7, "试生产": 7, "试用": 7, "示范应用": 7, "产品": 8, "产品化": 8, "批量生产": 9, "量产": 9, "产业化": 9, "规模化": 9, "规模化生产": 9, "已产业化": 9,
}

// setReadiness takes a level, or the name of a stage.
func setReadiness(b *builder, field string, value any, unit float64) error {
	if s, ok := value.(string); ok {
		if level := stages[strings.TrimSuffix(folded(s), "阶段")]; level > 0 {
			b.patent.Readiness = level
			return b.setAttribute(field, value)
		}
	}
	return setInt(func(b *builder) *int { return &b.patent.Readiness })(b, field, value, unit)
}

func setPools(b *builder, field string, value any, _ float64) (err error) {
	if !absent(value) {
		b.patent.Pools, err = values(field, value, withCommas)
	}
	return err
}

// setIPC takes symbols between separators, commas and, where that gives symbols,
// white space.
func setIPC(b *builder, field string, value any, _ float64) error {
	if absent(value) {
		return nil
	}
	all, err := values(field, value, withCommas)
	for i, s := range all {
		symbols, ok := ipcSymbols(vocabulary.HalfWidth(s))
		if !ok {
			err = match.Faults(err, match.Invalidf(at(field, i), "%q is not an IPC symbol such as \"H01M 10/0525\"", shown(s)))
			continue
		}
		b.patent.IPC = append(b.patent.IPC, symbols...)
	}
	return err
}

func ipcSymbols(s string) (symbols []string, ok bool) {
	if symbol, ok := match.NormaliseIPC(s); ok {
		return []string{symbol}, true
	}
	for _, part := range strings.Fields(s) {
		symbol, ok := match.NormaliseIPC(part)
		if !ok {
			return nil, false
		}
		symbols = append(symbols, symbol)
	}
	return symbols, len(symbols) > 0
}

// setApplicants takes names and, in JSON, objects of name and kind. The kind of a
// bare name is guessed; an object says all there is to know.
func setApplicants(b *builder, field string, value any, _ float64) error {
	list, ok := value.([]any)
	if !ok {
		if absent(value) {
			return nil
		}
		list = []any{value}
		if s, ok := value.(string); ok {
			list = applicantNames(s)
		}
	}
	var faults []error
	for i, e := range list {
		a, err := applicant(at(field, i), e)
		if err != nil {
			faults = append(faults, err)
		}
		b.patent.Applicants = append(b.patent.Applicants, a)
	}
	return match.Faults(faults...)
}

// applicantNames cuts at commas only where no Latin name ("Foo Co., Ltd.") may
// hold one.
func applicantNames(s string) []any {
	divide := separators + "，"
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }) {
		divide = withCommas
	}
	var out []any
	for _, name := range pieces(s, divide) {
		out = append(out, name)
	}
	return out
}

func applicant(field string, value any) (out match.Applicant, err error) {
	members, ok := value.(object)
	if !ok {
		out.Name, err = text(field, value)
		out.Kind = guessKind(out.Name)
		return out, err
	}
	for _, m := range members {
		at := field + "." + m.name
		switch {
		case m.value == nil:
		case m.name == "name":
			out.Name, err = text(at, m.value)
		case m.name == "kind":
			out.Kind, err = enum[match.ApplicantKind]{vocabulary.ApplicantKinds}.read(at, m.value)
		default:
			err = match.Invalidf(at, "is unknown; an applicant has name and kind")
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

func setApplicantKinds(b *builder, field string, value any, _ float64) error {
	if absent(value) {
		return nil
	}
	all, err := values(field, value, withCommas)
	for i, s := range all {
		kind, unknown := enum[match.ApplicantKind]{vocabulary.ApplicantKinds}.read(at(field, i), s)
		if unknown != nil {
			err = match.Faults(err, unknown)
		}
		b.applicantKinds = append(b.applicantKinds, kind)
	}
	return err
}

// applyApplicantKinds gives one kind to all applicants, or each its own.
func (b *builder) applyApplicantKinds() error {
	kinds, applicants := b.applicantKinds, b.patent.Applicants
	if len(kinds) == 0 {
		return nil
	}
	if len(kinds) != 1 && len(kinds) != len(applicants) {
		return match.Invalidf("applicant_kind", "has %d kinds for %d applicants", len(kinds), len(applicants))
	}
	if len(applicants) == 0 {
		return b.keepValue("applicant_kind", string(kinds[0]))
	}
	for i := range applicants {
		applicants[i].Kind = kinds[min(i, len(kinds)-1)]
	}
	return nil
}
