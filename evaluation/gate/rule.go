package gate

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Requirement is a rule on a metric over all queries.
type Requirement struct {
	Text   string  // as it was written
	Metric string  // a name that [evaluation.Result.Resolve] knows
	Gain   float64 // by how much the candidate must be better; 0 for better at all
	P      float64 // the corrected p-value must lie below; 0 for no test
	Bound  float64 // the candidate's value must not be worse, where Fixed is set
	Fixed  string  // "", ">=" or "<=": how the value compares with Bound
}

// ParseRequirement reads METRIC [+GAIN] [p<ALPHA] or METRIC >=BOUND or METRIC
// <=BOUND, separated by white space. GAIN counts towards better: for a metric of
// which lower values are better it is the decrease.
func ParseRequirement(text string) (Requirement, error) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return Requirement{}, wrong(text, "want a metric and what is required of it")
	}
	r := Requirement{Text: text, Metric: fields[0]}
	seen := map[string]bool{}
	for _, f := range fields[1:] {
		part, number := cutSign(f)
		if part == "" || seen[part] {
			return Requirement{}, wrong(text, fmt.Sprintf("%q is none of +GAIN, p<ALPHA, >=BOUND and <=BOUND, or is repeated", f))
		}
		seen[part] = true
		x, err := strconv.ParseFloat(number, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return Requirement{}, wrong(text, fmt.Sprintf("%q is no number", number))
		}
		r.set(part, x)
	}
	switch {
	case r.Fixed != "" && len(fields) > 2:
		return Requirement{}, wrong(text, "a bound stands alone")
	case seen["p<"] && (r.P <= 0 || r.P >= 1), r.Gain < 0:
		return Requirement{}, wrong(text, "p must lie between 0 and 1, and the gain must not be negative")
	}
	return r, nil
}

func (r *Requirement) set(part string, x float64) {
	switch part {
	case "+":
		r.Gain = x
	case "p<":
		r.P = x
	default:
		r.Fixed, r.Bound = part, x
	}
}

func cutSign(field string) (sign, number string) {
	for _, sign := range []string{"+", "p<", ">=", "<="} {
		if number, ok := strings.CutPrefix(field, sign); ok {
			return sign, number
		}
	}
	return "", ""
}

// NonInferiority is a rule on every slice of an attribute: the 95 % bound of the
// candidate's loss stays below the margin.
type NonInferiority struct {
	Text      string
	Attribute string  // of the slices; "all" for all queries together
	Metric    string  // "ndcg@10" unless given
	Margin    float64 // in the unit of the metric
}

// ParseNonInferiority reads ATTRIBUTE:MARGIN or ATTRIBUTE/METRIC:MARGIN.
func ParseNonInferiority(text string) (NonInferiority, error) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return NonInferiority{}, wrong(text, "want ATTRIBUTE:MARGIN")
	}
	margin, err := strconv.ParseFloat(strings.TrimSpace(text[at+1:]), 64)
	if err != nil || !(margin > 0) || math.IsInf(margin, 0) {
		return NonInferiority{}, wrong(text, "the margin must be a positive number")
	}
	attribute, metric, given := strings.Cut(strings.TrimSpace(text[:at]), "/")
	if !given {
		metric = "ndcg@10"
	}
	if attribute == "" || metric == "" {
		return NonInferiority{}, wrong(text, "the attribute or the metric is empty")
	}
	return NonInferiority{text, attribute, metric, margin}, nil
}

func wrong(text, problem string) error { return fmt.Errorf("gate: rule %q: %s", text, problem) }
