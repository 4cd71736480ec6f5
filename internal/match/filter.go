package match

import (
	"strings"
)

// Filter narrows an answer. The values inside one field are alternatives, the
// fields are all required; an empty field asks for nothing. Fields that the
// wanted kind of record does not have must be empty. A demand never meets a condition on what
// it keeps confidential; see Record.Payload.
type Filter struct {
	// Regions are GB/T 2260 codes of any level: 44 and 440000 are all of Guangdong.
	Regions []string
	// IPC are symbols of any level of the scheme, H to H01M 10/0525, each for itself and what is
	// under it: H01M 10/00 is H01M 10 as a whole, and H01M 10/05 has 10/052 and 10/0525 under it.
	IPC             []string
	Sectors         []string
	ApplicantKinds  []ApplicantKind
	LegalStatuses   []LegalStatus
	TransferModes   []TransferMode
	Tiers           []string
	Pools           []string
	Industries      []string // GB/T 4754, any level
	EnterpriseKinds []EnterpriseKind
	DemandStates    []DemandState

	FilingDate      DateRange
	PublicationDate DateRange
	Deadline        DateRange
	// MaxFee keeps patents whose lowest fee is at most this many yuan; 0 is any.
	MaxFee int64
	// MinBudget keeps demands that offer at least this many yuan; 0 is any.
	MinBudget int64
	// MinReadiness keeps patents of at least this level; 0 is any.
	MinReadiness int

	// IncludeUnavailable lets in what cannot be had: patents that give no right
	// any more, demands that are not open or whose deadline has passed. Naming
	// a legal status or demand state lets in that one.
	IncludeUnavailable bool
}

// Asks tells whether the filter asks a kind for anything beyond what is always asked.
func (f Filter) Asks(kind Kind) bool {
	own, err := f.own(kind)
	return err == nil && len(own) > 0
}

// own are the conditions of the filter alone: without tenant, visibility and what can be had.
func (f Filter) own(kind Kind) ([]Condition, error) {
	f.IncludeUnavailable = true
	all, err := f.Conditions(kind, "", "")
	out := all[:0]
	for _, c := range all {
		if c.Field != FieldTenant && c.Field != FieldVisibility {
			out = append(out, c)
		}
	}
	return out, err
}

// DateRange is from From to To inclusive; an empty end is open. Records
// without the date are outside of every range that has an end.
type DateRange struct{ From, To Date }

// Conditions turns the filter into tests of a payload of the given kind for the
// given tenant, on the given day. Its errors are of kind Invalid and
// name all fields that are wrong.
func (f Filter) Conditions(kind Kind, tenant string, today Date) ([]Condition, error) {
	b := conditionBuilder{kind: kind}
	b.always(FieldTenant, tenant)
	b.list = append(b.list, Condition{Field: FieldVisibility, NoneOf: []string{string(Private)}})
	b.levels("filter.regions", FieldRegion, f.Regions, regionToken, NotRegion)
	b.levels("filter.ipc", FieldIPC, b.only(PatentKind, "filter.ipc", f.IPC), ipcToken, notIPC)
	b.anyOf(FieldSector, f.Sectors)
	b.anyOf(FieldApplicantKind, b.only(PatentKind, "filter.applicant_kinds", plain(&b, "filter.applicant_kinds", f.ApplicantKinds, ApplicantKinds)))
	b.anyOf(FieldLegalStatus, b.only(PatentKind, "filter.legal_statuses", plain(&b, "filter.legal_statuses", f.LegalStatuses, LegalStatuses)))
	b.anyOf(FieldTransferMode, plain(&b, "filter.transfer_modes", f.TransferModes, TransferModes))
	b.anyOf(FieldTier, b.only(PatentKind, "filter.tiers", f.Tiers))
	b.anyOf(FieldPool, b.only(PatentKind, "filter.pools", f.Pools))
	b.levels("filter.industries", FieldIndustry, b.only(DemandKind, "filter.industries", f.Industries), industryToken, NotIndustry)
	b.anyOf(FieldEnterpriseKind, b.only(DemandKind, "filter.enterprise_kinds", plain(&b, "filter.enterprise_kinds", f.EnterpriseKinds, EnterpriseKinds)))
	b.anyOf(FieldDemandState, b.only(DemandKind, "filter.demand_states", plain(&b, "filter.demand_states", f.DemandStates, DemandStates)))
	b.dates(PatentKind, "filter.filing_date", FieldFilingDate, f.FilingDate)
	b.dates(PatentKind, "filter.publication_date", FieldPublicationDate, f.PublicationDate)
	b.dates(DemandKind, "filter.deadline", FieldDeadline, f.Deadline)
	b.bound(PatentKind, "filter.max_fee_cny", FieldFee, nil, f.MaxFee)
	b.bound(DemandKind, "filter.min_budget_cny", FieldBudget, &f.MinBudget, 0)
	if f.MinReadiness > 9 {
		b.fail("filter.min_readiness", "%d is not in %d to %d", f.MinReadiness, 0, 9)
	}
	readiness := int64(f.MinReadiness)
	b.bound(PatentKind, "filter.min_readiness", FieldReadiness, &readiness, 0)
	if !f.IncludeUnavailable {
		b.available(f, today)
	}
	return b.list, b.err
}

