package retrieve

import (
	"cmp"
	"maps"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// facetFields are what candidates are counted by, and how long the tokens are that count; 0 is
// any. Regions count by province, symbols of the IPC and industries by section.
var facetFields = map[match.Kind][]struct {
	field  string
	length int
}{
	match.PatentKind: {
		{match.FieldRegion, 2}, {match.FieldSector, 0}, {match.FieldIPC, 1}, {match.FieldLegalStatus, 0},
		{match.FieldTransferMode, 0}, {match.FieldApplicantKind, 0},
	},
	match.DemandKind: {
		{match.FieldRegion, 2}, {match.FieldSector, 0}, {match.FieldIndustry, 1}, {match.FieldTransferMode, 0}, {match.FieldEnterpriseKind, 0},
	},
}

// facets counts candidates by their fields, the most frequent value first, equal ones in their
// order. What a demand keeps back counts as not said.
func facets(kind match.Kind, list []*candidate) []match.Facet {
	payloads := make([]match.Payload, len(list))
	for i, c := range list {
		payloads[i] = c.record.Payload()
	}
	var out []match.Facet
	for _, f := range facetFields[kind] {
		facet, counts := match.Facet{Field: f.field}, map[string]int{}
		for _, p := range payloads {
			said := false
			for _, token := range p.Tokens[f.field] {
				if f.length == 0 || len(token) == f.length {
					counts[token]++
					said = true
				}
			}
			if !said {
				facet.Without++
			}
		}
		for _, value := range slices.Sorted(maps.Keys(counts)) {
			facet.Values = append(facet.Values, match.FacetValue{Value: value, Count: counts[value]})
		}
		slices.SortStableFunc(facet.Values, func(a, b match.FacetValue) int { return cmp.Compare(b.Count, a.Count) })
		out = append(out, facet)
	}
	return out
}
