package quantity

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

// expression is a line of testdata/expressions.tsv.
type expression struct {
	line int
	text string // without brackets
	want []annotated
}

func expressions(t *testing.T) []expression {
	t.Helper()
	f, err := os.Open("testdata/expressions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []expression
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		marked, stated, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			t.Fatalf("line %d has no tab", n)
		}
		text, spans := unmarked(marked)
		e := expression{line: n, text: text}
		if stated != "-" {
			for i, s := range strings.Split(stated, "; ") {
				if i >= len(spans) {
					t.Fatalf("line %d has too few brackets", n)
				}
				e.want = append(e.want, readStated(t, n, s, spans[i]))
			}
		}
		out = append(out, e)
	}
	return out
}

func unmarked(marked string) (string, []Span) {
	var text []rune
	var spans []Span
	for _, r := range marked {
		switch r {
		case '[':
			spans = append(spans, Span{Start: len(text)})
		case ']':
			spans[len(spans)-1].End = len(text)
		default:
			text = append(text, r)
		}
	}
	return string(text), spans
}

var signs = []struct {
	sign string
	cmp  Comparison
}{{"..", Range}, {">=", AtLeast}, {"<=", AtMost}, {">", Above}, {"<", Below}, {"~", About}, {"=", Equal}, {"0±", Within}}

func readStated(t *testing.T, line int, s string, at Span) annotated {
	a := annotated{Start: at.Start, End: at.End}
	for word, change := range map[string]Change{"up ": Increase, "down ": Decrease} {
		if rest, ok := strings.CutPrefix(s, word); ok {
			a.Change, s = change, rest
		}
	}
	for _, c := range signs {
		rest, ok := strings.CutPrefix(s, c.sign)
		if !ok {
			continue
		}
		a.Comparison = c.cmp
		values, unit, _ := strings.Cut(rest, " ")
		a.Unit = unit
		if c.cmp == Within {
			a.Tolerance = value(t, line, values)
			return a
		}
		values, deviation, ok := strings.Cut(values, "±")
		if ok {
			a.Tolerance = value(t, line, deviation)
		}
		low, high, ranged := strings.Cut(values, "..")
		a.Low = value(t, line, low)
		a.High = a.Low
		if ranged {
			a.High = value(t, line, high)
		}
		return a
	}
	t.Fatalf("line %d: %q", line, s)
	return a
}

func value(t *testing.T, line int, s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("line %d: %v", line, err)
	}
	return v
}

func TestOurOwnExpressionsAreRead(t *testing.T) {
	var c tally
	all := expressions(t)
	if len(all) < 300 {
		t.Fatalf("%d expressions, want 300 or more", len(all))
	}
	for _, e := range all {
		found := Parse(e.text)
		right := 0
		for i := range e.want {
			if _, ok := ParseUnit(e.want[i].Unit); !ok {
				t.Errorf("line %d: no unit %q", e.line, e.want[i].Unit)
			}
			for j := range found {
				if same(&e.want[i], &found[j]) {
					right++
				}
			}
		}
		c.right, c.found, c.wanted = c.right+right, c.found+len(found), c.wanted+len(e.want)
		if right < len(e.want) || right < len(found) {
			t.Logf("line %d: %s: found %s", e.line, e.text, described(found))
		}
	}
	t.Logf("%d expressions: %v", len(all), c)
	if c.f1() < 0.95 {
		t.Errorf("%v, want at least 0.95", c)
	}
}

func described(found []Quantity) string {
	var out []string
	for _, q := range found {
		s := strings.TrimSpace(string(q.Change) + " " + string(q.Comparison) + " " + strconv.FormatFloat(q.Low, 'g', -1, 64))
		if q.High != q.Low {
			s += ".." + strconv.FormatFloat(q.High, 'g', -1, 64)
		}
		if q.Tolerance != 0 {
			s += "±" + strconv.FormatFloat(q.Tolerance, 'g', -1, 64)
		}
		out = append(out, s+" "+q.Unit.Symbol+" @"+strconv.Itoa(q.Start)+"-"+strconv.Itoa(q.End))
	}
	return "{" + strings.Join(out, "; ") + "}"
}
