package match

// Demand is what an enterprise needs. ID and one of Title and Text are required.
type Demand struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`

	Enterprise Enterprise `json:"enterprise,omitzero"`
	// Sector is a code of the catalog's own list of sectors.
	Sector string      `json:"sector,omitempty"`
	Budget *MoneyRange `json:"budget,omitempty"`
	// Deadline is the last day on which an answer is of use; empty is none.
	Deadline Date `json:"deadline,omitempty"`
	// TransferModes lists what the enterprise would accept; empty is anything.
	TransferModes []TransferMode `json:"transfer_modes,omitempty"`
	State         DemandState    `json:"state,omitempty"`
	// Confidential names the fields that the other side may not see before both
	// consent; see ConfidentialFields.
	Confidential []string `json:"confidential_fields,omitempty"`
	// Standing demands stay open after a first answer and take new patents as
	// they come; the others are one-off.
	Standing bool `json:"standing,omitempty"`
	// Rating is what holders of patents gave after contact.
	Rating     *Rating           `json:"rating,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Enterprise is who has the demand.
type Enterprise struct {
	Name string `json:"name,omitempty"`
	// Region is a GB/T 2260 code of 2, 4 or 6 digits.
	Region string `json:"region,omitempty"`
	// Industry is a GB/T 4754 code, such as C3841.
	Industry string         `json:"industry,omitempty"`
	Kind     EnterpriseKind `json:"kind,omitempty"`
}

// EnterpriseKind is a class of enterprise in the programmes that promote patents.
type EnterpriseKind string

const (
	LargeEnterprise EnterpriseKind = "large"
	SME             EnterpriseKind = "sme"
	HighTech        EnterpriseKind = "high_tech"
	HighGrowthSME   EnterpriseKind = "high_growth_sme"
	InnovativeSME   EnterpriseKind = "innovative_sme"
	SpecialisedSME  EnterpriseKind = "specialised_sme" // 专精特新
	LittleGiant     EnterpriseKind = "little_giant"    // 专精特新小巨人
)

// EnterpriseKinds lists all of them.
var EnterpriseKinds = []EnterpriseKind{LargeEnterprise, SME, HighTech, HighGrowthSME, InnovativeSME, SpecialisedSME, LittleGiant}

// DemandState tells whether a demand still wants answers.
type DemandState string

const (
	Open   DemandState = "open"
	Paused DemandState = "paused"
	Closed DemandState = "closed"
)

// DemandStates lists all of them.
var DemandStates = []DemandState{Open, Paused, Closed}

// ConfidentialFields lists the fields that a demand can keep back.
var ConfidentialFields = []string{
	"title", "text", "enterprise", "enterprise.name", "enterprise.region",
	"enterprise.industry", "enterprise.kind", "budget", "deadline", "attributes",
}

// Texts gives the title and the text.
func (d *Demand) Texts() Texts { return Texts{Title: d.Title, Body: d.Text} }

// Validate checks every field and names all that are bad; see Faults.
func (d *Demand) Validate() error {
	var untold error
	if d.Texts().Empty() {
		untold = Invalidf("text", "title and text are both empty")
	}
	return Faults(
		untold,
		validID("id", d.ID),
		validText("title", d.Title, maxTitle),
		validText("text", d.Text, maxBody),
		validText("enterprise.name", d.Enterprise.Name, maxName),
		validRegion("enterprise.region", d.Enterprise.Region),
		validIndustry(d.Enterprise.Industry),
		optional("enterprise.kind", d.Enterprise.Kind, EnterpriseKinds),
		validText("sector", d.Sector, maxName),
		d.Budget.validate("budget"),
		d.Deadline.validate("deadline"),
		eachOf("transfer_modes", d.TransferModes, TransferModes),
		optional("state", d.State, DemandStates),
		eachOf("confidential_fields", d.Confidential, ConfidentialFields),
		d.Rating.validate("rating"),
		validAttributes(d.Attributes),
	)
}

// IsConfidential tells whether the other side may not see field.
func (d *Demand) IsConfidential(field string) bool {
	for _, c := range d.Confidential {
		if c == field || len(field) > len(c) && field[:len(c)] == c && field[len(c)] == '.' {
			return true
		}
	}
	return false
}

// Redacted returns a copy of d as the other side may see it: confidential
// fields have their zero value.
func (d *Demand) Redacted() *Demand {
	out := *d
	for _, field := range d.Confidential {
		switch field {
		case "title":
			out.Title = ""
		case "text":
			out.Text = ""
		case "enterprise":
			out.Enterprise = Enterprise{}
		case "enterprise.name":
			out.Enterprise.Name = ""
		case "enterprise.region":
			out.Enterprise.Region = ""
		case "enterprise.industry":
			out.Enterprise.Industry = ""
		case "enterprise.kind":
			out.Enterprise.Kind = ""
		case "budget":
			out.Budget = nil
		case "deadline":
			out.Deadline = ""
		case "attributes":
			out.Attributes = nil
		}
	}
	return &out
}
