package match

import "time"

// PoolRequest asks for patents that together serve a demand.
type PoolRequest struct {
	ID     string
	Tenant string
	// From is the stored demand; its ID is empty where Texts are given instead.
	From   Ref
	Texts  Texts
	Filter Filter
	// MaxPatents is the largest number of patents wanted, 1 to MaxPool.
	MaxPatents int
	// Model and Party are as in Request.
	Model, Party string
}

// MaxPool is the largest pool.
const MaxPool = 10

// Pool is the smallest set of patents found that covers what a demand asks for.
//
//	Reached   = Σ Elements[i].Weight · worth(Elements[i].Verdict)
//	Reachable = the same with all patents that were considered
//
// where worth is 1 for covered, 1/2 for partly and 0 for anything else.
type Pool struct {
	RequestID string
	Query     Record
	// Patents come in the order in which they add most.
	Patents []PoolPatent
	// Elements are what the demand asks for, in its order.
	Elements []PoolElement
	// Reached, Reachable and Whole are sums of weights: of the pool, of all patents that were
	// considered, and of all elements.
	Reached, Reachable, Whole float64
	// Considered counts the patents that the pool was chosen from, Holders the first
	// applicants of those in it.
	Considered, Holders int
	// Exact tells whether all sets of the size were compared, or a greedy choice was made.
	Exact    bool
	Summary  LocalText
	Degraded []string
	Versions Versions
	Took     time.Duration
}

// PoolPatent is a patent of a pool.
type PoolPatent struct {
	Hit Hit
	// Adds are the places of the elements, from 0, that this patent serves better than those
	// before it.
	Adds []int
	// OpenLicence tells whether it is to be had under an open licence.
	OpenLicence bool
	Why         LocalText
}

// PoolElement is something that the demand asks for, and who serves it.
type PoolElement struct {
	Kind   ElementKind
	Demand Span
	Weight float64
	// Verdict is the best of the pool.
	Verdict Verdict
	// Answers are those of the pool's patents that speak of it, the best first.
	Answers []PoolAnswer
	Why     LocalText
}

// PoolAnswer is what one patent says to an element.
type PoolAnswer struct {
	Patent  Ref
	Verdict Verdict
	// Evidence is where the patent says so.
	Evidence Span
	Score    float64
	Note     LocalText
}
