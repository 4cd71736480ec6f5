package match

import "strings"

// Payload is what an index needs to know of a record to filter it: tokens that a
// condition matches as a whole, and whole numbers that it compares. Hierarchies
// (region, IPC) are stored as a token for every level, so that a filter on a
// level is an exact match.
type Payload struct {
	Tokens  map[string][]string
	Numbers map[string]int64
}

// Fields of a payload. Token fields hold the JSON form of a value; number fields
// hold a date as YYYYMMDD, an amount in yuan, or a level. A field without a
// value is absent.
const (
	FieldTenant         = "tenant"
	FieldVisibility     = "visibility"
	FieldSector         = "sector"
	FieldRegion         = "region" // 44, 4403, 440305
	FieldIPC            = "ipc"    // H, H01, H01M, H01M 10, H01M 10/0525
	FieldApplicantKind  = "applicant_kind"
	FieldLegalStatus    = "legal_status"
	FieldTransferMode   = "transfer_mode"
	FieldTier           = "tier"
	FieldPool           = "pool"
	FieldIndustry       = "industry" // C, C38, C384, C3841
	FieldEnterpriseKind = "enterprise_kind"
	FieldDemandState    = "demand_state"

	FieldFilingDate      = "filing_date"
	FieldPublicationDate = "publication_date"
	FieldExpiryDate      = "expiry_date"
	FieldDeadline        = "deadline"
	FieldFee             = "fee"    // the lowest amount asked for
	FieldBudget          = "budget" // the highest amount offered
	FieldReadiness       = "readiness"
)

// TokenFields and NumberFields list every field, in a fixed order.
var (
	TokenFields = []string{
		FieldTenant, FieldVisibility, FieldSector, FieldRegion, FieldIPC, FieldApplicantKind, FieldLegalStatus,
		FieldTransferMode, FieldTier, FieldPool, FieldIndustry, FieldEnterpriseKind, FieldDemandState,
	}
	NumberFields = []string{
		FieldFilingDate, FieldPublicationDate, FieldExpiryDate, FieldDeadline, FieldFee, FieldBudget, FieldReadiness,
	}
)

// Payload gives what the record can be filtered by.
func (r *Record) Payload() Payload {
	p := Payload{Tokens: map[string][]string{}, Numbers: map[string]int64{}}
	p.add(FieldTenant, r.Tenant)
	p.add(FieldVisibility, string(r.Visibility))
	p.add(FieldSector, r.Sector())
	if r.Kind == PatentKind {
		p.addPatent(r.Patent)
	} else {
		p.addDemand(r.Demand)
	}
	return p
}

func (p *Payload) addPatent(pt *Patent) {
	p.add(FieldRegion, regionLevels(pt.Region)...)
	for _, symbol := range pt.IPC {
		p.add(FieldIPC, ipcLevels(symbol)...)
	}
	for _, a := range pt.Applicants {
		p.add(FieldApplicantKind, string(a.Kind))
	}
	p.add(FieldLegalStatus, string(pt.LegalStatus))
	for _, m := range pt.TransferModes {
		p.add(FieldTransferMode, string(m))
	}
	p.add(FieldTier, pt.Tier)
	p.add(FieldPool, pt.Pools...)
	p.set(FieldFilingDate, pt.FilingDate.Number())
	p.set(FieldPublicationDate, pt.PublicationDate.Number())
	p.set(FieldExpiryDate, pt.ExpiryDate.Number())
	if pt.Fee != nil {
		p.Numbers[FieldFee] = pt.Fee.Min
	}
	p.set(FieldReadiness, int64(pt.Readiness))
}

func (p *Payload) addDemand(d *Demand) {
	p.add(FieldRegion, regionLevels(d.Enterprise.Region)...)
	for n := 1; n <= len(d.Enterprise.Industry); n++ {
		if n != 2 {
			p.add(FieldIndustry, d.Enterprise.Industry[:n])
		}
	}
	p.add(FieldEnterpriseKind, string(d.Enterprise.Kind))
	state := d.State
	if state == "" {
		state = Open
	}
	p.add(FieldDemandState, string(state))
	for _, m := range d.TransferModes {
		p.add(FieldTransferMode, string(m))
	}
	p.set(FieldDeadline, d.Deadline.Number())
	if d.Budget != nil {
		p.set(FieldBudget, d.Budget.Max)
	}
}

// add appends the values that are neither empty nor there already.
func (p *Payload) add(field string, values ...string) {
next:
	for _, v := range values {
		if v == "" {
			continue
		}
		for _, have := range p.Tokens[field] {
			if have == v {
				continue next
			}
		}
		p.Tokens[field] = append(p.Tokens[field], v)
	}
}

func (p *Payload) set(field string, v int64) {
	if v != 0 {
		p.Numbers[field] = v
	}
}

// regionLevels gives province, prefecture and county: 440305 is in 44, 4403 and
// 440305. Trailing zeros name the level above: 440000 is 44.
func regionLevels(code string) []string {
	for strings.HasSuffix(code, "00") && len(code) > 2 {
		code = code[:len(code)-2]
	}
	var out []string
	for n := 2; n <= len(code); n += 2 {
		out = append(out, code[:n])
	}
	return out
}

// Condition is one test of a payload; a filter is the conjunction of its
// conditions. On a token field it holds if the field has at least one of AnyOf
// (when that is not empty) and none of NoneOf. On a number field it holds if
// the field is present and Min ≤ value ≤ Max, nil being no bound. With OrAbsent it
// also holds where the field is absent.
type Condition struct {
	Field    string
	AnyOf    []string
	NoneOf   []string
	Min, Max *int64
	OrAbsent bool
}

// IsNumber tells which form the condition has.
func (c Condition) IsNumber() bool { return c.Min != nil || c.Max != nil }

// Satisfies tells whether p meets all conditions. It is the definition that
// every index is tested against.
func (p Payload) Satisfies(conditions []Condition) bool {
	for _, c := range conditions {
		if !p.satisfies(c) {
			return false
		}
	}
	return true
}

func (p Payload) satisfies(c Condition) bool {
	if c.IsNumber() {
		v, ok := p.Numbers[c.Field]
		if !ok {
			return c.OrAbsent
		}
		return (c.Min == nil || v >= *c.Min) && (c.Max == nil || v <= *c.Max)
	}
	have := p.Tokens[c.Field]
	if len(have) == 0 && c.OrAbsent {
		return true
	}
	return (len(c.AnyOf) == 0 || intersects(have, c.AnyOf)) && !intersects(have, c.NoneOf)
}

func intersects(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
