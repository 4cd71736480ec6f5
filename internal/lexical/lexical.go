package lexical

import (
	"context"

	"github.com/duijie/duijie/internal/match"
)

// Index finds texts by what they share with another. Implementations are safe
// for concurrent use.
//
// A text is a set of terms: text.Terms says which. The score of a document d for
// a query q is BM25 (Robertson and Zaragoza 2009, The Probabilistic Relevance
// Framework) with k1 = 1.2 and b = 0.75 and the idf that is never negative:
//
//	Σ over the distinct terms t of q:  idf(t) · tf·(k1+1) / (tf + k1·(1−b+b·|d|/avgdl))
//	idf(t) = ln(1 + (N − n(t) + 0.5) / (n(t) + 0.5))
//
// N, n(t) and avgdl are taken over all documents of the collection, whatever the
// filter, so that a score does not depend on the filter.
type Index interface {
	// Upsert stores documents, replacing those with the same keys; of several with
	// one key in a batch the last one stays. A batch with a document without a
	// key is refused whole with an error of kind match.Invalid. A batch whose
	// context is cancelled may have stored some of its documents.
	Upsert(ctx context.Context, docs []Doc) error
	// Delete removes documents; unknown keys are no error.
	Delete(ctx context.Context, keys []string) error
	// Search returns the documents that share a term with the query, best first. Of a
	// long query in a large collection it may miss some, unless Exact is set; those
	// that it returns have their scores in any case.
	// A limit below 1 is an error of kind match.Invalid.
	Search(ctx context.Context, q Query) ([]Hit, error)
	// Score returns a Hit for each of keys, in their order, with the same score
	// that Search gives; a document without a shared term or an unknown key has
	// score 0.
	Score(ctx context.Context, text string, keys []string) ([]Hit, error)
	// Terms returns what each term contributes to the score of one document,
	// largest first, equal ones in the order of the terms. The contributions add
	// up to the score; an unknown key has none.
	Terms(ctx context.Context, text, key string) ([]Term, error)
	// Count counts the documents.
	Count(ctx context.Context) (int, error)
	// Flush returns once every write that returned before survives a crash of this
	// process and of the machine, and with them the mark. An index in memory forgets
	// both when it is closed.
	Flush(ctx context.Context, mark int64) error
	// Mark returns the mark of the last Flush that the index holds, also one before it
	// was opened; 0 where there is none. After a crash, what was written later than
	// that is to be written again: it may be there in part.
	Mark() int64
	// Close releases what the index holds, and does not flush. Nothing may be called
	// after it.
	Close() error
}

// Doc is a text to be found.
type Doc struct {
	Key     string
	Text    string
	Payload match.Payload
}

// Query asks for documents.
type Query struct {
	Text       string
	Conditions []match.Condition
	Limit      int // at least 1
	// Exact asks for the true best ones where the index would take a long query by
	// its most telling terms.
	Exact bool
}

// Hit is a document found.
type Hit struct {
	Key   string
	Score float64
	// Shared counts the distinct terms that the query and the document have in
	// common, QueryTerms and DocTerms the distinct terms of each.
	Shared, QueryTerms, DocTerms int
}

// Term is one addend of a score.
type Term struct {
	Text         string
	Contribution float64
}
