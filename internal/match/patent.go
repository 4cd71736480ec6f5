package match

// Patent is an offer: a patent or a patent application and the terms on which
// it is to be had. Only Number and Title are required.
type Patent struct {
	// Number is the publication or application number, the patent's identity; see
	// NormaliseNumber.
	Number   string `json:"number"`
	Title    string `json:"title"`
	Abstract string `json:"abstract"`
	Claims   string `json:"claims,omitempty"`

	Applicants []Applicant `json:"applicants,omitempty"`
	// Region is a GB/T 2260 code of 2, 4 or 6 digits, such as 440300 (Shenzhen).
	Region string `json:"region,omitempty"`
	// IPC holds symbols of the International Patent Classification, written
	// "H01M 10/0525".
	IPC []string `json:"ipc,omitempty"`
	// Sector is a code of the catalog's own list of sectors.
	Sector string `json:"sector,omitempty"`

	FilingDate      Date `json:"filing_date,omitempty"`
	PublicationDate Date `json:"publication_date,omitempty"`
	GrantDate       Date `json:"grant_date,omitempty"`
	ExpiryDate      Date `json:"expiry_date,omitempty"`

	LegalStatus LegalStatus `json:"legal_status,omitempty"`
	// Family is the same for all members of one patent family.
	Family        string         `json:"family,omitempty"`
	TransferModes []TransferMode `json:"transfer_modes,omitempty"`
	Fee           *MoneyRange    `json:"fee,omitempty"`
	// Tier is the holder's class of the patent (分级分类), such as "A".
	Tier  string   `json:"tier,omitempty"`
	Pools []string `json:"pools,omitempty"`
	// Readiness is the technology readiness level (GB/T 22900), 1 to 9; 0 is unknown.
	Readiness int `json:"readiness,omitempty"`
	// SelfRating is the holder's own rating, 1 to 5; 0 is none.
	SelfRating int `json:"self_rating,omitempty"`
	// Rating is what enterprises gave after contact.
	Rating     *Rating           `json:"rating,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Applicant is a holder of a patent.
type Applicant struct {
	Name string        `json:"name"`
	Kind ApplicantKind `json:"kind,omitempty"`
}

// ApplicantKind is what an applicant is.
type ApplicantKind string

const (
	University     ApplicantKind = "university"
	Institute      ApplicantKind = "institute"
	Hospital       ApplicantKind = "hospital"
	EnterpriseHeld ApplicantKind = "enterprise"
	Person         ApplicantKind = "person"
)

// ApplicantKinds lists all of them.
var ApplicantKinds = []ApplicantKind{University, Institute, Hospital, EnterpriseHeld, Person}

// LegalStatus is where a patent stands at the office.
type LegalStatus string

const (
	Pending           LegalStatus = "pending"
	Granted           LegalStatus = "granted"
	Lapsed            LegalStatus = "lapsed" // fees were not paid
	Expired           LegalStatus = "expired"
	Revoked           LegalStatus = "revoked"
	Rejected          LegalStatus = "rejected"
	WithdrawnAtOffice LegalStatus = "withdrawn"
)

// LegalStatuses lists all of them.
var LegalStatuses = []LegalStatus{Pending, Granted, Lapsed, Expired, Revoked, Rejected, WithdrawnAtOffice}

// DeadStatuses lists those with which a patent gives no right any more. Such
// patents are left out of answers unless they are asked for.
var DeadStatuses = []LegalStatus{Lapsed, Expired, Revoked, Rejected, WithdrawnAtOffice}

// TransferMode is a way in which a patent changes hands.
type TransferMode string

const (
	Assignment       TransferMode = "assignment"          // 转让
	Licence          TransferMode = "licence"             // 普通、排他、独占许可
	OpenLicence      TransferMode = "open_licence"        // 开放许可
	UseFirstPayLater TransferMode = "use_first_pay_later" // 先使用后付费
	EquityInvestment TransferMode = "equity"              // 作价入股
	JointDevelopment TransferMode = "joint_development"   // 合作开发
)

// TransferModes lists all of them.
var TransferModes = []TransferMode{Assignment, Licence, OpenLicence, UseFirstPayLater, EquityInvestment, JointDevelopment}

// Texts gives the title and the abstract.
func (p *Patent) Texts() Texts { return Texts{Title: p.Title, Body: p.Abstract} }

// Validate checks every field and names all that are bad; see Faults.
func (p *Patent) Validate() error {
	return Faults(
		validID("number", p.Number),
		required("title", p.Title, maxTitle),
		validText("abstract", p.Abstract, maxBody),
		validText("claims", p.Claims, maxClaims),
		p.validateApplicants(),
		validRegion("region", p.Region),
		p.validateIPC(),
		validText("sector", p.Sector, maxName),
		p.FilingDate.validate("filing_date"),
		p.PublicationDate.validate("publication_date"),
		p.GrantDate.validate("grant_date"),
		p.ExpiryDate.validate("expiry_date"),
		optional("legal_status", p.LegalStatus, LegalStatuses),
		validText("family", p.Family, maxName),
		eachOf("transfer_modes", p.TransferModes, TransferModes),
		p.Fee.validate("fee"),
		validText("tier", p.Tier, maxName),
		validNames("pools", p.Pools),
		inRange("readiness", p.Readiness, 0, 9),
		inRange("self_rating", p.SelfRating, 0, 5),
		p.Rating.validate("rating"),
		validAttributes(p.Attributes),
	)
}

func (p *Patent) validateApplicants() error {
	if len(p.Applicants) > maxList {
		return Invalidf("applicants", "has %d entries, at most %d are allowed", len(p.Applicants), maxList)
	}
	return each(p.Applicants, func(i int, a Applicant) error {
		if required("applicants", a.Name, maxName) == nil && optional("applicants", a.Kind, ApplicantKinds) == nil {
			return nil
		}
		return Faults(required(at("applicants", i)+".name", a.Name, maxName), optional(at("applicants", i)+".kind", a.Kind, ApplicantKinds))
	})
}

func (p *Patent) validateIPC() error {
	if len(p.IPC) > maxList {
		return Invalidf("ipc", "has %d entries, at most %d are allowed", len(p.IPC), maxList)
	}
	return each(p.IPC, func(i int, s string) error {
		if norm, ok := NormaliseIPC(s); !ok || norm != s {
			return Invalidf(at("ipc", i), "%q is not an IPC symbol such as \"H01M 10/0525\"", s)
		}
		return nil
	})
}
