package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// FromPatent reads a patent that is to be written for tenant, and validates it. Of
// p.Info it takes the visibility alone; the rest is the service's to say.
func FromPatent(p *pb.Patent, tenant string) (match.Record, error) {
	r := reader{at: "patent"}
	if p == nil {
		r.fail("", "is missing")
		return match.Record{}, r.err
	}
	out := match.NewPatent(tenant, match.Patent{
		Number:          p.GetNumber(),
		Title:           p.GetTitle(),
		Abstract:        p.GetAbstract(),
		Claims:          p.GetClaims(),
		Applicants:      fromApplicants(&r, p.GetApplicants()),
		Region:          r.coded("region", p.GetRegion(), vocabulary.Region, match.NotRegion),
		IPC:             copied(p.GetIpc()),
		Sector:          p.GetSector(),
		FilingDate:      match.Date(p.GetFilingDate()),
		PublicationDate: match.Date(p.GetPublicationDate()),
		GrantDate:       match.Date(p.GetGrantDate()),
		ExpiryDate:      match.Date(p.GetExpiryDate()),
		LegalStatus:     read(&r, "legal_status", legalStatuses, p.GetLegalStatus(), 0),
		Family:          p.GetFamily(),
		TransferModes:   readEach(&r, "transfer_modes", transferModes, p.GetTransferModes()),
		Fee:             fromMoney(p.GetFee()),
		Tier:            p.GetTier(),
		Pools:           copied(p.GetPools()),
		Readiness:       int(p.GetReadiness()),
		SelfRating:      int(p.GetSelfRating()),
		Rating:          fromRating(p.GetRating()),
		Attributes:      copiedMap(p.GetAttributes()),
	})
	out.Visibility = fromInfo(&r, p.GetInfo())
	if err := r.done(out.Ref.String(), out.Patent.Validate()); err != nil {
		return match.Record{}, err
	}
	return out, nil
}

// ToPatent writes a record of kind patent. State and reason, which are not part of
// a record, tell how far it is on its way into the answers; empty is not known.
func ToPatent(r *match.Record, state match.State, reason string) *pb.Patent {
	p := r.Patent
	return &pb.Patent{
		Number:          p.Number,
		Title:           p.Title,
		Abstract:        p.Abstract,
		Claims:          p.Claims,
		Applicants:      convert(p.Applicants, toApplicant),
		Region:          p.Region,
		Ipc:             copied(p.IPC),
		Sector:          p.Sector,
		FilingDate:      string(p.FilingDate),
		PublicationDate: string(p.PublicationDate),
		GrantDate:       string(p.GrantDate),
		ExpiryDate:      string(p.ExpiryDate),
		LegalStatus:     legalStatuses.number(p.LegalStatus),
		Family:          p.Family,
		TransferModes:   transferModes.eachNumber(p.TransferModes),
		Fee:             toMoney(p.Fee),
		Tier:            p.Tier,
		Pools:           copied(p.Pools),
		Readiness:       int32Of(p.Readiness),
		SelfRating:      int32Of(p.SelfRating),
		Rating:          toRating(p.Rating),
		Attributes:      copiedMap(p.Attributes),
		Info:            toInfo(r, state, reason),
	}
}

func fromApplicants(r *reader, list []*pb.Applicant) []match.Applicant {
	return convertAt(list, func(i int, a *pb.Applicant) match.Applicant {
		kind := read(r, indexed("applicants", i)+".kind", applicantKinds, a.GetKind(), 0)
		return match.Applicant{Name: a.GetName(), Kind: kind}
	})
}

func toApplicant(a match.Applicant) *pb.Applicant {
	return &pb.Applicant{Name: a.Name, Kind: applicantKinds.number(a.Kind)}
}
