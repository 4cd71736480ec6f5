package evaluation

import "fmt"

// MostlyUnjudged is the share of unjudged@k above which the figures of a ranking say little:
// what nobody judged counts as irrelevant.
const MostlyUnjudged = 0.5

// Unjudged is the share of a model's first k ranks that nobody judged, for the first k of
// Cutoffs.Shown at which it is above MostlyUnjudged. It is of no account, and ok false,
// where judged candidates alone are ranked.
func (r *Result) Unjudged(model int) (share float64, k int, ok bool) {
	if r.Options.Candidates != CandidatesAll {
		return 0, 0, false
	}
	for _, k := range r.Options.Cutoffs.Shown {
		v := r.Estimate(model, fmt.Sprintf("unjudged@%d", k)).Value
		if v.Known() && v.Float() > MostlyUnjudged {
			return v.Float(), k, true
		}
	}
	return 0, 0, false
}

// warnUnjudged adds to each model what Unjudged tells.
func (r *Result) warnUnjudged() {
	for i := range r.Models {
		m := &r.Models[i]
		if share, k, ok := r.Unjudged(i); ok {
			m.Warnings = append(m.Warnings[:len(m.Warnings):len(m.Warnings)],
				fmt.Sprintf("%.2f of the first %d ranks are not judged and count as irrelevant: the figures of the ranking are too low, and what was judged may favour one model", share, k))
		}
	}
}
