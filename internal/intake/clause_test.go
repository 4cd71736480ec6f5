package intake

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/logistic"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/text"
)

var update = flag.Bool("update", false, "rewrite clauses.json and the golden")

// marked is a demand whose elements were marked by hand.
type marked struct {
	author   string
	texts    match.Texts
	elements []mark
}

type mark struct {
	kind  Kind
	field string
	at    text.Range
}

func dataFolder() string {
	if dir := os.Getenv("DUIJIE_DATA"); dir != "" {
		return dir
	}
	return "../../../shared/data"
}

// invented are the demands of which pairs with verdicts are written: those of authors, and those
// of the first half of the sample's and of testdata/taught of package verdict.
func invented(t testing.TB) []marked {
	t.Helper()
	var out []marked
	paths, _ := filepath.Glob("../verdict/testdata/taught/authors/*.jsonl")
	for _, path := range paths {
		for _, e := range golden.Lines[struct {
			Title, Text string
			Elements    [][3]string
		}](t, path) {
			d := marked{author: filepath.Base(path), texts: match.Texts{Title: e.Title, Body: e.Text}}
			for _, x := range e.Elements {
				content := map[string]string{"title": e.Title, "text": e.Text}[x[1]]
				before, _, ok := strings.Cut(content, x[2])
				if !ok {
					t.Fatalf("%s: no %q", path, x[2])
				}
				start := utf8.RuneCountInString(before)
				d.elements = append(d.elements, mark{Kind(x[0]), x[1], text.Range{Start: start, End: start + utf8.RuneCountInString(x[2])}})
			}
			out = append(out, d)
		}
	}
	return append(out, paired(t)...)
}

type pair struct {
	Demand   string
	Elements []struct {
		Kind   Kind
		Demand struct {
			Field      string
			Start, End int
		}
	}
}

func paired(t testing.TB) []marked {
	t.Helper()
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	demands := map[string]match.Texts{}
	for i := range s.Demands {
		demands[s.Demands[i].ID] = s.Demands[i].Texts()
	}
	for _, d := range golden.Lines[match.Demand](t, "../verdict/testdata/taught/demands.jsonl") {
		demands[d.ID] = d.Texts()
	}
	var out []marked
	seen := map[string]bool{}
	for _, p := range golden.Lines[pair](t, "../verdict/testdata/taught/pairs.jsonl") {
		if seen[p.Demand] {
			continue
		}
		seen[p.Demand] = true
		d := marked{author: "taught", texts: demands[p.Demand]}
		for _, e := range p.Elements {
			d.elements = append(d.elements, mark{e.Kind, e.Demand.Field, text.Range{Start: e.Demand.Start, End: e.Demand.End}})
		}
		out = append(out, d)
	}
	return out
}

// real are the demands of bdci2019 that testdata/elements.jsonl marks; nil where the data is not
// there.
func real(t testing.TB) []marked {
	t.Helper()
	path := filepath.Join(dataFolder(), "bdci2019", "queries.jsonl")
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	texts := map[string]match.Texts{}
	for _, q := range golden.Lines[struct {
		ID          string `json:"_id"`
		Title, Text string
	}](t, path) {
		texts[q.ID] = match.Texts{Title: q.Title, Body: q.Text}
	}
	var out []marked
	for _, m := range golden.Lines[struct {
		ID       string
		Elements []struct {
			Kind       Kind
			Field      string
			Start, End int
		}
	}](t, "testdata/elements.jsonl") {
		h := fnv.New32a()
		fmt.Fprint(h, texts[m.ID].Title) // twins often have one title
		d := marked{author: fmt.Sprint("real ", h.Sum32()%realFolds), texts: texts[m.ID]}
		for _, e := range m.Elements {
			d.elements = append(d.elements, mark{e.Kind, e.Field, text.Range{Start: e.Start, End: e.End}})
		}
		out = append(out, d)
	}
	return out
}

// realFolds is in how many parts real demands are judged by what the others teach.
const realFolds = 5

// example is a clause with what it asks for: 0 nothing, else 1 + the place in Kinds.
type example struct {
	author   string
	features clauseFeatures
	label    int
}

func examplesOf(all []marked) []example {
	var out []example
	for _, d := range all {
		for _, f := range []struct{ name, content string }{{"title", d.texts.Title}, {"text", d.texts.Body}} {
			r := newReading(f.name, f.content)
			for n, at := range r.clauses {
				out = append(out, example{author: d.author, features: r.features(n), label: d.label(f.name, at)})
			}
		}
	}
	return out
}

