package segment_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
)

// generator makes texts out of the clauses of the built-in sample: a text is about
// two or three of its patents or demands, and names parts that few texts share, so
// that bigrams are spread as those of such texts are: few everywhere, most rare.
type generator struct {
	rnd     *rand.Rand
	patents [][]string // clauses
	demands [][]string
	all     []string
}

func newGenerator(t testing.TB, seed uint64) *generator {
	t.Helper()
	c, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	g := &generator{rnd: rand.New(rand.NewPCG(seed, 250))}
	for _, p := range c.Patents {
		g.patents = append(g.patents, clauses(p.Title+"，"+p.Abstract))
	}
	for _, d := range c.Demands {
		g.demands = append(g.demands, clauses(d.Title+"，"+d.Text))
	}
	for _, list := range append(g.patents, g.demands...) {
		g.all = append(g.all, list...)
	}
	return g
}

func clauses(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("，。；：、！？\n", r) })
}

// text makes a text of about n code points about some of the given topics.
func (g *generator) text(topics [][]string, n int) string {
	about := [][]string{topics[g.rnd.IntN(len(topics))], topics[g.rnd.IntN(len(topics))], topics[g.rnd.IntN(len(topics))]}
	var b strings.Builder
	for size := 0; size < n; {
		from := about[g.rnd.IntN(3)]
		if g.rnd.IntN(2) == 0 {
			from = g.all
		}
		clause := from[g.rnd.IntN(len(from))]
		if g.rnd.IntN(6) == 0 {
			clause += g.part()
		}
		if g.rnd.IntN(40) == 0 {
			clause += fmt.Sprintf("%c%c-%d", 'A'+g.rnd.IntN(26), 'A'+g.rnd.IntN(26), g.rnd.IntN(10_000))
		}
		b.WriteString(clause)
		b.WriteRune([]rune("，，，。；")[g.rnd.IntN(5)])
		size += utf8.RuneCountInString(clause) + 1
	}
	return b.String()
}

// part makes up a name of ideographs that are rarer the later they come.
func (g *generator) part() string {
	name := make([]rune, 2+g.rnd.IntN(3))
	for i := range name {
		u := g.rnd.Float64()
		name[i] = 0x4E00 + rune(u*u*u*u*5000)
	}
	return string(name)
}

func (g *generator) patent(n int) lexical.Doc {
	ipc := fmt.Sprintf("%c%02d", 'A'+g.rnd.IntN(8), g.rnd.IntN(30))
	class := ipc + string(rune('A'+g.rnd.IntN(8)))
	return lexical.Doc{Key: fmt.Sprintf("default/CN%09dA", n), Text: g.text(g.patents, 260), Payload: match.Payload{
		Tokens: map[string][]string{
			match.FieldTenant:        {"default"},
			match.FieldVisibility:    {"public"},
			match.FieldRegion:        {"44", fmt.Sprintf("44%02d", n%20)},
			match.FieldIPC:           {ipc[:1], ipc, class, fmt.Sprintf("%s %d", class, g.rnd.IntN(30))},
			match.FieldApplicantKind: {"university"},
			match.FieldLegalStatus:   {"granted"},
		},
		Numbers: map[string]int64{match.FieldFilingDate: 20100101 + int64(g.rnd.IntN(150_000)), match.FieldFee: int64(g.rnd.IntN(1_000_000))},
	}}
}

func (g *generator) demand(n int) lexical.Doc {
	return lexical.Doc{Key: fmt.Sprintf("default/D%07d", n), Text: g.text(g.demands, 290), Payload: match.Payload{
		Tokens: map[string][]string{match.FieldTenant: {"default"}, match.FieldIndustry: {"C", fmt.Sprintf("C%d", n%40)}},
	}}
}
