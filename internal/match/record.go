package match

import (
	"strings"
	"time"
)

// Kind is the side of the market that a record belongs to.
type Kind string

const (
	PatentKind Kind = "patent"
	DemandKind Kind = "demand"
)

// Other is the side that k is matched with.
func (k Kind) Other() Kind {
	if k == PatentKind {
		return DemandKind
	}
	return PatentKind
}

// Words gives the kind in both languages, for texts.
func (k Kind) Words() LocalText {
	if k == PatentKind {
		return LocalText{ZH: "专利", EN: string(k)}
	}
	return LocalText{ZH: "需求", EN: string(k)}
}

// Validate accepts the two kinds.
func (k Kind) Validate() error { return oneOf("kind", k, PatentKind, DemandKind) }

// DefaultTenant is the tenant of everything written without naming one.
const DefaultTenant = "default"

// Ref names a record. Two tenants may use the same ID.
type Ref struct {
	Tenant string
	Kind   Kind
	ID     string
}

// String gives "patent CN1", as it is shown in errors.
func (r Ref) String() string { return string(r.Kind) + " " + r.ID }

// Key gives the name of the record inside an index of its kind. A tenant never
// contains a slash, so keys are unique.
func (r Ref) Key() string { return r.Tenant + "/" + r.ID }

// RefOfKey takes apart what Key made.
func RefOfKey(kind Kind, key string) Ref {
	tenant, id, _ := strings.Cut(key, "/")
	return Ref{Tenant: tenant, Kind: kind, ID: id}
}

// Visibility says who may be shown a record as a hit.
type Visibility string

const (
	// Public records may be shown to every tenant.
	Public Visibility = "public"
	// TenantOnly records may be shown inside their own tenant.
	TenantOnly Visibility = "tenant"
	// Private records are shown to their owner alone and are in no answer.
	Private Visibility = "private"
)

// Record is one revision of a patent or a demand. Exactly one of Patent and
// Demand is set, as Kind says. Revisions are never changed: an update adds one,
// with the next number.
//
//	accepted ──► embedded ──► indexed
//	    │            │
//	    ├────────────┴──────► failed ──► (retry) accepted
//	    └──► embed_pending ──► (the embedder is back) accepted
type Record struct {
	Ref
	// Revision counts from 1 for each record.
	Revision int64
	// Seq orders all writes of a store: a later write has a larger number.
	Seq int64
	// CreatedAt is the time of revision 1, UpdatedAt of this one; both UTC.
	CreatedAt, UpdatedAt time.Time
	Visibility           Visibility
	// Withdrawn records are kept with their history, and are in no answer.
	Withdrawn bool

	Patent *Patent
	Demand *Demand
}

// NewPatent wraps p in a record of tenant, visible to all, with its number in the form of
// NormaliseNumber.
func NewPatent(tenant string, p Patent) Record {
	p.Number = NormaliseNumber(p.Number)
	return Record{Ref: Ref{tenant, PatentKind, p.Number}, Visibility: Public, Patent: &p}
}

// NewDemand wraps d in a record of tenant, visible to all.
func NewDemand(tenant string, d Demand) Record {
	return Record{Ref: Ref{tenant, DemandKind, d.ID}, Visibility: Public, Demand: &d}
}

// Validate checks the envelope and the body. The error names the record.
func (r *Record) Validate() error { return About(r.Ref.String(), r.validate()) }

func (r *Record) validate() error {
	if err := r.Kind.Validate(); err != nil {
		return err
	}
	if r.Tenant == "" || strings.ContainsAny(r.Tenant, "/ \t\r\n") {
		return Invalidf("tenant", "must not be empty or contain a slash or white space")
	}
	if err := oneOf("visibility", r.Visibility, Public, TenantOnly, Private); err != nil {
		return err
	}
	switch {
	case r.Kind == PatentKind && r.Patent != nil && r.Demand == nil:
		if r.ID != r.Patent.Number {
			return Invalidf("number", "differs from the record's id %s", r.ID)
		}
		return r.Patent.Validate()
	case r.Kind == DemandKind && r.Demand != nil && r.Patent == nil:
		if r.ID != r.Demand.ID {
			return Invalidf("id", "differs from the record's id %s", r.ID)
		}
		return r.Demand.Validate()
	}
	return Invalidf("", "the record's body is not that of a %s", r.Kind.Words())
}

// Texts gives what is embedded and searched in the record.
func (r *Record) Texts() Texts {
	if r.Kind == PatentKind {
		return r.Patent.Texts()
	}
	return r.Demand.Texts()
}

// Sector gives the sector code of either kind, which may be empty.
func (r *Record) Sector() string {
	if r.Kind == PatentKind {
		return r.Patent.Sector
	}
	return r.Demand.Sector
}

// Texts are the parts of a record that carry its meaning.
type Texts struct {
	Title string
	Body  string // a patent's abstract, a demand's text
}

// Full is the title and the body, on lines of their own.
func (t Texts) Full() string {
	if t.Body == "" {
		return t.Title
	}
	if t.Title == "" {
		return t.Body
	}
	return t.Title + "\n" + t.Body
}

// Empty tells whether there is nothing to search with.
func (t Texts) Empty() bool { return strings.TrimSpace(t.Title+t.Body) == "" }

// State tells how far a record is on its way into the answers.
type State string

const (
	// Accepted: on disk.
	Accepted State = "accepted"
	// Embedded: its vectors are made, and not yet in the index.
	Embedded State = "embedded"
	// Indexed: it is found by matches.
	Indexed State = "indexed"
	// EmbedPending: its embedder is down. It is found by its words meanwhile, and is
	// embedded when the embedder is back.
	EmbedPending State = "embed_pending"
	// Failed: it could not be embedded or indexed; a reason is kept and it is
	// tried again.
	Failed State = "failed"
)

// Redacted is r as the other side may see it: a demand without its confidential fields, or r
// itself. r does not change.
func (r *Record) Redacted() *Record {
	if r.Demand == nil {
		return r
	}
	out := *r
	out.Demand = r.Demand.Redacted()
	return &out
}
