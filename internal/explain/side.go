package explain

import (
	"context"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
	"github.com/duijie/duijie/internal/verdict"
)

// Side is a record taken apart once, to be explained against many others. It does not
// change and may be used by many goroutines.
type Side struct {
	record    *match.Record
	partial   bool // a title or text is withheld, so that nothing can be said not to be in it
	fields    []field
	sentences []text.Range // of all fields, one after the other
	in        []int        // the field of each sentence
	reading   *verdict.Record
	elements  []verdict.Element // of a demand
	wants     *verdict.Wants
	wording   wording // of a demand
}

type field struct {
	name   string
	source string
	text   []rune
	folded []rune
}

// Side takes a record apart, without its confidential fields. Sides of stored revisions
// are kept.
func (e *Explainer) Side(ctx context.Context, r *match.Record) (*Side, error) {
	key := sideKey{r.Ref, r.Revision}
	stored := r.ID != "" && r.Revision > 0
	if stored {
		if s := e.sides.get(key); s != nil {
			return s, nil
		}
	}
	s := &Side{record: r.Redacted()}
	s.partial = s.record.Texts() != r.Texts()
	chars := 0
	for _, f := range fieldsOf(s.record) {
		text.EachSentence(f.source, func(_ string, at text.Range) bool {
			s.sentences, s.in = append(s.sentences, at), append(s.in, len(s.fields))
			chars += at.End - at.Start
			return true
		})
		s.fields = append(s.fields, f)
	}
	if s.record.Kind == match.DemandKind {
		s.elements, s.wording = elementsOf(s.record.Demand.Texts()), wordingOf(s.fields)
	}
	if len(s.sentences) > maxSentences || chars > maxChars {
		return s, nil // read against each other side on its own
	}
	if err := e.read(ctx, s, nil); err != nil {
		return nil, err
	}
	if stored {
		e.sides.put(key, s)
	}
	return s, nil
}

// read takes the sentences apart that are numbered, or all.
func (e *Explainer) read(ctx context.Context, s *Side, numbers []int) error {
	j, err := e.judge()
	if err != nil {
		return err
	}
	fields := make([]verdict.Field, len(s.fields))
	for i, f := range s.fields {
		fields[i] = verdict.Field{Name: f.name, Text: f.source}
		if numbers != nil {
			fields[i].Parts = []text.Range{}
		}
	}
	for _, n := range numbers {
		f := &fields[s.in[n]]
		f.Parts = append(f.Parts, s.sentences[n])
	}
	if s.reading, err = j.Read(ctx, fields); err != nil {
		return err
	}
	if s.record.Kind == match.DemandKind {
		s.wants, err = j.Wants(ctx, s.reading, s.elements)
	}
	return err
}

// elementsOf lists the elements of a demand, of a very long one those of its beginning.
func elementsOf(t match.Texts) []verdict.Element {
	if runes := []rune(t.Body); len(runes) > maxChars {
		t.Body = string(runes[:maxChars])
	}
	return verdict.ElementsOf(t)
}

func fieldsOf(r *match.Record) []field {
	if r.Kind == match.PatentKind {
		p := r.Patent
		return []field{fieldOf("title", p.Title), fieldOf("abstract", p.Abstract), fieldOf("claims", p.Claims)}
	}
	return []field{fieldOf("title", r.Demand.Title), fieldOf("text", r.Demand.Text)}
}

func fieldOf(name, s string) field {
	return field{name: name, source: s, text: []rune(s), folded: text.Folded(s)}
}

// span names a part of a field.
func (s *Side) span(f *field, at text.Range) match.Span {
	return match.Span{
		Ref: s.record.Ref, Revision: s.record.Revision, Field: f.name,
		Start: at.Start, End: at.End, Text: f.slice(at),
	}
}

func (s *Side) spanIn(name string, at text.Range) match.Span {
	for i := range s.fields {
		if s.fields[i].name == name {
			return s.span(&s.fields[i], at)
		}
	}
	return match.Span{}
}

func (f *field) slice(at text.Range) string { return string(f.text[at.Start:at.End]) }

// bytes is about what a side takes in memory.
func (s *Side) bytes() int {
	n := 500 + 32*len(s.sentences) + s.reading.Bytes()
	for _, f := range s.fields {
		n += 8 * len(f.text)
	}
	n += s.wording.bytes()
	if s.wants != nil {
		n += s.wants.Bytes()
	}
	return n + utf8.RuneCountInString(s.record.ID)
}
