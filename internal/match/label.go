package match

import "time"

// Level is how well a patent serves a demand.
type Level uint8

const (
	NoFit         Level = 1 // of no use for the demand
	WeakFit       Level = 2 // the same field, a piece of use
	RatherGoodFit Level = 3 // serves the main point, a gap remains
	StrongFit     Level = 4 // serves the demand as it is, or nearly
)

// Label is one judgement of a pair.
type Label struct {
	Tenant string    `json:"tenant,omitempty"`
	Demand string    `json:"demand_id"`
	Patent string    `json:"patent_number"`
	Level  Level     `json:"level"`
	Rater  string    `json:"rater,omitempty"`
	At     time.Time `json:"time,omitzero"`
	Reason string    `json:"reason,omitempty"`
	// Source tells experts from labels that were derived.
	Source LabelSource `json:"source,omitempty"`
	// DemandRevision and PatentRevision are what the rater saw; 0 is unknown.
	DemandRevision int64 `json:"demand_revision,omitempty"`
	PatentRevision int64 `json:"patent_revision,omitempty"`
	// Relevance is the estimate, 0 to 1, that a derived label's level was made of, and
	// Weight how much evidence is behind it, 0 to 1. Both are 0 for a person's label,
	// which counts in full.
	Relevance float64 `json:"relevance,omitempty"`
	Weight    float64 `json:"weight,omitempty"`
}

// LabelSource tells where a label comes from.
type LabelSource string

const (
	ExpertSource LabelSource = "expert"
	EventSource  LabelSource = "event" // derived from what the parties did
	ModelSource  LabelSource = "model" // proposed by a language model
)

// Validate checks every field and names all that are bad; see Faults.
func (l *Label) Validate() error {
	return Faults(
		required("tenant", l.Tenant, maxName),
		validID("demand_id", l.Demand),
		validID("patent_number", l.Patent),
		inRange("level", int(l.Level), int(NoFit), int(StrongFit)),
		validText("rater", l.Rater, maxName),
		validText("reason", l.Reason, maxTitle),
		optional("source", l.Source, []LabelSource{ExpertSource, EventSource, ModelSource}),
		l.validShare("relevance", l.Relevance),
		l.validShare("weight", l.Weight),
	)
}

// validShare keeps estimates out of what a person says.
func (l *Label) validShare(field string, v float64) error {
	switch {
	case v == 0:
		return nil
	case !(v > 0 && v <= 1):
		return Invalidf(field, "must be from 0 to 1")
	case l.Source == "" || l.Source == ExpertSource:
		return Invalidf(field, "is for derived labels alone")
	}
	return nil
}
