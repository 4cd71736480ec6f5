package index

import (
	"context"

	"github.com/duijie/duijie/internal/match"
)

// Index finds the nearest vectors. Implementations are safe for concurrent use.
type Index interface {
	// Upsert stores points, replacing those with the same keys; of two points
	// with one key in a batch the later counts. A batch with one bad point (no
	// key, a vector that Spec does not name, a wrong number of dimensions, a
	// number that is not finite, a length other than 1 and 0) is refused whole
	// with an error of kind match.Invalid that names the point: see
	// Spec.CheckPoints. A point may lack vectors, or have the zero vector: no
	// search in that vector finds it.
	Upsert(ctx context.Context, points []Point) error

	// Delete removes points; unknown keys are no error.
	Delete(ctx context.Context, keys []string) error

	// Search returns the nearest points, best first. A query that Spec.CheckQuery
	// refuses is an error of kind match.Invalid.
	Search(ctx context.Context, q Query) ([]Hit, error)

	// Vectors returns the stored vectors of keys, each as quant.Round gives it, in the
	// order of keys; an unknown key gives a Point without vectors.
	Vectors(ctx context.Context, keys []string) ([]Point, error)

	// Count counts the points that meet all conditions.
	Count(ctx context.Context, conditions []match.Condition) (int, error)

	// Flush returns once every write that returned before survives a crash of
	// this process and of the machine.
	Flush(ctx context.Context) error

	// Close flushes and releases what the index holds. Nothing may be called after it.
	Close() error
}

// Reshaper is what an Index offers besides whose collection can get other settings, as
// they were configured when it was opened, while it answers.
type Reshaper interface {
	// Reshape gives the collection its settings, and tells whether any differed. That
	// may take as long as copying the collection. Searches go on meanwhile, and no
	// process but this one may write.
	Reshape(ctx context.Context) (did bool, err error)
}

// Spec says what a collection holds. Opening an existing collection with
// another Spec is an error of kind match.Conflict that names the difference.
type Spec struct {
	// Collection is "patents" or "demands": lower-case letters, digits and '_'.
	Collection string
	// Model is the identity of the embedder. Vectors of two models are never mixed.
	Model string
	Dim   int
	// Vectors names the vectors that a point may have.
	Vectors []string
}

// Point is a record as the index knows it.
type Point struct {
	Key string
	// Vectors holds float32 vectors of Spec.Dim dimensions and length 1 (or 0) by name.
	Vectors map[string][]float32
	Payload match.Payload
}

// Query asks for the points nearest to a vector.
type Query struct {
	// Name is the vector that is searched.
	Name string
	// Vector has length 1. The zero vector is similar to nothing: no hits.
	Vector     []float32
	Conditions []match.Condition
	// Limit is the number of hits wanted, at least 1.
	Limit int
	// Exact asks for the true nearest ones where the index would approximate.
	Exact bool
}

// Hit is a point found.
type Hit struct {
	Key string
	// Score is the cosine of the query and the stored vector, computed in float32.
	Score float32
}
