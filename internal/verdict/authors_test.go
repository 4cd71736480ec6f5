package verdict

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
)

// entry is a demand with its patents and the verdicts on its elements, as an author wrote
// it: places are quotes that stand once in their field.
type entry struct {
	ID, Title, Text string
	Elements        [][3]string // kind, field, quote
	Patents         []struct {
		Number, Title, Abstract, Claims string
		Level                           int
		Verdicts                        [][]string // verdict, then field and quote in turn
	}
}

// authored reads entries into the library, and gives their pairs.
func (l *library) authored(t testing.TB, path string) []annotated {
	t.Helper()
	var out []annotated
	for _, e := range golden.Lines[entry](t, path) {
		demand := match.Demand{ID: e.ID, Title: e.Title, Text: e.Text}
		l.demands[e.ID] = l.read(t, demandFields(&demand))
		for _, p := range e.Patents {
			patent := match.Patent{Number: p.Number, Title: p.Title, Abstract: p.Abstract, Claims: p.Claims}
			l.patents[p.Number] = l.read(t, patentFields(&patent))
			a := annotated{Demand: e.ID, Patent: p.Number, Level: p.Level}
			for i, x := range e.Elements {
				v := p.Verdicts[i]
				one := annotatedElement{Kind: match.ElementKind(x[0]), Verdict: match.Verdict(v[0]), Demand: quoted(t, x[1], demandFields(&demand), x[2])}
				for k := 1; k < len(v); k += 2 {
					one.Patent = append(one.Patent, quoted(t, v[k], patentFields(&patent), v[k+1]))
				}
				a.Elements = append(a.Elements, one)
			}
			out = append(out, a)
		}
	}
	return out
}

// authorFiles are those of the pairs that teach, one an author.
func authorFiles(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/taught/authors/*.jsonl")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no authors: %v", err)
	}
	return paths
}

// quoted finds a quote that stands once in a field.
func quoted(t testing.TB, name string, fields []Field, quote string) place {
	t.Helper()
	for _, f := range fields {
		if f.Name == name {
			before, _, found := strings.Cut(f.Text, quote)
			if n := strings.Count(f.Text, quote); !found || n != 1 {
				t.Fatalf("%q stands %d times in %s", quote, n, name)
			}
			start := utf8.RuneCountInString(before)
			return place{name, start, start + utf8.RuneCountInString(quote), quote}
		}
	}
	t.Fatalf("no field %q", name)
	return place{}
}
