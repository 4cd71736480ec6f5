package indextest

import (
	"testing"

	"github.com/duijie/duijie/internal/index"
)

// Options adapts the suite to an implementation. The zero value is a full run
// without the cases that reopen.
type Options struct {
	// Points is how many random points brute force is compared on; 0 is 3000.
	Points int
	// Dim is their number of dimensions; 0 is 48.
	Dim int
	// Queries is how many searches each form of filter gets; 0 is 12.
	Queries int
	// Tolerance is how far a score may be from the one in float64, and how
	// close two scores are a tie; 0 is 1e-6.
	Tolerance float64
	// LooseCut is set where Limit may fall among equal scores and an arbitrary
	// choice of them is returned (still in the order of keys).
	LooseCut bool
	// ModelsApart is set where another model opens another collection, empty and
	// beside the first, and so is no conflict.
	ModelsApart bool
	// Reopen opens, with a perhaps different spec, what the last call of open
	// in the same test made and the test has closed. Nil skips what needs it.
	Reopen func(t *testing.T, spec index.Spec) (index.Index, error)
}

func (o Options) withDefaults() Options {
	if o.Points == 0 {
		o.Points = 3000
	}
	if o.Dim == 0 {
		o.Dim = 48
	}
	if o.Queries == 0 {
		o.Queries = 12
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	return o
}

// suite is one run over one implementation.
type suite struct {
	Options
	open func(t *testing.T, spec index.Spec) index.Index
}

// Run checks every promise of the contract. open returns a new empty index for
// each call; it is called with the t of a subtest, and the suite closes what it
// returns. No two of the calls are at once.
func Run(t *testing.T, open func(t *testing.T, spec index.Spec) index.Index, o Options) {
	s := &suite{o.withDefaults(), open}
	for _, c := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"a point is found after its upsert", s.upsert},
		{"an upsert replaces vectors and payload", s.replace},
		{"the later of two points with one key in a batch counts", s.duplicate},
		{"a deleted point is gone, and unknown keys are no error", s.delete},
		{"keys are any text", s.keys},
		{"search equals brute force on random vectors", s.random},
		{"search equals brute force on clustered vectors", s.clustered},
		{"search equals brute force after upserts and deletes", s.churn},
		{"a selective filter leaves no hit out", s.selective},
		{"each named vector is searched alone", s.named},
		{"a point without a vector is not found by it", s.lacking},
		{"the zero vector is found by no search and finds nothing", s.zero},
		{"equal scores are in the order of keys", s.ties},
		{"a limit beyond the size returns all", s.largeLimit},
		{"many searches at once are those one by one", s.many},
		{"many searches with a bad one are refused, and it is named", s.refusedMany},
		{"vectors come back in the order of keys", s.vectors},
		{"what is returned is the caller's own", s.ownership},
		{"count counts what meets the conditions", s.count},
		{"facets agree with the hits", s.facets},
		{"a symbol of the IPC is found by those above it", s.symbols},
		{"an empty index answers", s.empty},
		{"a bad point refuses its batch whole and is named", s.refusedPoints},
		{"a bad query is refused", s.refusedQueries},
		{"a cancelled context stops every call", s.cancelled},
		{"searches and writes run at once", s.concurrent},
		{"what was flushed and closed is there when reopened", s.reopen},
		{"reopening with another spec names the difference", s.otherSpec},
	} {
		t.Run(c.name, c.test)
	}
}
