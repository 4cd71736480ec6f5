package retrieve

import "github.com/duijie/duijie/internal/match"

// meets tells whether a record that was read may be shown under a filter's conditions. The
// index that nominated it may know an older revision, so that nothing is taken for granted:
// not that it is there, not that it is public, and no condition.
func meets(r *match.Record, conditions []match.Condition) bool {
	return r != nil && !r.Withdrawn && r.Visibility != match.Private && r.Payload().Satisfies(conditions)
}
