package ingest

import "github.com/duijie/duijie/internal/match"

// checkDays refuses days that cannot have come, as seen on a day: what has happened lies not in
// the future, and no patent is published, granted or over before it is filed. A nil p and an
// empty day have no faults.
func checkDays(p *match.Patent, today match.Date) error {
	if p == nil || today == "" {
		return nil
	}
	filed := p.FilingDate.Number()
	var faults []error
	for _, d := range []struct {
		field string
		day   match.Date
		past  bool
	}{
		{"filing_date", p.FilingDate, true}, {"publication_date", p.PublicationDate, true},
		{"grant_date", p.GrantDate, true}, {"expiry_date", p.ExpiryDate, false},
	} {
		switch n := d.day.Number(); {
		case n == 0:
		case d.past && n > today.Number():
			faults = append(faults, match.Invalidf(d.field, "%s lies in the future", string(d.day)))
		case n < filed:
			faults = append(faults, match.Invalidf(d.field, "%s is before the day of filing, %s", string(d.day), string(p.FilingDate)))
		}
	}
	return match.Faults(faults...)
}
