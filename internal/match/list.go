package match

import (
	"errors"
	"math"
	"slices"
)

// Shape says how the list of an answer is put together of what was found. The zero value is
// the plain ranking. No part of it changes the score of a pair: it leaves hits out, moves
// them, or lets further ones in, and each hit and the answer say so.
type Shape struct {
	// MaxPerHolder is how many hits one holder may have: of patents the first applicant, of
	// demands the enterprise. 0 is any number.
	MaxPerHolder int
	// Collapse shows members of one family, and texts that are nearly the same, once.
	Collapse bool
	// Diversity, 0 to 1, is how far a hit has to differ from those before it; 0 is not at all.
	Diversity float64
	// Boosts lift hits that meet a condition.
	Boosts []Boost
	// MoreLike and LessLike are ids of the answer's side whose likes are lifted or lowered.
	MoreLike, LessLike []string
	// MinHits drops conditions of the filter until there are so many hits; 0 drops none.
	MinHits int
	// Facets counts the hits by what they can be filtered by.
	Facets bool
	// Exclusions lowers patents that name what the demand rules out by its name (不采用电镀).
	Exclusions bool
}

// Limits of a shape.
const (
	MaxBoosts  = 20
	MaxLikes   = 20
	MaxMinHits = MaxLimit
)

// Boost lifts the hits that meet a condition.
type Boost struct {
	// Filter is the condition, in the words of a filter. It must ask for something.
	Filter Filter
	Level  BoostLevel
}

// BoostLevel is how far a boost lifts.
type BoostLevel string

// The levels of boosts.
const (
	SlightBoost   BoostLevel = "slight"
	ModerateBoost BoostLevel = "moderate"
	StrongBoost   BoostLevel = "strong"
)

// BoostLevels lists them, the weakest first.
var BoostLevels = []BoostLevel{SlightBoost, ModerateBoost, StrongBoost}

// Logit is what a boost adds to the logit that a hit is ordered by; 0 for a level that is not
// known. See evaluation/decisions/0023-lists.md.
func (l BoostLevel) Logit() float64 {
	switch l {
	case SlightBoost:
		return 0.25
	case ModerateBoost:
		return 0.5
	case StrongBoost:
		return 1
	}
	return 0
}

// Words names the level for people.
func (l BoostLevel) Words() LocalText {
	switch l {
	case SlightBoost:
		return LocalText{ZH: "略微", EN: "slight"}
	case ModerateBoost:
		return LocalText{ZH: "适度", EN: "moderate"}
	}
	return LocalText{ZH: "大幅", EN: "strong"}
}

// Plain tells whether the shape asks for nothing.
func (s *Shape) Plain() bool {
	return s.MaxPerHolder == 0 && !s.Collapse && s.Diversity == 0 && len(s.Boosts)+len(s.MoreLike)+len(s.LessLike) == 0 && s.MinHits == 0 && !s.Facets && !s.Exclusions
}

// Validate checks a shape for hits of a kind. Its errors are of kind Invalid and name all
// fields that are wrong.
func (s *Shape) Validate(kind Kind) error {
	var all []error
	fail := func(field, reason string, args ...any) { all = append(all, Invalidf(field, reason, args...)) }
	if s.MaxPerHolder < 0 || s.MaxPerHolder > MaxDepth {
		fail("max_per_holder", "%d is not in 0 to %d", s.MaxPerHolder, MaxDepth)
	}
	if !(s.Diversity >= 0 && s.Diversity <= 1) {
		fail("diversity", "must be from 0 to 1")
	}
	if s.MinHits < 0 || s.MinHits > MaxMinHits {
		fail("min_hits", "%d is not in 0 to %d", s.MinHits, MaxMinHits)
	}
	if len(s.Boosts) > MaxBoosts {
		fail("boosts", "has %d entries, at most %d are allowed", len(s.Boosts), MaxBoosts)
	}
	for i, b := range s.Boosts {
		if b.Level.Logit() == 0 {
			fail(at("boosts", i)+".level", "%q is not one of slight, moderate, strong", string(b.Level))
		}
		if _, err := b.Conditions(kind); err != nil {
			all = append(all, within(at("boosts", i), err))
		}
	}
	for _, list := range []struct {
		field string
		ids   []string
	}{{"more_like", s.MoreLike}, {"less_like", s.LessLike}} {
		if len(list.ids) > MaxLikes {
			fail(list.field, "has %d entries, at most %d are allowed", len(list.ids), MaxLikes)
		}
		for i, id := range list.ids {
			switch {
			case id == "":
				fail(at(list.field, i), "is empty")
			case slices.Contains(list.ids[:i], id):
				fail(at(list.field, i), "%q is given twice", id)
			case list.field == "less_like" && slices.Contains(s.MoreLike, id):
				fail(at(list.field, i), "%q is in more_like as well", id)
			}
		}
	}
	return Faults(all...)
}