type conditionBuilder struct {
	kind Kind
	list []Condition
	err  error
}

func (b *conditionBuilder) fail(field, reason string, args ...any) {
	b.err = Faults(b.err, Invalidf(field, reason, args...))
}

func (b *conditionBuilder) always(field string, values ...string) {
	b.list = append(b.list, Condition{Field: field, AnyOf: values})
}

func (b *conditionBuilder) anyOf(field string, values []string) {
	if len(values) > 0 {
		b.always(field, values...)
	}
}

// only refuses values of a field that the wanted kind does not have.
func (b *conditionBuilder) only(kind Kind, name string, values []string) []string {
	if len(values) > 0 && b.kind != kind {
		b.fail(name, "a %s has no such field", b.kind.Words())
	}
	return values
}

func (b *conditionBuilder) levels(name, field string, values []string, token func(string) (string, bool), refusal func(field, value string) *Error) {
	tokens := make([]string, 0, len(values))
	for i, v := range values {
		t, ok := token(v)
		if !ok {
			b.err = Faults(b.err, refusal(at(name, i), v))
			continue
		}
		tokens = append(tokens, t)
	}
	b.anyOf(field, tokens)
}

func plain[S ~string](b *conditionBuilder, name string, values, allowed []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		b.err = Faults(b.err, oneOf(at(name, i), v, allowed...))
		out[i] = string(v)
	}
	return out
}

func (b *conditionBuilder) dates(kind Kind, name, field string, r DateRange) {
	if r == (DateRange{}) {
		return
	}
	if b.kind != kind {
		b.fail(name, "a %s has no such field", b.kind.Words())
	}
	b.err = Faults(b.err, r.From.validate(name+".from"), r.To.validate(name+".to"))
	c := Condition{Field: field}
	if r.From != "" {
		c.Min = ptr(r.From.Number())
	}
	if r.To != "" {
		c.Max = ptr(r.To.Number())
	}
	if r.From != "" && r.To != "" && *c.Min > *c.Max {
		b.fail(name, "ends before it begins")
	}
	b.list = append(b.list, c)
}

// bound adds field ≥ *low or field ≤ high, where they are not 0.
func (b *conditionBuilder) bound(kind Kind, name, field string, low *int64, high int64) {
	v := high
	if low != nil {
		v = *low
	}
	switch {
	case v == 0:
		return
	case v < 0:
		b.fail(name, "is negative")
	case b.kind != kind:
		b.fail(name, "a %s has no such field", b.kind.Words())
	}
	c := Condition{Field: field, Min: low}
	if low == nil {
		c.Max = &high
	}
	b.list = append(b.list, c)
}

// available leaves out what cannot be had on the given day.
func (b *conditionBuilder) available(f Filter, today Date) {
	from := ptr(today.Number())
	if b.kind == PatentKind {
		if len(f.LegalStatuses) == 0 {
			dead := make([]string, len(DeadStatuses))
			for i, s := range DeadStatuses {
				dead[i] = string(s)
			}
			b.list = append(b.list,
				Condition{Field: FieldLegalStatus, NoneOf: dead},
				Condition{Field: FieldExpiryDate, Min: from, OrAbsent: true})
		}
		return
	}
	if len(f.DemandStates) == 0 {
		b.always(FieldDemandState, string(Open))
		if f.Deadline == (DateRange{}) {
			b.list = append(b.list, Condition{Field: FieldLastDay, Min: from, OrAbsent: true})
		}
	}
}

func regionToken(s string) (string, bool) {
	if !KnownRegion(s) {
		return "", false
	}
	return regionLevel(s), true
}

// ipcToken takes a main group for all that is under it in either way of writing it: H01M 10
// and H01M 10/00.
func ipcToken(s string) (string, bool) {
	symbol, ok := NormaliseIPC(s)
	if group, subgroup, divided := strings.Cut(symbol, "/"); divided && strings.Trim(subgroup, "0") == "" {
		return group, ok
	}
	return symbol, ok
}

func notIPC(field, s string) *Error {
	return Invalidf(field, "%q is not an IPC symbol such as \"H01M 10/0525\"", s)
}

func industryToken(s string) (string, bool) {
	s = strings.ToUpper(s)
	return s, KnownIndustry(s)
}

func ptr[T any](v T) *T { return &v }
