package worth

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/tune"
)

// world is judged pairs: a part is to be judged one after the other, by who knows all
// answers, and the others are to measure by.
type world struct {
	demands, patents []tune.Record
	d, p             [][][]float32 // vectors of EmbeddedTexts
	pairs            []tune.Label
	test             []bool // by pair
	builtin          rank.Ranker
	embedder         embed.Embedder
	zero             []float64 // the zero-shot logit by pair
}

func newWorld(t *testing.T, demands, patents []tune.Record, pairs []tune.Label) *world {
	t.Helper()
	e, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{demands: demands, patents: patents, pairs: pairs, builtin: rank.NewFusion(e), embedder: e}
	vectors := func(role embed.Role, of []tune.Record) (out [][][]float32) {
		for _, r := range of {
			got, err := e.Embed(t.Context(), role, tune.EmbeddedTexts(r))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, got)
		}
		return out
	}
	w.d, w.p = vectors(embed.Query, demands), vectors(embed.Document, patents)
	for _, l := range pairs { // what has one title is on one side
		h := fnv.New32a()
		fmt.Fprint(h, l.Demand, patents[l.Patent].Title)
		w.test = append(w.test, h.Sum32()>>7%5 < 2)
	}
	w.zero = w.logits(w.builtin)
	return w
}

// logits of a ranker for all pairs.
func (w *world) logits(r rank.Ranker) []float64 {
	out, demands := make([]float64, len(w.pairs)), map[int32]rank.Prepared{}
	record := func(kind match.Kind, of tune.Record) *match.Record {
		var r match.Record
		if kind == match.DemandKind {
			r = match.NewDemand(match.DefaultTenant, match.Demand{ID: of.ID, Title: of.Title, Text: of.Text})
		} else {
			r = match.NewPatent(match.DefaultTenant, match.Patent{Number: of.ID, Title: of.Title, Abstract: of.Text})
		}
		return &r
	}
	for i, l := range w.pairs {
		if demands[l.Demand] == nil {
			v := w.d[l.Demand]
			demands[l.Demand] = r.Prepare(record(match.DemandKind, w.demands[l.Demand]), rank.Vectors{Title: v[0], Text: v[1]})
		}
		v := w.p[l.Patent]
		out[i] = r.Logit(demands[l.Demand], r.Prepare(record(match.PatentKind, w.patents[l.Patent]), rank.Vectors{Title: v[0], Text: v[1]}))
	}
	return out
}

// ndcg is the mean of nDCG@10 over the demands with enough pairs to measure by.
func (w *world) ndcg(logits []float64) float64 {
	lists := map[int32][]int{}
	for i, l := range w.pairs {
		if w.test[i] {
			lists[l.Demand] = append(lists[l.Demand], i)
		}
	}
	sum, n := 0.0, 0
	for _, list := range lists {
		var all, ranked []int8
		for _, i := range list {
			all = append(all, w.pairs[i].Level)
		}
		if !metric.NewRanking(metric.Levels4, nil, all).Rankable(5) {
			continue
		}
		slices.SortStableFunc(list, func(a, b int) int {
			switch {
			case logits[a] > logits[b]:
				return -1
			case logits[a] < logits[b]:
				return 1
			}
			return a - b
		})
		for _, i := range list {
			ranked = append(ranked, w.pairs[i].Level)
		}
		sum += metric.NewRanking(metric.Levels4, ranked, all).NDCG(10)
		n++
	}
	return sum / float64(n)
}

func (w *world) trained(t *testing.T, labelled []int) rank.Ranker {
	t.Helper()
	set := &tune.Set{Demands: w.demands}
	at := map[int32]int32{}
	for _, i := range labelled {
		l := w.pairs[i]
		if _, ok := at[l.Patent]; !ok {
			at[l.Patent] = int32(len(set.Patents))
			set.Patents = append(set.Patents, w.patents[l.Patent])
		}
		set.Labels = append(set.Labels, tune.Label{Demand: l.Demand, Patent: at[l.Patent], Level: l.Level})
	}
	m, err := tune.Train(context.Background(), "simulated", set, w.embedder, tune.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// places are the ranks of pairs among those of their demand.
func (w *world) places(logits []float64) []int {
	by := map[int32][]int{}
	for i, l := range w.pairs {
		if !w.test[i] {
			by[l.Demand] = append(by[l.Demand], i)
		}
	}
	out := make([]int, len(w.pairs))
	for _, list := range by {
		slices.SortStableFunc(list, func(a, b int) int {
			switch {
			case logits[a] > logits[b]:
				return -1
			case logits[a] < logits[b]:
				return 1
			}
			return a - b
		})
		for k, i := range list {
			out[i] = k + 1
		}
	}
	return out
}

// suggested are the pairs that choose picks, as Suggest has them: the model in production
// is the one trained last, and the built-in one sits with it.
func (w *world) suggested(logits []float64, known map[int]bool, budget int) []int {
	mine, theirs := w.places(logits), w.places(w.zero)
	at := map[string]int{}
	var all []candidate
	for i, l := range w.pairs {
		if w.test[i] || min(mine[i], theirs[i]) > depth {
			continue
		}
		low, high := 1/math.Log2(1+float64(max(mine[i], theirs[i]))), 1/math.Log2(1+float64(min(mine[i], theirs[i])))
		c := candidate{Suggestion: Suggestion{
			Demand: w.demands[l.Demand].ID, Patent: w.patents[l.Patent].ID + "#" + strconv.Itoa(i),
			Uncertainty: entropy(1 / (1 + math.Exp(-logits[i]))), Disagreement: high - low,
		}, demand: w.d[l.Demand][1], patent: w.p[l.Patent][1], judged: known[i]}
		at[c.Demand+" "+c.Patent] = i
		all = append(all, c)
	}
	var out []int
	for _, s := range choose(all, budget, 3) {
		out = append(out, at[s.Demand+" "+s.Patent])
	}
	return out
}

// learned is nDCG@10 on the pairs to measure by after each round of labelling. first is
// the logits after the labels that both ways begin with; nil makes them.
func (w *world) learned(t *testing.T, seed uint64, rounds, budget int, suggest bool, first []float64) (out, begun []float64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 5))
	var pool []int
	for i := range w.pairs {
		if !w.test[i] {
			pool = append(pool, i)
		}
	}
	random.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	labelled, known := slices.Clone(pool[:budget]), map[int]bool{}
	for _, i := range labelled {
		known[i] = true
	}
	if first == nil {
		first = w.logits(w.trained(t, labelled))
	}
	logits := first
	for range rounds {
		var next []int
		if suggest {
			next = w.suggested(logits, known, budget)
		}
		for _, i := range pool[budget:] { // by chance, or what is left of the budget
			if len(next) == budget {
				break
			}
			if !known[i] && !slices.Contains(next, i) {
				next = append(next, i)
			}
		}
		for _, i := range next {
			known[i] = true
		}
		labelled = append(labelled, next...)
		logits = w.logits(w.trained(t, labelled))
		out = append(out, w.ndcg(logits))
	}
	return out, first
}

