package match

import "time"

// WhyNot says where a record fell out of an answer, by how much, and what would bring it
// in.
type WhyNot struct {
	RequestID string
	// Query is the record that was matched, as in Answer.
	Query          Record
	Stage          WhyNotStage
	Reason, Remedy LocalText
	// Rank is the place in the whole ranking, from 1; 0 where the record is not ranked.
	// LastRank is the last place that the answer shows.
	Rank, LastRank int
	// State and StateReason are set for a record that is not indexed.
	State       State
	StateReason string
	// Conditions are all those that the record does not meet.
	Conditions []FailedCondition
	// Nominations are where the record stands in the lists of the legs; empty where it was
	// not searched for.
	Nominations []Nomination
	FirstPass   *FirstPass // nil where the record did not come so far
	// Score is that of the pair; nil where it may not be scored.
	Score *Score
	// Shortfall compares the record with the last hit that is shown; nil where one of the
	// two has no score.
	Shortfall *Shortfall
	Degraded  []string
	Versions  Versions
	Route     Route
	Took      time.Duration
}

// WhyNotStage is where a record fell out.
type WhyNotStage string

// The stages, in their order.
const (
	// InAnswer is for a record that did not fall out.
	InAnswer WhyNotStage = "in_answer"
	// UnknownRecord is for one that the tenant does not have.
	UnknownRecord   WhyNotStage = "unknown"
	WithdrawnRecord WhyNotStage = "withdrawn"
	// HiddenRecord is for one of the tenant's own that is private.
	HiddenRecord      WhyNotStage = "hidden"
	FilteredOut       WhyNotStage = "filtered"
	UnavailableRecord WhyNotStage = "unavailable"
	// NotSearchable is for one that is not indexed, yet or any more.
	NotSearchable WhyNotStage = "not_searchable"
	NotNominated  WhyNotStage = "not_nominated"
	// LostFirstPass is for one that was nominated, where others were better before any
	// was scored.
	LostFirstPass WhyNotStage = "first_pass"
	BelowPage     WhyNotStage = "below_page"
)

// WhyNotStages lists them.
var WhyNotStages = []WhyNotStage{
	InAnswer, UnknownRecord, WithdrawnRecord, HiddenRecord, FilteredOut, UnavailableRecord, NotSearchable, NotNominated, LostFirstPass, BelowPage,
}

// FailedCondition is a condition that a record does not meet.
type FailedCondition struct {
	// Field is that of the filter in the JSON form, such as "filter.regions", or that of
	// the record for what is unavailable, such as "legal_status".
	Field           string
	Required, Found LocalText
}

// Nomination is where a record stands in a leg's list.
type Nomination struct {
	Leg LegName
	// Rank is the place, from 1; 0 where it is behind the first Looked.
	Rank, Looked int
	// Depth is how many records the leg nominates.
	Depth int
	// Score is the record's on the leg's scale, Cutoff that of the last nominated one.
	Score, Cutoff float64
	Nominated     bool
}

// FirstPass is what puts nominated records in order before they are scored.
type FirstPass struct {
	Rank, Depth   int // place from 1, and how many go on
	Logit, Cutoff float64
}

// Shortfall compares a record with the last hit that is shown.
type Shortfall struct {
	LastID               string
	LastValue            float64
	LastLogit            float64
	Gap                  float64 // LastLogit − the record's logit
	LastOrdered, Ordered float64 // what hits are ordered by: of the last hit, and of the record
	// Behind are the legs in which the record is behind, the largest difference first.
	Behind []LegDifference
}

// LegDifference is what a leg contributes to two logits.
type LegDifference struct {
	Leg                   LegName
	Last, Own, Difference float64 // Last − Own
}
