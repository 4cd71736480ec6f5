package lexicaltest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// everything is a limit above the size of every collection in this suite.
const everything = 1 << 20

// reference is the definition: documents by key, and BM25 as it is written.
type reference map[string]lexical.Doc

func (r reference) upsert(docs ...lexical.Doc) {
	for _, d := range docs {
		r[d.Key] = d
	}
}

// statistics are N, n(t) and avgdl.
type statistics struct {
	n, average float64
	documents  map[string]int
}

func (r reference) statistics() statistics {
	s := statistics{n: float64(len(r)), documents: map[string]int{}}
	total := 0
	for _, d := range r {
		counts, length := text.Counts(d.Text)
		total += length
		for t := range counts {
			s.documents[t]++
		}
	}
	s.average = float64(total) / s.n
	return s
}

// contributions gives idf(t) · tf·(k1+1) / (tf + k1·(1−b+b·|d|/avgdl)) for each
// term that the query shares with the document.
func (r reference) contributions(s statistics, query, key string) map[string]float64 {
	const k1, b = 1.2, 0.75
	out := map[string]float64{}
	counts, length := text.Counts(r[key].Text)
	wanted, _ := text.Counts(query)
	for t := range wanted {
		if tf := float64(counts[t]); tf > 0 {
			n := float64(s.documents[t])
			idf := math.Log(1 + (s.n-n+0.5)/(n+0.5))
			out[t] = idf * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(length)/s.average))
		}
	}
	return out
}

// hit is what an index must say of a query and a document.
func (r reference) hit(s statistics, query, key string) lexical.Hit {
	wanted, _ := text.Counts(query)
	have, _ := text.Counts(r[key].Text)
	h := lexical.Hit{Key: key, QueryTerms: len(wanted), DocTerms: len(have)}
	parts := r.contributions(s, query, key)
	h.Shared = len(parts)
	for _, t := range sortedKeys(parts) {
		h.Score += parts[t]
	}
	return h
}

// ranking gives all hits, by key.
func (r reference) ranking(query string) map[string]lexical.Hit {
	s, out := r.statistics(), map[string]lexical.Hit{}
	for key := range r {
		if h := r.hit(s, query, key); h.Shared > 0 {
			out[key] = h
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// near tells whether a and b differ by rounding only.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

func inOrder(a, b lexical.Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key))
}

// pieces are few, so that random texts share terms.
var pieces = []string{
	"锂", "离", "子", "电", "池", "铜", "合", "金", "的", "的", "锂离子电池", "铜合金", "石墨烯", "𠀀𠀁", "氧化",
	"LiFePO4", " 5G ", "ＣＢＮ", "cbn", " 100/120 ", "steel", "Naïve", "かな", "，", "。", "\n", "≥", "\xff",
	" polytetrafluoroethylene ", strings.Repeat("x", 60),
}

func randomText(rnd *rand.Rand, most int) string {
	var b strings.Builder
	for range rnd.IntN(most + 1) {
		b.WriteString(pieces[rnd.IntN(len(pieces))])
	}
	return b.String()
}

func randomDoc(rnd *rand.Rand, keys int) lexical.Doc {
	return lexical.Doc{
		Key:     "K" + strconv.Itoa(rnd.IntN(keys)),
		Text:    randomText(rnd, 40),
		Payload: randomPayload(rnd),
	}
}

func randomPayload(rnd *rand.Rand) match.Payload {
	p := match.Payload{Tokens: map[string][]string{}, Numbers: map[string]int64{}}
	for _, token := range []string{"44", "4403", "31", "11"} {
		if rnd.IntN(3) == 0 {
			p.Tokens[match.FieldRegion] = append(p.Tokens[match.FieldRegion], token)
		}
	}
	if rnd.IntN(2) == 0 {
		p.Tokens[match.FieldSector] = []string{"s" + strconv.Itoa(rnd.IntN(3))}
	}
	if rnd.IntN(2) == 0 {
		p.Numbers[match.FieldFee] = int64(rnd.IntN(5))
	}
	return p
}

func randomDocs(rnd *rand.Rand, n, keys int) []lexical.Doc {
	out := make([]lexical.Doc, n)
	for i := range out {
		out[i] = randomDoc(rnd, keys)
	}
	return out
}
