package index

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// MaxDim is the largest number of dimensions of a Spec.
const MaxDim = 1 << 16

// lengthTolerance is how far from 1 the length of a vector may be: enough for any
// rounding in float32, too little for a vector that nobody normalised.
const lengthTolerance = 1e-3

var collectionForm = regexp.MustCompile(`^[a-z0-9_]+$`)

// Validate reports the first thing that is wrong with s, of kind match.Invalid.
func (s Spec) Validate() error {
	switch {
	case !collectionForm.MatchString(s.Collection):
		return match.Invalidf("collection", fmt.Sprintf("%q is not made of lower-case letters, digits and '_'", s.Collection))
	case s.Model == "":
		return match.Invalidf("model", "is missing")
	case s.Dim < 1 || s.Dim > MaxDim:
		return match.Invalidf("dim", fmt.Sprintf("%d is not between 1 and %d", s.Dim, MaxDim))
	case len(s.Vectors) == 0:
		return match.Invalidf("vectors", "names no vector")
	}
	for i, name := range s.Vectors {
		if name == "" || slices.Contains(s.Vectors[:i], name) {
			return match.Invalidf(fmt.Sprintf("vectors[%d]", i), fmt.Sprintf("%q is empty or there twice", name))
		}
	}
	return nil
}

// Conflict returns nil if stored holds what s asks for, else the error of kind
// match.Conflict that names the first difference. The order of Vectors is none.
func (s Spec) Conflict(stored Spec) error {
	differ := func(field string, have, want any) error {
		return &match.Error{
			Kind: match.Conflict, Record: "index " + stored.Collection, Field: field,
			Reason: fmt.Sprintf("stored with %v, opened with %v", have, want),
		}
	}
	have, want := slices.Sorted(slices.Values(stored.Vectors)), slices.Sorted(slices.Values(s.Vectors))
	switch {
	case s.Collection != stored.Collection:
		return differ("collection", stored.Collection, s.Collection)
	case s.Model != stored.Model:
		return differ("model", stored.Model, s.Model)
	case s.Dim != stored.Dim:
		return differ("dim", stored.Dim, s.Dim)
	case !slices.Equal(have, want):
		return differ("vectors", have, want)
	}
	return nil
}

// CheckPoints finds the first point that no index with this Spec may store, and
// says why in an error of kind match.Invalid.
func (s Spec) CheckPoints(points []Point) error {
	for i := range points {
		if points[i].Key == "" {
			return match.About(fmt.Sprintf("points[%d]", i), match.Invalidf("key", "is missing"))
		}
		if err := s.checkVectors(points[i].Vectors); err != nil {
			return match.About(fmt.Sprintf("point %q", points[i].Key), err)
		}
	}
	return nil
}

func (s Spec) checkVectors(vectors map[string][]float32) error {
	var first error
	for name, v := range vectors {
		err := s.checkVector(name, "vectors."+name, v)
		// The map has no order; the message has one.
		if err != nil && (first == nil || err.Error() < first.Error()) {
			first = err
		}
	}
	return first
}

// CheckQuery says in an error of kind match.Invalid why q cannot be answered.
func (s Spec) CheckQuery(q Query) error {
	if q.Limit < 1 {
		return match.Invalidf("limit", "%d is less than 1", q.Limit)
	}
	return s.checkVector(q.Name, "vector", q.Vector)
}

func (s Spec) checkVector(name, field string, v []float32) error {
	if !slices.Contains(s.Vectors, name) {
		return match.Invalidf(field, fmt.Sprintf("the index has no vector %q, only %q", name, s.Vectors))
	}
	if len(v) != s.Dim {
		return match.Invalidf(field, "has %d dimensions, not %d", len(v), s.Dim)
	}
	square := 0.0
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if math.IsNaN(square) || math.IsInf(square, 0) { // no finite float32 makes it so
		i := slices.IndexFunc(v, func(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) })
		return match.Invalidf(field, "number %d is %v", i, v[i])
	}
	if length := math.Sqrt(square); length != 0 && math.Abs(length-1) > lengthTolerance {
		return match.Invalidf(field, "has length %.6g, neither 1 nor 0", length)
	}
	return nil
}
