package vocabulary

import "github.com/duijie/duijie/internal/match"

// Filter gives f with values in the places of the words for them. A district stands
// for its city, as it does in files. What is not known stays as it is, to be refused
// by f.Conditions.
func Filter(f match.Filter) match.Filter {
	f.Regions = known(f.Regions, Region)
	f.Industries = known(f.Industries, Industry)
	f.ApplicantKinds = known(f.ApplicantKinds, finder(ApplicantKinds))
	f.LegalStatuses = known(f.LegalStatuses, finder(LegalStatuses))
	f.TransferModes = known(f.TransferModes, finder(TransferModes))
	f.EnterpriseKinds = known(f.EnterpriseKinds, finder(EnterpriseKinds))
	f.DemandStates = known(f.DemandStates, finder(DemandStates))
	for _, r := range []*match.DateRange{&f.FilingDate, &f.PublicationDate, &f.Deadline} {
		r.From, r.To = day(r.From), day(r.To)
	}
	return f
}

func finder[S ~string](e Enum[S]) func(string) (S, bool) { return e.Find }

func known[S, W ~string](words []W, find func(string) (S, bool)) []W {
	if len(words) == 0 {
		return nil
	}
	out := make([]W, len(words))
	for i, word := range words {
		out[i] = word
		if value, ok := find(string(word)); ok && value != "" {
			out[i] = W(value)
		}
	}
	return out
}

func day(d match.Date) match.Date {
	if got, ok := match.ParseDate(HalfWidth(string(d))); ok {
		return got
	}
	return d
}
