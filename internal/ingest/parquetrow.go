package ingest

import "github.com/duijie/duijie/internal/match"

// rowEnvelope is what stands around the body, in every row.
type rowEnvelope struct {
	Tenant     string `parquet:"tenant"`
	Visibility string `parquet:"visibility"`
	Withdrawn  bool   `parquet:"withdrawn"`
}

type moneyRow struct {
	Min int64 `parquet:"min_cny"`
	Max int64 `parquet:"max_cny"`
}

type ratingRow struct {
	Mean  float64 `parquet:"mean"`
	Count int64   `parquet:"count"`
}

type applicantRow struct {
	Name string `parquet:"name"`
	Kind string `parquet:"kind,optional"`
}

type patentRow struct {
	Number          string         `parquet:"number"`
	Title           string         `parquet:"title"`
	Abstract        string         `parquet:"abstract"`
	Claims          string         `parquet:"claims,optional"`
	Applicants      []applicantRow `parquet:"applicants,list"`
	Region          string         `parquet:"region,optional"`
	IPC             []string       `parquet:"ipc,list"`
	Sector          string         `parquet:"sector,optional"`
	FilingDate      *int32         `parquet:"filing_date,optional,date"`
	PublicationDate *int32         `parquet:"publication_date,optional,date"`
	GrantDate       *int32         `parquet:"grant_date,optional,date"`
	ExpiryDate      *int32         `parquet:"expiry_date,optional,date"`
	LegalStatus     string         `parquet:"legal_status,optional"`
	Family          string         `parquet:"family,optional"`
	TransferModes   []string       `parquet:"transfer_modes,list"`
	Fee             *moneyRow      `parquet:"fee,optional"`
	Tier            string         `parquet:"tier,optional"`
	Pools           []string       `parquet:"pools,list"`
	Readiness       int32          `parquet:"readiness,optional"`
	SelfRating      int32          `parquet:"self_rating,optional"`
	Rating          *ratingRow     `parquet:"rating,optional"`
	Attributes      string         `parquet:"attributes,optional,json"`
	rowEnvelope
}

func newPatentRow(p *match.Patent, around rowEnvelope) *patentRow {
	row := &patentRow{
		Number: p.Number, Title: p.Title, Abstract: p.Abstract, Claims: p.Claims, Region: p.Region, IPC: p.IPC,
		Sector: p.Sector, FilingDate: dayOf(p.FilingDate), PublicationDate: dayOf(p.PublicationDate),
		GrantDate: dayOf(p.GrantDate), ExpiryDate: dayOf(p.ExpiryDate), LegalStatus: string(p.LegalStatus),
		Family: p.Family, TransferModes: plainOf(p.TransferModes), Fee: moneyOf(p.Fee), Tier: p.Tier, Pools: p.Pools,
		Readiness: int32(p.Readiness), SelfRating: int32(p.SelfRating), Rating: ratingOf(p.Rating),
		Attributes: attributesOf(p.Attributes), rowEnvelope: around,
	}
	for _, a := range p.Applicants {
		row.Applicants = append(row.Applicants, applicantRow{Name: a.Name, Kind: string(a.Kind)})
	}
	return row
}

type enterpriseRow struct {
	Name     string `parquet:"name,optional"`
	Region   string `parquet:"region,optional"`
	Industry string `parquet:"industry,optional"`
	Kind     string `parquet:"kind,optional"`
}

type demandRow struct {
	ID            string        `parquet:"id"`
	Title         string        `parquet:"title"`
	Text          string        `parquet:"text"`
	Enterprise    enterpriseRow `parquet:"enterprise"`
	Sector        string        `parquet:"sector,optional"`
	Budget        *moneyRow     `parquet:"budget,optional"`
	Deadline      *int32        `parquet:"deadline,optional,date"`
	TransferModes []string      `parquet:"transfer_modes,list"`
	State         string        `parquet:"state,optional"`
	Confidential  []string      `parquet:"confidential_fields,list"`
	Standing      bool          `parquet:"standing"`
	Rating        *ratingRow    `parquet:"rating,optional"`
	Attributes    string        `parquet:"attributes,optional,json"`
	rowEnvelope
}

func newDemandRow(d *match.Demand, around rowEnvelope) *demandRow {
	e := d.Enterprise
	return &demandRow{
		ID: d.ID, Title: d.Title, Text: d.Text,
		Enterprise: enterpriseRow{Name: e.Name, Region: e.Region, Industry: e.Industry, Kind: string(e.Kind)},
		Sector:     d.Sector, Budget: moneyOf(d.Budget), Deadline: dayOf(d.Deadline),
		TransferModes: plainOf(d.TransferModes), State: string(d.State), Confidential: d.Confidential,
		Standing: d.Standing, Rating: ratingOf(d.Rating), Attributes: attributesOf(d.Attributes), rowEnvelope: around,
	}
}

type labelRow struct {
	Tenant         string  `parquet:"tenant"`
	Demand         string  `parquet:"demand_id"`
	Patent         string  `parquet:"patent_number"`
	Level          int32   `parquet:"level"`
	Rater          string  `parquet:"rater,optional"`
	At             *int64  `parquet:"time,optional,timestamp(microsecond)"`
	Reason         string  `parquet:"reason,optional"`
	Source         string  `parquet:"source,optional"`
	Relevance      float64 `parquet:"relevance,optional"`
	Weight         float64 `parquet:"weight,optional"`
	DemandRevision int64   `parquet:"demand_revision,optional"`
	PatentRevision int64   `parquet:"patent_revision,optional"`
}
