package store

import (
	"context"

	"github.com/duijie/duijie/internal/match"
)

// unknownPage is how many records are asked for at once.
const unknownPage = 1000

// Unknown counts the labels that name a demand or a patent that r does not have,
// and lists those demands and patents, each once, in the order of the labels.
// Withdrawn records count as known.
func Unknown(ctx context.Context, r Records, labels []match.Label) (n int, refs []match.Ref, err error) {
	known, named := map[match.Ref]bool{}, []match.Ref{}
	for i := range labels {
		for _, ref := range recordsOf(&labels[i]) {
			if _, seen := known[ref]; !seen {
				known[ref] = false
				named = append(named, ref)
			}
		}
	}
	for rest := named; len(rest) > 0; {
		page := rest[:min(len(rest), unknownPage)]
		rest = rest[len(page):]
		records, err := r.Get(ctx, page)
		if err != nil {
			return 0, nil, err
		}
		for i, ref := range page {
			if known[ref] = records[i] != nil; !known[ref] {
				refs = append(refs, ref)
			}
		}
	}
	for i := range labels {
		if of := recordsOf(&labels[i]); !known[of[0]] || !known[of[1]] {
			n++
		}
	}
	return n, refs, nil
}

func recordsOf(l *match.Label) [2]match.Ref {
	return [2]match.Ref{
		{Tenant: l.Tenant, Kind: match.DemandKind, ID: l.Demand},
		{Tenant: l.Tenant, Kind: match.PatentKind, ID: l.Patent},
	}
}
