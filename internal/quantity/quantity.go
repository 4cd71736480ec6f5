package quantity

// Comparison is how the values of a quantity bound what is meant.
type Comparison string

// The comparisons. Range and Between have two values, the others one.
const (
	Equal   Comparison = "eq"
	AtLeast Comparison = "ge"
	Above   Comparison = "gt"
	AtMost  Comparison = "le"
	Below   Comparison = "lt"
	About   Comparison = "about"
	Range   Comparison = "range"
	// Within is a deviation of at most Tolerance around nothing in particular, as in
	// 定位精度±0.02mm; Low and High are 0.
	Within Comparison = "tolerance"
)

// Change tells that a quantity is a difference, as in 提高30%, and not a level.
type Change string

// The changes; empty is none.
const (
	Increase Change = "up"
	Decrease Change = "down"
)

// Role is what a quantity is there for, as far as words around it tell.
type Role string

// The roles.
const (
	// Requirement is something wanted, or a condition under which it must work.
	Requirement Role = "requirement"
	// Context is something that is so today: a market, the enterprise, its investment.
	Context Role = "context"
)

// Span is a part of a text, in code points; End is the first one after it.
type Span struct{ Start, End int }

// Quantity is one quantity of a text.
type Quantity struct {
	// Span reaches from the number to the unit, without the words of comparison.
	Span
	// Low and High are in Unit, and the same but for a Range.
	Low, High float64
	// Tolerance is the deviation allowed to either side, in Unit; 0 where none is
	// stated.
	Tolerance  float64
	Unit       Unit
	Comparison Comparison
	Change     Change
	Role       Role
	// Property is what the quantity is about, as written: 抗冲击韧性. Empty, with an
	// empty PropertySpan, where the text does not say.
	Property     string
	PropertySpan Span
}

// Parse returns the quantities of s in the order of their places; they do not overlap.
func Parse(s string) []Quantity {
	p := parser{runes: flattened(s)}
	return p.all()
}

// flattened gives the code points of s, full-width forms as ASCII and white space but
// line ends as blanks. Letters keep their case: mW is not MW.
func flattened(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		switch {
		case 0xFF01 <= r && r <= 0xFF5E:
			r += '!' - 0xFF01
		case r == 0x3000, r == '\t', r == 0xA0, r == 0x2009, r == 0x202F:
			r = ' '
		case r == '−' || r == '﹣':
			r = '-'
		case r == 'µ':
			r = 'μ'
		}
		out = append(out, r)
	}
	return out
}
