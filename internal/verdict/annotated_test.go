package verdict

import (
	"testing"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/text"
)

// place is a span of the annotation.
type place struct {
	Field      string
	Start, End int
	Text       string
}

// annotated is a pair of the annotation; see package explain's testdata/verdicts.
type annotated struct {
	Demand, Patent string
	Level          int
	Elements       []annotatedElement
}

type annotatedElement struct {
	Kind    match.ElementKind
	Demand  place
	Verdict match.Verdict
	Patent  []place
}

func annotation(t testing.TB) []annotated {
	return golden.Lines[annotated](t, "../explain/testdata/verdicts/pairs.jsonl")
}

// written are the pairs of testdata/taught, which only teach.
func written(t testing.TB) []annotated {
	return golden.Lines[annotated](t, "testdata/taught/pairs.jsonl")
}

// library holds the records of the sample, taken apart.
type library struct {
	judge   *Judge
	demands map[string]*Record
	patents map[string]*Record
	// labelled pairs of the sample
	labelled []labelled
	// authors are the pairs of testdata/taught/authors, by author.
	authors [][]annotated
	// real and realHeld are pairs of real records: those that teach, and those held out; both
	// empty where the data is not there.
	real, realHeld []annotated
}

type labelled struct {
	demand   string
	level    match.Level
	features []float64
}

func pairOf(d, p *Record) []float64 { return newMeeting(d, p, d.bag).compare() }

func demandFields(d *match.Demand) []Field {
	return []Field{{Name: "title", Text: d.Title}, {Name: "text", Text: d.Text}}
}

func patentFields(p *match.Patent) []Field {
	return []Field{{Name: "title", Text: p.Title}, {Name: "abstract", Text: p.Abstract}, {Name: "claims", Text: p.Claims}}
}

// open reads the sample, and what was written to teach.
func open(t testing.TB) *library {
	t.Helper()
	m, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	l := &library{judge: &Judge{Embedder: m, dictionary: dictionary{m}}, demands: map[string]*Record{}, patents: map[string]*Record{}}
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	read := func(f []Field) *Record { return l.read(t, f) }
	for i := range s.Demands {
		l.demands[s.Demands[i].ID] = read(demandFields(&s.Demands[i]))
	}
	for i := range s.Patents {
		l.patents[s.Patents[i].Number] = read(patentFields(&s.Patents[i]))
	}
	for _, d := range golden.Lines[match.Demand](t, "testdata/taught/demands.jsonl") {
		l.demands[d.ID] = read(demandFields(&d))
	}
	for _, p := range golden.Lines[match.Patent](t, "testdata/taught/patents.jsonl") {
		l.patents[p.Number] = read(patentFields(&p))
	}
	for _, path := range authorFiles(t) {
		l.authors = append(l.authors, l.authored(t, path))
	}
	l.readReal(t)
	for _, x := range s.Labels {
		l.labelled = append(l.labelled, labelled{x.Demand, x.Level, pairOf(l.demands[x.Demand], l.patents[x.Patent])})
	}
	return l
}

func (l *library) read(t testing.TB, f []Field) *Record {
	t.Helper()
	r, err := l.judge.Read(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (a *annotated) elements() []Element {
	var out []Element
	for _, e := range a.Elements {
		out = append(out, Element{e.Kind, e.Demand.Field, text.Range{Start: e.Demand.Start, End: e.Demand.End}})
	}
	return out
}
