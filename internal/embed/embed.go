package embed

import (
	"context"
	"fmt"
	"sort"
	"strings"
)

// Role tells a model on which side of a search a text stands. Models that were
// trained with prefixes or instructions treat the two differently; the others
// ignore it.
type Role uint8

const (
	// Document is a text that is indexed and searched for.
	Document Role = iota
	// Query is a text that is searched with.
	Query
)

// Embedder turns texts into vectors. Implementations are safe for concurrent use.
type Embedder interface {
	// Identity names the model so exactly that equal identities mean equal
	// vectors: the kind of embedder, the model's name, and a digest of its
	// weights or of the settings that change its output,
	// such as "static/duijie-zh-1/3f9a5c10b2d4". It never holds a secret.
	Identity() string

	// Dim is the number of dimensions of every vector.
	Dim() int

	// Embed returns one vector for each text, in the order of texts: Dim()
	// float32 numbers of Euclidean length 1. A text in which the model knows
	// nothing (empty, or only white space) has the zero vector, which is
	// similar to nothing.
	//
	// When some texts cannot be embedded and others can, the error is a
	// *PartialError and the vectors of the failed texts are nil. Any other
	// error means that no vector is usable; it is of kind match.Unavailable
	// where a later try may succeed.
	Embed(ctx context.Context, role Role, texts []string) ([][]float32, error)
}

// Limited is an embedder that reads only the beginning of a long text, or refuses it.
type Limited interface {
	// Limit is the number of code points of one text that the model reads for
	// certain, whatever the text; 0 is no limit.
	Limit() int
}

// Remote is an embedder that may send texts to another machine, or asks one that may.
// What a record keeps confidential must not be in them.
type Remote interface {
	Remote() bool
}

// IsRemote tells whether e may send texts to another machine.
func IsRemote(e Embedder) bool {
	r, ok := e.(Remote)
	return ok && r.Remote()
}

// PartialError reports the texts of one call that could not be embedded. The
// others have their vectors.
type PartialError struct {
	// Errs maps the index of each failed text to its reason.
	Errs map[int]error
}

// Error names the failed texts in order, the first three with their reasons.
func (e *PartialError) Error() string {
	at := make([]int, 0, len(e.Errs))
	for i := range e.Errs {
		at = append(at, i)
	}
	sort.Ints(at)
	var b strings.Builder
	fmt.Fprintf(&b, "%d texts could not be embedded", len(at))
	for n, i := range at {
		if n == 3 {
			b.WriteString("; …")
			break
		}
		fmt.Fprintf(&b, "; text %d: %v", i, e.Errs[i])
	}
	return b.String()
}