// within puts the name of a message before the fields of faults.
func within(name string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	var all []error
	for _, fault := range e.All() {
		named := *fault
		named.Field = name + "." + fault.Field
		all = append(all, &named)
	}
	return Faults(all...)
}

// Conditions are those that a hit of a kind has to meet to be lifted. Its errors are of kind
// Invalid and name the fields as parts of the boost.
func (b Boost) Conditions(kind Kind) ([]Condition, error) {
	out, err := b.Filter.own(kind)
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, Invalidf("filter", "asks for nothing")
	}
	return out, nil
}

// Placement says why a hit is where it is, beyond its score. The hits of an answer that was
// shaped are in the order of Key, those that meet the filter first, unless diversity moved
// them.
//
//	Key = Base + Σ Terms[i].Logit (in that order)
type Placement struct {
	// Base is the logit of what the answer is ordered by: in a forward order Score.Logit.
	Base  float64
	Terms []OrderTerm
	Key   float64
	// Collapsed lists the hits that this one stands for.
	Collapsed []Collapsed
	// MovedFrom is the rank that the hit had before diversity moved it; 0 is not moved.
	MovedFrom int
	// Unmet lists the fields of the filter that the hit does not meet: it was found after
	// they were dropped.
	Unmet []string
	// Why says it in words, one text for each term, move and dropped condition.
	Why []LocalText
}

// OrderTerm is what moves a hit besides its score.
type OrderTerm struct {
	Name OrderTermName
	// Score is on the term's own scale: 1 for a boost and for what is ruled out, a cosine for a
	// likeness.
	Score  float64
	Weight float64
	Logit  float64 // Weight × Score
	Why    LocalText
}

// OrderTermName is the name of a term.
type OrderTermName string

const (
	// BoostTerm is a condition that the hit meets.
	BoostTerm OrderTermName = "boost"
	// MoreLikeTerm is the cosine with the mean of the texts to be more like.
	MoreLikeTerm OrderTermName = "more-like"
	// LessLikeTerm is the cosine with the mean of those to be less like.
	LessLikeTerm OrderTermName = "less-like"
	// RuledOutTerm is something that the demand rules out and the patent names.
	RuledOutTerm OrderTermName = "ruled-out"
)

// Collapsed is a hit that is not shown because another one stands for it.
type Collapsed struct {
	Ref    Ref
	Reason CollapseReason
	// Similarity is the share of the two texts' distinct terms that both have, 0 to 1.
	Similarity float64
	Why        LocalText
}

// CollapseReason is why one hit stands for another.
type CollapseReason string

// The reasons.
const (
	SameFamily    CollapseReason = "family"         // both are of one family
	SameTitle     CollapseReason = "title"          // title and first holder are the same
	NearDuplicate CollapseReason = "near_duplicate" // the texts are nearly the same
)

// CollapseReasons lists them.
var CollapseReasons = []CollapseReason{SameFamily, SameTitle, NearDuplicate}

// Shaped says what a shape did to the list of an answer.
type Shaped struct {
	// Listed counts the hits of all pages.
	Listed int
	// Collapsed counts the hits that others stand for, OverCap those beyond what one holder
	// may have. Considered = Listed + Collapsed + OverCap.
	Collapsed, OverCap int
	// Broadening is set where too few hits met the filter, and more were asked for.
	Broadening *Broadening
	Facets     []Facet
}

// Broadening says which conditions of the filter were dropped, in that order.
type Broadening struct {
	// Met counts the hits that meet the whole filter.
	Met   int
	Steps []BroadenStep
	// Enough tells whether MinHits was reached.
	Enough bool
}

// BroadenStep is a condition that was dropped, with those before it.
type BroadenStep struct {
	Field string // of the filter, such as "regions"
	Hits  int    // that there were then, those before included
	Why   LocalText
}

// Facet counts the candidates that were considered by one of their fields.
type Facet struct {
	Field  string // region (provinces), sector, ipc (sections), legal_status, transfer_mode, applicant_kind, industry (sections), enterprise_kind
	Values []FacetValue
	// Without counts those that say nothing of the field.
	Without int
}

// FacetValue is a value and how many have it. One that has several values counts in each.
type FacetValue struct {
	Value string
	Count int
}

// Logit is ln(p/(1−p)), with p drawn in to 1e-12 and 1−1e-12.
func Logit(p float64) float64 {
	p = min(max(p, 1e-12), 1-1e-12)
	return math.Log(p / (1 - p))
}
