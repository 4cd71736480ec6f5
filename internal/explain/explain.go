package explain

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// Explainer makes explanations. It is safe for concurrent use.
type Explainer struct {
	// Embedder compares sentences.
	Embedder embed.Embedder
}

// Limits of one explanation.
const (
	maxEvidence   = 3
	maxTerms      = 8
	minSimilarity = 0.3
	// maxSentences keeps very long texts from costing more than they tell.
	maxSentences = 60
)

// Side is a record taken apart once, to be explained against many others.
type Side struct {
	record    *match.Record
	sentences []sentence
	fields    []field
}

type field struct {
	name  string
	text  string
	runes []rune // folded
}

type sentence struct {
	span   match.Span
	vector []float32
}

// Side takes a record apart, without its confidential fields.
func (e *Explainer) Side(ctx context.Context, r *match.Record) (*Side, error) {
	s := &Side{record: r}
	for _, f := range visibleFields(r) {
		f.runes = text.Folded(f.text)
		s.fields = append(s.fields, f)
		for _, at := range text.Sentences(f.text) {
			if len(s.sentences) < maxSentences {
				s.sentences = append(s.sentences, sentence{span: s.span(f, at)})
			}
		}
	}
	texts := make([]string, len(s.sentences))
	for i := range s.sentences {
		texts[i] = s.sentences[i].span.Text
	}
	vectors, err := e.Embedder.Embed(ctx, embed.Document, texts)
	if err != nil {
		return nil, fmt.Errorf("embedding the sentences of %v: %w", r.Ref, err)
	}
	for i, v := range vectors {
		s.sentences[i].vector = v
	}
	return s, nil
}

// Explain says what the query and the hit have in common. Terms are the
// contributions of the lexical leg to the hit's score, for the query's text.
func (e *Explainer) Explain(query, hit *Side, score match.Score, terms []lexical.Term) *match.Explanation {
	demand, patent := query, hit
	if query.record.Kind == match.PatentKind {
		demand, patent = hit, query
	}
	x := &match.Explanation{
		Evidence: nearest(demand, patent),
		Terms:    shared(demand, patent, terms),
	}
	x.Summary = summary(score, x)
	return x
}

func visibleFields(r *match.Record) []field {
	if r.Kind == match.PatentKind {
		return []field{{name: "title", text: r.Patent.Title}, {name: "abstract", text: r.Patent.Abstract}}
	}
	seen := r.Demand.Redacted()
	return []field{{name: "title", text: seen.Title}, {name: "text", text: seen.Text}}
}

func (s *Side) span(f field, at text.Range) match.Span {
	return match.Span{
		Ref: s.record.Ref, Revision: s.record.Revision, Field: f.name,
		Start: at.Start, End: at.End, Text: text.Slice(f.text, at),
	}
}
