package retrieve

import (
	"context"
	"fmt"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// broader lists the conditions that may be dropped, in the order in which they are: what is
// of taste first, what the matter itself depends on last. What cannot be had is never let in,
// nor are legal status and state.
var broader = []struct {
	field string
	drop  func(*match.Filter)
}{
	{"tiers", func(f *match.Filter) { f.Tiers = nil }},
	{"pools", func(f *match.Filter) { f.Pools = nil }},
	{"enterprise_kinds", func(f *match.Filter) { f.EnterpriseKinds = nil }},
	{"applicant_kinds", func(f *match.Filter) { f.ApplicantKinds = nil }},
	{"publication_date", func(f *match.Filter) { f.PublicationDate = match.DateRange{} }},
	{"filing_date", func(f *match.Filter) { f.FilingDate = match.DateRange{} }},
	{"deadline", func(f *match.Filter) { f.Deadline = match.DateRange{} }},
	{"min_readiness", func(f *match.Filter) { f.MinReadiness = 0 }},
	{"regions", func(f *match.Filter) { f.Regions = nil }},
	{"max_fee_cny", func(f *match.Filter) { f.MaxFee = 0 }},
	{"min_budget_cny", func(f *match.Filter) { f.MinBudget = 0 }},
	{"transfer_modes", func(f *match.Filter) { f.TransferModes = nil }},
	{"industries", func(f *match.Filter) { f.Industries = nil }},
	{"ipc", func(f *match.Filter) { f.IPC = nil }},
	{"sectors", func(f *match.Filter) { f.Sectors = nil }},
}

// BroadeningOrder lists the fields of a filter in the order in which they are dropped.
func BroadeningOrder() []string {
	out := make([]string, len(broader))
	for i, b := range broader {
		out[i] = b.field
	}
	return out
}

// dropped is a condition that was dropped, and the test that it was.
type dropped struct {
	field      string
	conditions []match.Condition
}

// broaden drops conditions of the filter, one after another, until the list has as many hits
// as were asked for. Candidates come with the number of the step that let them in, and with
// the fields that they do not meet.
func (s *search) broaden(ctx context.Context, found []*candidate) ([]*candidate, error) {
	want := s.asked.Shape.MinHits
	if want == 0 {
		return found, nil
	}
	s.broadening = &match.Broadening{Met: s.shown(found)}
	report, have := s.broadening, s.broadening.Met
	filter := s.asked.Filter
	today := match.DateOf(s.engine.Now())
	var gone []dropped
	for _, b := range broader {
		if have >= want {
			break
		}
		before := s.conditions
		b.drop(&filter)
		after, err := filter.Conditions(s.target, s.asked.Tenant, today)
		if err != nil {
			return nil, err
		}
		lost := lostConditions(before, after)
		if len(lost) == 0 {
			continue // it asked for nothing
		}
		gone = append(gone, dropped{b.field, lost})
		s.conditions = after
		more, err := s.candidates(ctx)
		if err != nil {
			return nil, err
		}
		found = merged(found, more, len(gone), gone)
		have = s.shown(found)
		report.Steps = append(report.Steps, match.BroadenStep{Field: b.field, Hits: have, Why: droppedWhy(b.field, have)})
	}
	report.Enough = have >= want
	s.degraded = unique(s.degraded) // each search says what it lacks
	return found, nil
}

func unique(list []string) (out []string) {
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// shown counts the hits that candidates would give.
func (s *search) shown(of []*candidate) int {
	list := slices.Clone(of)
	s.sort(list)
	list, _, _ = s.thin(list)
	return len(list)
}

// merged adds to candidates those of a wider search that are not among them, up to MaxDepth.
func merged(found, more []*candidate, step int, gone []dropped) []*candidate {
	known := make(map[match.Ref]bool, len(found))
	for _, c := range found {
		known[c.record.Ref] = true
	}
	slices.SortFunc(more, byLogit)
	for _, c := range more {
		if known[c.record.Ref] || len(found) >= match.MaxDepth {
			continue
		}
		payload := c.record.Payload()
		for _, d := range gone {
			if !payload.Satisfies(d.conditions) {
				c.unmet = append(c.unmet, d.field)
			}
		}
		if len(c.unmet) > 0 {
			c.step = step
		}
		found = append(found, c)
	}
	return found
}

// lostConditions are those of before that are not in after.
func lostConditions(before, after []match.Condition) (out []match.Condition) {
	for _, b := range before {
		if !slices.ContainsFunc(after, func(a match.Condition) bool { return sameCondition(a, b) }) {
			out = append(out, b)
		}
	}
	return out
}

func sameCondition(a, b match.Condition) bool {
	return a.Field == b.Field && slices.Equal(a.AnyOf, b.AnyOf) && slices.Equal(a.NoneOf, b.NoneOf) && a.OrAbsent == b.OrAbsent &&
		sameBound(a.Min, b.Min) && sameBound(a.Max, b.Max)
}

func sameBound(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func droppedWhy(field string, hits int) match.LocalText {
	w := match.FieldWords(field)
	return match.LocalText{
		ZH: fmt.Sprintf("不再要求%s：共 %d 条结果", w.ZH, hits), EN: fmt.Sprintf("without the condition on %s: %s", w.EN, match.Counted(hits, "hit")),
	}
}
