package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// FromFilter reads a filter; none at all asks for nothing. What it asks for is
// checked by match.Filter.Conditions, which knows the wanted kind.
func FromFilter(f *pb.Filter) (match.Filter, error) {
	r := reader{at: "filter"}
	out := match.Filter{
		Regions:            copied(f.GetRegions()),
		IPC:                copied(f.GetIpc()),
		Sectors:            copied(f.GetSectors()),
		ApplicantKinds:     readEach(&r, "applicant_kinds", applicantKinds, f.GetApplicantKinds()),
		LegalStatuses:      readEach(&r, "legal_statuses", legalStatuses, f.GetLegalStatuses()),
		TransferModes:      readEach(&r, "transfer_modes", transferModes, f.GetTransferModes()),
		Tiers:              copied(f.GetTiers()),
		Pools:              copied(f.GetPools()),
		Industries:         copied(f.GetIndustries()),
		EnterpriseKinds:    readEach(&r, "enterprise_kinds", enterpriseKinds, f.GetEnterpriseKinds()),
		DemandStates:       readEach(&r, "demand_states", demandStates, f.GetDemandStates()),
		FilingDate:         fromDates(f.GetFilingDate()),
		PublicationDate:    fromDates(f.GetPublicationDate()),
		Deadline:           fromDates(f.GetDeadline()),
		MaxFee:             f.GetMaxFeeCny(),
		MinBudget:          f.GetMinBudgetCny(),
		MinReadiness:       int(f.GetMinReadiness()),
		IncludeUnavailable: f.GetIncludeUnavailable(),
	}
	if r.err != nil {
		return match.Filter{}, r.err
	}
	return out, nil
}

// ToFilter is the inverse of FromFilter, for clients.
func ToFilter(f match.Filter) *pb.Filter {
	return &pb.Filter{
		Regions:            copied(f.Regions),
		Ipc:                copied(f.IPC),
		Sectors:            copied(f.Sectors),
		ApplicantKinds:     applicantKinds.eachNumber(f.ApplicantKinds),
		LegalStatuses:      legalStatuses.eachNumber(f.LegalStatuses),
		TransferModes:      transferModes.eachNumber(f.TransferModes),
		Tiers:              copied(f.Tiers),
		Pools:              copied(f.Pools),
		Industries:         copied(f.Industries),
		EnterpriseKinds:    enterpriseKinds.eachNumber(f.EnterpriseKinds),
		DemandStates:       demandStates.eachNumber(f.DemandStates),
		FilingDate:         toDates(f.FilingDate),
		PublicationDate:    toDates(f.PublicationDate),
		Deadline:           toDates(f.Deadline),
		MaxFeeCny:          f.MaxFee,
		MinBudgetCny:       f.MinBudget,
		MinReadiness:       int32Of(f.MinReadiness),
		IncludeUnavailable: f.IncludeUnavailable,
	}
}

func fromDates(r *pb.DateRange) match.DateRange {
	return match.DateRange{From: match.Date(r.GetFrom()), To: match.Date(r.GetTo())}
}

func toDates(r match.DateRange) *pb.DateRange {
	if r == (match.DateRange{}) {
		return nil
	}
	return &pb.DateRange{From: string(r.From), To: string(r.To)}
}
