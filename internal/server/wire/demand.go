package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// FromDemand reads a demand that is to be written for tenant, and validates it. Of
// d.Info it takes the visibility alone; the rest is the service's to say.
func FromDemand(d *pb.Demand, tenant string) (match.Record, error) {
	r := reader{at: "demand"}
	if d == nil {
		r.fail("", "is missing")
		return match.Record{}, r.err
	}
	out := match.NewDemand(tenant, match.Demand{
		ID:            d.GetId(),
		Title:         d.GetTitle(),
		Text:          d.GetText(),
		Enterprise:    fromEnterprise(&r, d.GetEnterprise()),
		Sector:        d.GetSector(),
		Budget:        fromMoney(d.GetBudget()),
		Deadline:      match.Date(d.GetDeadline()),
		TransferModes: readEach(&r, "transfer_modes", transferModes, d.GetTransferModes()),
		State:         read(&r, "state", demandStates, d.GetState(), 0),
		Confidential:  copied(d.GetConfidentialFields()),
		Standing:      d.GetStanding(),
		Rating:        fromRating(d.GetRating()),
		Attributes:    copiedMap(d.GetAttributes()),
	})
	out.Visibility = fromInfo(&r, d.GetInfo())
	if err := r.done(out.Ref.String(), out.Demand.Validate()); err != nil {
		return match.Record{}, err
	}
	return out, nil
}

// ToDemand writes a record of kind demand with all its fields, confidential ones
// included: it is meant for the owner. What others see is in ToHit.
func ToDemand(r *match.Record, state match.State, reason string) *pb.Demand {
	d := r.Demand
	return &pb.Demand{
		Id:                 d.ID,
		Title:              d.Title,
		Text:               d.Text,
		Enterprise:         toEnterprise(d.Enterprise),
		Sector:             d.Sector,
		Budget:             toMoney(d.Budget),
		Deadline:           string(d.Deadline),
		TransferModes:      transferModes.eachNumber(d.TransferModes),
		State:              demandStates.number(d.State),
		ConfidentialFields: copied(d.Confidential),
		Standing:           d.Standing,
		Rating:             toRating(d.Rating),
		Attributes:         copiedMap(d.Attributes),
		Info:               toInfo(r, state, reason),
	}
}

func fromEnterprise(r *reader, e *pb.Enterprise) match.Enterprise {
	return match.Enterprise{
		Name:     e.GetName(),
		Region:   r.coded("enterprise.region", e.GetRegion(), vocabulary.Region, match.NotRegion),
		Industry: r.coded("enterprise.industry", e.GetIndustry(), vocabulary.Industry, match.NotIndustry),
		Kind:     read(r, "enterprise.kind", enterpriseKinds, e.GetKind(), 0),
	}
}

func toEnterprise(e match.Enterprise) *pb.Enterprise {
	if e == (match.Enterprise{}) {
		return nil
	}
	return &pb.Enterprise{
		Name:     e.Name,
		Region:   e.Region,
		Industry: e.Industry,
		Kind:     enterpriseKinds.number(e.Kind),
	}
}

// FromPlainText reads a text that is not stored. An unspecified kind is a demand.
func FromPlainText(t *pb.PlainText) (match.Kind, match.Texts, error) {
	r := reader{at: "text"}
	kind := read(&r, "kind", kinds, t.GetKind(), pb.RecordKind_RECORD_KIND_DEMAND)
	texts := match.Texts{Title: t.GetTitle(), Body: t.GetBody()}
	if texts.Empty() {
		r.fail("", "title and body are both empty")
	}
	return kind, texts, r.err
}

// ToPlainText is the inverse of FromPlainText, for clients.
func ToPlainText(kind match.Kind, t match.Texts) *pb.PlainText {
	return &pb.PlainText{Kind: kinds.number(kind), Title: t.Title, Body: t.Body}
}
