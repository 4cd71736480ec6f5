package workload

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

const (
	// patentsOfTopic is how many patents there are for each topic.
	patentsOfTopic = 200
	// leastTopics is how many topics a small catalog has.
	leastTopics = 50
	// ofTopic is how many of the source's documents a topic draws on.
	ofTopic = 3
	// exchanged is the share of content words that a topic exchanges, in percent; of the
	// others a text exchanges some for itself, in its title more than elsewhere.
	exchanged, ofTitle, ofBody = 30, 35, 10
	// patentSize and demandSize are the usual lengths of texts, in characters.
	patentSize, demandSize = 250, 290
)

// Generator makes the records of a catalog. It is safe for concurrent use.
type Generator struct {
	source *Source
	seed   uint64
	topics int
}

// New makes the generator of a catalog with so many patents.
func New(s *Source, seed uint64, patents int) *Generator {
	return &Generator{source: s, seed: seed, topics: max(leastTopics, patents/patentsOfTopic)}
}

// Topics is how many topics the catalog has.
func (g *Generator) Topics() int { return g.topics }

// topic is what some texts are about.
type topic struct {
	key              uint64
	patents, demands [ofTopic]*document
}

// random gives the numbers that belong to the i-th of something.
func (g *Generator) random(what, i uint64) *rand.Rand {
	return rand.New(rand.NewPCG(mix(g.seed+what), mix(i)))
}

const (
	topicStream = iota + 1
	patentStream
	demandStream
	pairStream
	lenienceStream
)

// mix spreads a number over 64 bits (SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// choose draws a topic. Some are much larger than others.
func (g *Generator) choose(r *rand.Rand) topic {
	i := uint64(float64(g.topics) * math.Pow(r.Float64(), 1.5))
	own := g.random(topicStream, i)
	t := topic{key: own.Uint64()}
	for n := range ofTopic {
		t.patents[n] = &g.source.patents[own.IntN(len(g.source.patents))]
		t.demands[n] = &g.source.demands[own.IntN(len(g.source.demands))]
	}
	return t
}

// write appends a clause as a topic says it, and exchanges a share more of its words.
func (g *Generator) write(b *strings.Builder, r *rand.Rand, c clause, t topic, share uint64) {
	for _, p := range c {
		if p.word < 0 {
			b.WriteString(p.text)
			continue
		}
		words, h := g.source.words[p.size], mix(t.key^uint64(p.word)*0x9e3779b97f4a7c15)
		if own := r.Uint64(); h%100 >= exchanged && own%100 < share {
			h = own / 100 * 100
		}
		if h%100 < exchanged {
			b.WriteString(words[h>>8%uint64(len(words))])
		} else {
			b.WriteString(p.text)
		}
	}
}

// body writes clauses about a topic until there are about size characters. Of seven
// clauses five are from docs, one from others of the topic and one from anywhere.
func (g *Generator) body(r *rand.Rand, t topic, docs, others []*document, size int) string {
	var b strings.Builder
	size = size*2/5 + r.IntN(size) // the last clause goes beyond
	for n := 0; n < size; {
		start, from := b.Len(), docs
		if r.IntN(6) == 0 {
			from = others
		}
		d := from[r.IntN(len(from))]
		c := d.clauses[r.IntN(len(d.clauses))]
		if r.IntN(7) == 0 {
			c = g.source.clauses[r.IntN(len(g.source.clauses))]
		}
		g.write(&b, r, c, t, ofBody)
		if r.IntN(12) == 0 {
			name(&b, r)
		}
		if r.IntN(40) == 0 {
			fmt.Fprintf(&b, "%c%c-%d", 'A'+r.IntN(26), 'A'+r.IntN(26), r.IntN(10_000))
		}
		b.WriteRune([]rune("，，，，；。")[r.IntN(6)])
		n += utf8.RuneCountInString(b.String()[start:])
	}
	return strings.TrimRight(b.String(), "，；。") + "。"
}

// name makes up a name of ideographs that are rarer the later they come.
func name(b *strings.Builder, r *rand.Rand) {
	for range 2 + r.IntN(3) {
		u := r.Float64()
		b.WriteRune(0x4E00 + rune(u*u*u*u*5000))
	}
}

// title is that of a document, or of two, as a topic says it.
func (g *Generator) title(r *rand.Rand, t topic, docs []*document) string {
	var b strings.Builder
	g.write(&b, r, docs[r.IntN(len(docs))].title, t, ofTitle)
	if r.IntN(3) == 0 {
		b.WriteString("及")
		d := docs[r.IntN(len(docs))]
		g.write(&b, r, d.clauses[r.IntN(len(d.clauses))], t, ofTitle)
	}
	runes := []rune(b.String())
	return string(runes[:min(len(runes), 60)])
}

// PatentNumber is the number of the i-th patent.
func PatentNumber(i int) string { return fmt.Sprintf("CN%09dA", i) }

// DemandID is the id of the i-th demand.
func DemandID(i int) string { return fmt.Sprintf("D-%07d", i) }

// Patent makes the i-th patent. One in a hundred is in each of the pools P00 to P99, one in
// ten in each of the tiers T0 to T9.
func (g *Generator) Patent(i int) match.Patent {
	r := g.random(patentStream, uint64(i))
	t := g.choose(r)
	p := match.Patent{
		Number: PatentNumber(i), Title: g.title(r, t, t.patents[:]),
		Abstract: g.body(r, t, t.patents[:], t.demands[:], patentSize),
		Region:   region(r),
		IPC:      []string{fmt.Sprintf("%c%02d%c %d/%02d", 'A'+rune(t.key%8), 1+t.key>>8%40, 'A'+rune(t.key>>16%26), 1+r.IntN(60), 2*r.IntN(20))},
		LegalStatus: []match.LegalStatus{
			match.Granted, match.Granted, match.Granted, match.Granted, match.Pending, match.Pending, match.Lapsed, match.Expired, match.Rejected, match.WithdrawnAtOffice,
		}[r.IntN(10)],
		Applicants:    []match.Applicant{{Name: fmt.Sprintf("第%d研究院", r.IntN(5000)), Kind: match.ApplicantKinds[r.IntN(len(match.ApplicantKinds))]}},
		FilingDate:    match.Date(fmt.Sprintf("%d-%02d-%02d", 2005+r.IntN(20), 1+r.IntN(12), 1+r.IntN(28))),
		TransferModes: []match.TransferMode{match.TransferModes[r.IntN(len(match.TransferModes))]},
		Tier:          fmt.Sprintf("T%d", r.IntN(10)), Pools: []string{fmt.Sprintf("P%02d", r.IntN(100))},
	}
	return p
}

// provinces are the first digits of their GB/T 2260 codes.
var provinces = []int{
	11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82,
}

func region(r *rand.Rand) string {
	return fmt.Sprintf("%d%02d00", provinces[r.IntN(len(provinces))], 1+r.IntN(20))
}

// Demand makes the i-th demand, on a topic of the patents and in other words.
func (g *Generator) Demand(i int) match.Demand {
	r := g.random(demandStream, uint64(i))
	t := g.choose(r)
	return match.Demand{
		ID: DemandID(i), Title: g.title(r, t, t.demands[:]),
		Text: g.body(r, t, append(t.demands[:], t.patents[0]), t.patents[:], demandSize),
		Enterprise: match.Enterprise{
			Name: fmt.Sprintf("第%d有限公司", r.IntN(100_000)), Region: region(r),
			Industry: fmt.Sprintf("C%d", 13+r.IntN(30)), Kind: match.EnterpriseKinds[r.IntN(len(match.EnterpriseKinds))],
		},
	}
}
