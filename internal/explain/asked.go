package explain

import "github.com/duijie/duijie/internal/match"

// Asked is something that a demand asks for, and its place.
type Asked struct {
	Kind   match.ElementKind
	Demand match.Span
}

// Asked lists what the demand asks for, as its explanations do; nothing for a patent.
func (s *Side) Asked() []Asked {
	out := make([]Asked, len(s.elements))
	for i, e := range s.elements {
		out[i] = Asked{e.Kind, s.spanIn(e.Field, e.Range)}
	}
	return out
}
