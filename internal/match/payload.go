package match

import (
	"slices"
	"strings"
)

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
	FieldIPC            = "ipc"    // H, H01, H01M, H01M 10, H01M 10/05, H01M 10/052, H01M 10/0525
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
	FieldLastDay         = "last_day" // a demand's deadline, also where that is confidential
	FieldFee             = "fee"      // the lowest amount asked for
	FieldBudget          = "budget"   // the highest amount offered
	FieldReadiness       = "readiness"
)

// TokenFields and NumberFields list every field, in a fixed order.
var (
	TokenFields = []string{
		FieldTenant, FieldVisibility, FieldSector, FieldRegion, FieldIPC, FieldApplicantKind, FieldLegalStatus,
		FieldTransferMode, FieldTier, FieldPool, FieldIndustry, FieldEnterpriseKind, FieldDemandState,
	}
	NumberFields = []string{
		FieldFilingDate, FieldPublicationDate, FieldExpiryDate, FieldDeadline, FieldLastDay, FieldFee, FieldBudget, FieldReadiness,
	}
)

// Payload gives what the record can be filtered by. What a demand keeps confidential is as if
// it were not stated: the other side asks by filters, facets and boosts, and could else find
// it out by asking often enough. FieldLastDay alone is of all demands; no filter names it, and
// Conditions compare it with the present day only, so that a demand whose day has passed is
// in no answer.
func (r *Record) Payload() Payload {
	p := payloads{Payload: Payload{Tokens: make(map[string][]string, 8), Numbers: make(map[string]int64, 4)}}
	p.token(FieldTenant, r.Tenant)
	p.token(FieldVisibility, string(r.Visibility))
	p.token(FieldSector, r.Sector())
	if r.Kind == PatentKind {
		p.patent(r.Patent)
	} else {
		p.demand(r.Demand)
	}
	return p.Payload
}

// payloads makes a payload. The tokens of all fields lie one behind another in all.
type payloads struct {
	Payload
	all []string
}

func (p *payloads) patent(pt *Patent) {
	p.region(pt.Region)
	from := p.begin()
	for _, symbol := range pt.IPC {
		p.ipc(from, symbol)
	}
	p.end(FieldIPC, from)
	from = p.begin()
	for _, a := range pt.Applicants {
		p.add(from, string(a.Kind))
	}
	p.end(FieldApplicantKind, from)
	p.token(FieldLegalStatus, string(pt.LegalStatus))
	p.modes(pt.TransferModes)
	p.token(FieldTier, pt.Tier)
	from = p.begin()
	for _, pool := range pt.Pools {
		p.add(from, pool)
	}
	p.end(FieldPool, from)
	p.set(FieldFilingDate, pt.FilingDate.Number())
	p.set(FieldPublicationDate, pt.PublicationDate.Number())
	p.set(FieldExpiryDate, pt.ExpiryDate.Number())
	if pt.Fee != nil {
		p.Numbers[FieldFee] = pt.Fee.Min
	}
	p.set(FieldReadiness, int64(pt.Readiness))
}

func (p *payloads) demand(whole *Demand) {
	p.set(FieldLastDay, whole.Deadline.Number())
	d := whole.Redacted()
	p.region(d.Enterprise.Region)
	from := p.begin()
	for n := 1; n <= len(d.Enterprise.Industry); n++ {
		if n != 2 {
			p.add(from, d.Enterprise.Industry[:n])
		}
	}
	p.end(FieldIndustry, from)
	p.token(FieldEnterpriseKind, string(d.Enterprise.Kind))
	state := d.State
	if state == "" {
		state = Open
	}
	p.token(FieldDemandState, string(state))
	p.modes(d.TransferModes)
	p.set(FieldDeadline, d.Deadline.Number())
	if d.Budget != nil {
		p.set(FieldBudget, d.Budget.Max)
	}
}

// begin tells where the tokens of a field begin, for add and end.
func (p *payloads) begin() (from int) {
	if p.all == nil {
		p.all = make([]string, 0, 24) // seldom too few
	}
	return len(p.all)
}

// add adds a token to the field at hand unless it is empty or there already.
func (p *payloads) add(from int, token string) {
	if token == "" || slices.Contains(p.all[from:], token) {
		return
	}
	p.all = append(p.all, token)
}

// end gives the field at hand the tokens that were added.
func (p *payloads) end(field string, from int) {
	if tokens := p.all[from:len(p.all):len(p.all)]; len(tokens) > 0 {
		p.Tokens[field] = tokens
	}
}

func (p *payloads) token(field, token string) {
	from := p.begin()
	p.add(from, token)
	p.end(field, from)
}

func (p *payloads) modes(modes []TransferMode) {
	from := p.begin()
	for _, m := range modes {
		p.add(from, string(m))
	}
	p.end(FieldTransferMode, from)
}

func (p *payloads) set(field string, v int64) {
	if v != 0 {
		p.Numbers[field] = v
	}
}

// region adds province, prefecture and county: 440305 is in 44, 4403 and 440305.
func (p *payloads) region(code string) {
	code = regionLevel(code)
	from := p.begin()
	for n := 2; n <= len(code); n += 2 {
		p.add(from, code[:n])
	}
	p.end(FieldRegion, from)
}

// regionLevel takes off the trailing zeros that name the level above: 440000 is 44.
func regionLevel(code string) string {
	for strings.HasSuffix(code, "00") && len(code) > 2 {
		code = code[:len(code)-2]
	}
	return code
}

// ipc adds the symbol and everything above it: H, H01, H01M, H01M 10, H01M 10/05, H01M 10/052,
// H01M 10/0525. A subgroup is above those whose digits behind the slash begin with its own,
// of which the first two stand together: as in the files of the IPC, 10/0525 is sorted behind
// 10/05 and before 10/06.
func (p *payloads) ipc(from int, symbol string) {
	for _, n := range [...]int{1, 3, 4} {
		if len(symbol) >= n {
			p.add(from, symbol[:n])
		}
	}
	group, _, divided := strings.Cut(symbol, "/")
	if len(group) > 4 {
		p.add(from, group)
	}
	if !divided {
		return
	}
	for n := min(len(group)+len("/05"), len(symbol)); n <= len(symbol); n++ {
		p.add(from, symbol[:n])
	}
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
