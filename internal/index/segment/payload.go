package segment

import (
	"slices"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/match"
)

// payloads answers which slots meet a filter. It agrees with match.Payload.Satisfies.
type payloads struct {
	points  int
	tokens  map[string]*tokenField
	numbers map[string]*numberField
}

func openPayloads(m *image) (payloads, error) {
	p := payloads{m.dir.Points, map[string]*tokenField{}, map[string]*numberField{}}
	for _, field := range m.dir.Tokens {
		f, err := openTokens(m, field)
		if err != nil {
			return p, err
		}
		p.tokens[field] = f
	}
	for _, field := range m.dir.Numbers {
		f, err := openNumbers(m, field)
		if err != nil {
			return p, err
		}
		p.numbers[field] = f
	}
	return p, nil
}

// matching returns those of live that meet all conditions; it may be live itself.
func (p *payloads) matching(live facet.Bitmap, conditions []match.Condition) facet.Bitmap {
	if len(conditions) == 0 {
		return live
	}
	out := slices.Clone(live)
	for _, c := range conditions {
		out.And(p.meeting(c))
	}
	return out
}

func (p *payloads) meeting(c match.Condition) facet.Bitmap {
	if c.IsNumber() {
		return p.meetingNumber(c)
	}
	out, f := facet.NewBitmap(p.points), p.tokens[c.Field]
	if len(c.AnyOf) == 0 {
		out.Fill(p.points)
	}
	for _, token := range c.AnyOf {
		f.of(token).setIn(out)
	}
	for _, token := range c.NoneOf {
		f.of(token).clearIn(out)
	}
	if c.OrAbsent && f == nil {
		out.Fill(p.points)
	} else if c.OrAbsent {
		absent := facet.NewBitmap(p.points)
		absent.Fill(p.points)
		f.present().clearIn(absent)
		out.Or(absent)
	}
	return out
}

func (p *payloads) meetingNumber(c match.Condition) facet.Bitmap {
	f := p.numbers[c.Field]
	out := facet.NewBitmap(p.points)
	if f != nil {
		out = f.between(c.Min, c.Max, p.points)
	}
	if !c.OrAbsent {
		return out
	}
	present, absent := facet.NewBitmap(p.points), facet.NewBitmap(p.points)
	if f != nil {
		f.present(present)
	}
	absent.Fill(p.points)
	for i := range absent {
		absent[i] &^= present[i]
	}
	out.Or(absent)
	return out
}