// compared labels both ways, with as many seeds, and returns the mean differences of each
// round with their standard errors.
func (w *world) compared(t *testing.T, seeds, rounds, budget int) (gain, deviation []float64) {
	t.Helper()
	t.Logf("zero-shot nDCG@10 %.4f", w.ndcg(w.zero))
	differences := make([][]float64, rounds)
	for seed := range seeds {
		a, first := w.learned(t, uint64(seed), rounds, budget, true, nil)
		b, _ := w.learned(t, uint64(seed), rounds, budget, false, first)
		t.Logf("seed %d: suggested %.4f, by chance %.4f", seed, a, b)
		for r := range rounds {
			differences[r] = append(differences[r], a[r]-b[r])
		}
	}
	for r, list := range differences {
		mean, squares := 0.0, 0.0
		for _, x := range list {
			mean += x / float64(len(list))
		}
		for _, x := range list {
			squares += (x - mean) * (x - mean)
		}
		gain, deviation = append(gain, mean), append(deviation, math.Sqrt(squares/float64(len(list)-1)/float64(len(list))))
		t.Logf("%d labels: suggested pairs are worth %+.4f nDCG@10 more than random ones, standard error %.4f over %d seeds", budget*(r+2), gain[r], deviation[r], len(list))
	}
	return gain, deviation
}

func ofSample(t *testing.T) *world {
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int32{}
	var demands, patents []tune.Record
	for _, d := range s.Demands {
		at[d.ID] = int32(len(demands))
		demands = append(demands, tune.Record{ID: d.ID, Title: d.Title, Text: d.Text})
	}
	for _, p := range s.Patents {
		at[p.Number] = int32(len(patents))
		patents = append(patents, tune.Record{ID: p.Number, Title: p.Title, Text: p.Abstract})
	}
	var pairs []tune.Label
	for _, l := range s.Labels {
		pairs = append(pairs, tune.Label{Demand: at[l.Demand], Patent: at[l.Patent], Level: int8(l.Level)})
	}
	return newWorld(t, demands, patents, pairs)
}

func TestSuggestedPairsTeachNoLessThanRandomOnes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains six models")
	}
	seeds, rounds := 2, 1
	if os.Getenv("DUIJIE_SIMULATE") != "" {
		seeds, rounds = 8, 3
	}
	gain, deviation := ofSample(t).compared(t, seeds, rounds, 60)
	for r := range gain {
		if gain[r] < -2*deviation[r] {
			t.Errorf("round %d: suggested pairs teach less than random ones by %.4f", r+1, -gain[r])
		}
	}
}

// TestLongSimulationOnRealPairs takes minutes; decision 0019 has its figures.
func TestLongSimulationOnRealPairs(t *testing.T) {
	folder := filepath.Join(os.Getenv("DUIJIE_DATA"), "bdci2019")
	if os.Getenv("DUIJIE_SIMULATE") == "" {
		t.Skip("takes minutes: set DUIJIE_SIMULATE=1 and DUIJIE_DATA")
	}
	at := map[string]int32{}
	read := func(name string) (out []tune.Record) {
		raw, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Skip(err)
		}
		for line := range strings.Lines(string(raw)) {
			var r struct {
				ID          string `json:"_id"`
				Title, Text string
			}
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			at[name+r.ID] = int32(len(out))
			out = append(out, tune.Record{ID: r.ID, Title: r.Title, Text: r.Text})
		}
		return out
	}
	demands, patents := read("queries.jsonl"), read("corpus.jsonl")
	f, err := os.Open(filepath.Join(folder, "qrels", "train.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var pairs []tune.Label
	for lines := bufio.NewScanner(f); lines.Scan(); {
		cells := strings.Split(lines.Text(), "\t")
		if level, err := strconv.Atoi(cells[2]); err == nil {
			pairs = append(pairs, tune.Label{Demand: at["queries.jsonl"+cells[0]], Patent: at["corpus.jsonl"+cells[1]], Level: int8(level)})
		}
	}
	w := newWorld(t, demands, patents, pairs)
	gain, deviation := w.compared(t, 4, 2, 72)
	for r := range gain {
		if gain[r] < -2*deviation[r] {
			t.Errorf("round %d: suggested pairs teach less than random ones by %.4f", r+1, -gain[r])
		}
	}
}