// label is the kind of the element that has most of a clause, or that a clause has most of.
func (d *marked) label(field string, at text.Range) int {
	best, most := 0, 0
	for _, e := range d.elements {
		shared := min(e.at.End, at.End) - max(e.at.Start, at.Start)
		if e.field == field && 2*shared > min(at.End-at.Start, e.at.End-e.at.Start) && shared > most {
			best, most = 1+slices.Index(Kinds, e.kind), shared
		}
	}
	return best
}

// What was chosen by the demands of each author, judged by what the others teach.
const (
	clausePenalty = 20.0
	leastHolding  = 15 // clauses that hold a gram
)

// learnClauses fits the weights.
func learnClauses(t testing.TB, all []example) *clauseWeights {
	t.Helper()
	holding := map[string]int{}
	for _, e := range all {
		for _, g := range e.features.grams {
			holding[g]++
		}
	}
	maps.DeleteFunc(holding, func(_ string, n int) bool { return n < leastHolding })
	known := slices.Sorted(maps.Keys(holding))
	number := map[string]int{}
	for i, g := range known {
		number[g] = int(marks) + i
	}
	p := logistic.Problem{Classes: 1 + len(Kinds), Features: int(marks) + len(known), Penalty: clausePenalty}
	for _, e := range all {
		row := logistic.Dense(e.features.marks[:])
		for _, g := range e.features.grams {
			if i, ok := number[g]; ok {
				row = append(row, logistic.Term{Feature: i, Value: 1})
			}
		}
		p.Rows, p.Labels = append(p.Rows, row), append(p.Labels, e.label)
	}
	m, err := p.Fit()
	if err != nil {
		t.Fatal(err)
	}
	of := func(feature int) []float64 {
		out := make([]float64, p.Classes)
		for k := range out {
			out[k] = math.Round(m.Weights[k][feature]*1e3) / 1e3
		}
		return out
	}
	w := &clauseWeights{Grams: map[string][]float64{}}
	for _, b := range m.Biases {
		w.Biases = append(w.Biases, math.Round(b*1e3)/1e3)
	}
	for i := range int(marks) {
		w.Marks = append(w.Marks, of(i))
	}
	for _, g := range known {
		w.Grams[g] = of(number[g])
	}
	return w
}

// clauseTally counts clauses that ask for something.
type clauseTally struct{ right, wrong, missed, kinds int }

func (c *clauseTally) add(m *clauseWeights, e example) {
	asks, kind := m.judge(e.features)
	switch taken := asks > 0.5; {
	case taken && e.label > 0:
		c.right++
		c.kinds += int(is(kind == Kinds[e.label-1]))
	case taken:
		c.wrong++
	case e.label > 0:
		c.missed++
	}
}

func (c *clauseTally) String() string {
	return fmt.Sprintf("precision %.3f, recall %.3f, right kind %.3f, %d clauses that ask",
		float64(c.right)/float64(max(1, c.right+c.wrong)), float64(c.right)/float64(max(1, c.right+c.missed)), float64(c.kinds)/float64(max(1, c.right)), c.right+c.missed)
}

// TestClausesAgreeWithThoseByHand judges the demands of each author, and each part of the real ones, by
// what all others teach.
func TestClausesAgreeWithThoseByHand(t *testing.T) {
	natural := real(t)
	if natural == nil {
		t.Skip("no real demands: set DUIJIE_DATA")
	}
	all := examplesOf(append(invented(t), natural...))
	var authors []string
	for _, e := range all {
		if !slices.Contains(authors, e.author) {
			authors = append(authors, e.author)
		}
	}
	tallies := map[bool]*clauseTally{true: {}, false: {}} // by whether demands are real
	for _, a := range authors {
		if a == "taught" {
			continue
		}
		var apart, in []example
		for _, e := range all {
			if e.author == a {
				apart = append(apart, e)
			} else {
				in = append(in, e)
			}
		}
		m := learnClauses(t, in)
		for _, e := range apart {
			tallies[strings.HasPrefix(a, "real")].add(m, e)
		}
	}
	golden.Check(t, "testdata/clause_stats.txt", fmt.Sprintf("Clauses that ask for something against elements by hand.\ninvented demands, each author by what all others teach: %v\nreal demands, each fifth by what all others teach: %v\n", tallies[false], tallies[true]), *update)
}

func TestTheWeightsOfClausesAreWhatIsTaught(t *testing.T) {
	natural := real(t)
	if natural == nil {
		t.Skip("no real demands: set DUIJIE_DATA")
	}
	m := learnClauses(t, examplesOf(append(invented(t), natural...)))
	if *update {
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("clauses.json", append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(clauseModel(), m, cmpopts.EquateApprox(0.02, 0.02)); diff != "" {
		t.Errorf("clauses.json (-kept +learned; rewrite with -update):\n%s", diff)
	}
}
