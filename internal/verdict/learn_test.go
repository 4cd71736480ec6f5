package verdict

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/logistic"
	"github.com/duijie/duijie/internal/match"
)

var update = flag.Bool("update", false, "rewrite weights.json and the goldens")

// What was chosen by the first half, each demand judged by what the others teach, among
// about a hundred settings of features, penalties and balance: strengths of what keeps
// the weights small, and the power of how much more rare verdicts count.
const (
	levelPenalty   = 10.0
	figurePenalty  = 3.0
	wordsPenalty   = 60.0
	figuresPenalty = 200.0
	balance        = 0.6
)

// lesson is an element of the annotation with what is known of it.
type lesson struct {
	demand, patent string
	pair           int
	want           match.Verdict
	wants          *Wants
	wanted         *wanted
	view           *view
	places         []place // that prove the verdict
}

// proves tells whether a figure of the patent is in a place that proves the verdict.
func (e *lesson) proves(p *Record, f *figure) bool {
	return slices.ContainsFunc(e.places, func(s place) bool {
		return s.Field == p.fields[f.field].name && f.Start < s.End && f.End > s.Start
	})
}

func lessons(t testing.TB, l *library, pairs []annotated) []*lesson {
	t.Helper()
	var out []*lesson
	for n, a := range pairs {
		d, p := l.demands[a.Demand], l.patents[a.Patent]
		wants, err := l.judge.Wants(t.Context(), d, a.elements())
		if err != nil {
			t.Fatal(err)
		}
		like := wants.bag.like(p.bag)
		for i, w := range wants.elements {
			e := a.Elements[i]
			x := &lesson{demand: a.Demand, patent: a.Patent, pair: n, want: e.Verdict, wants: wants, wanted: w, view: w.look(p, like), places: e.Patent}
			out = append(out, x)
		}
	}
	return out
}

// learn fits the three models, one after the other.
// Labels of demands that are held out teach nothing, and each lesson is taught with the
// levels that the labels of other demands give.
func learn(t testing.TB, l *library, pairs []annotated, all []*lesson, held func(demand string) bool) *models {
	t.Helper()
	m := &models{Levels: l.levels(t, held)}
	var taught []judged
	for g := range groups {
		in := func(d string) bool { return group(d) == g }
		own := *m
		own.Levels = l.levels(t, func(d string) bool { return held(d) || in(d) })
		own.Figure = l.figure(t, &own, all, in)
		var part []*lesson
		for _, e := range all {
			if in(e.demand) {
				part = append(part, e)
			}
		}
		taught = append(taught, trials(l, &own, pairs, part)...)
	}
	fit := func(quantities bool, penalty float64) (out verdicts) {
		var x [][]float64
		var y []int
		for _, e := range taught {
			if (e.trial.wanted.Kind == match.QuantityElement) == quantities {
				x, y = append(x, e.inputs), append(y, slices.Index(match.Verdicts, e.want))
			}
		}
		b, w := regress(t, x, y, 4, penalty, balanced(y))
		for k := range out.Weights {
			out.Biases[k], out.Weights[k] = b[k], w[k]
		}
		return out
	}
	m.Figure = l.figure(t, m, all, func(string) bool { return false })
	m.Words, m.Figures = fit(false, wordsPenalty), fit(true, figuresPenalty)
	round(m)
	return m
}

// figure learns which figures are about what is required, from those in the places that prove a
// verdict.
func (l *library) figure(t testing.TB, m *models, all []*lesson, held func(demand string) bool) binary {
	t.Helper()
	var x [][]float64
	var y []int
	pairs := map[int]*whole{}
	for _, e := range all {
		d, p := l.demands[e.demand], l.patents[e.patent]
		if e.wanted.figure == nil || e.wanted.Kind != match.QuantityElement || held(e.demand) {
			continue
		}
		if pairs[e.pair] == nil {
			pairs[e.pair] = m.whole(newMeeting(d, p, d.bag))
		}
		for _, o := range p.offers(e.wanted, d) {
			v := o.features(e.view, d, p)
			x, y = append(x, append(v, pairs[e.pair].inputs...)), append(y, int(is(e.proves(p, o.figure))))
		}
	}
	return regressBinary(t, x, y, figurePenalty)
}

// groups of demands are held out in turn from the labels that teach levels.
const groups = 6

func group(demand string) int { return int(sha256.Sum256([]byte(demand))[1]) % groups }

// levels learns how likely pairs are of each level from the labels of the sample.
func (l *library) levels(t testing.TB, held func(demand string) bool) [3]binary {
	t.Helper()
	var out [3]binary
	for k := range out {
		var x [][]float64
		var y []int
		for _, r := range l.labelled {
			if !held(r.demand) {
				x, y = append(x, r.features), append(y, int(is(r.level >= match.Level(k+2))))
			}
		}
		out[k] = regressBinary(t, x, y, levelPenalty)
	}
	return out
}

func regressBinary(t testing.TB, x [][]float64, y []int, penalty float64) (out binary) {
	t.Helper()
	b, w := regress(t, x, y, 2, penalty, nil)
	out.Bias = b[1] - b[0]
	for i := range w[0] {
		out.Weights = append(out.Weights, w[1][i]-w[0][i])
	}
	return out
}

type judged struct {
	trial  *trial
	inputs []float64
	want   match.Verdict
	patent string
}

// trials studies the pairs with the figure model of m alone.
func trials(l *library, m *models, pairs []annotated, all []*lesson) []judged {
	var out []judged
	j := *l.judge
	j.models = m
	for n := range pairs {
		var own []*lesson
		var w []*wanted
		for _, e := range all {
			if e.pair == n {
				own, w = append(own, e), append(w, e.wanted)
			}
		}
		if len(own) == 0 {
			continue
		}
		for i, c := range j.study(w, newMeeting(l.demands[own[0].demand], l.patents[own[0].patent], own[0].wants.bag)) {
			out = append(out, judged{c, c.inputs, own[i].want, own[i].patent})
		}
	}
	return out
}

// balanced weighs classes by the root of how rare they are.
func balanced(y []int) []float64 {
	var count [4]float64
	for _, k := range y {
		count[k]++
	}
	out := make([]float64, 4)
	for k := range out {
		out[k] = math.Pow(float64(len(y))/(4*max(1, count[k])), balance)
	}
	return out
}

// regress is a multinomial regression with a penalty on the squares of the weights of
// features scaled to deviation 1.
func regress(t testing.TB, x [][]float64, y []int, classes int, penalty float64, weights []float64) ([]float64, [][]float64) {
	t.Helper()
	n := len(x[0])
	mean, deviation := make([]float64, n), make([]float64, n)
	for i := range n {
		for _, r := range x {
			mean[i] += r[i] / float64(len(x))
		}
		for _, r := range x {
			deviation[i] += (r[i] - mean[i]) * (r[i] - mean[i]) / float64(len(x))
		}
		deviation[i] = math.Sqrt(deviation[i])
		if deviation[i] < 1e-6 {
			deviation[i] = 1
		}
	}
	p := logistic.Problem{Labels: y, Classes: classes, Features: n, Penalty: penalty, Weights: weights}
	for _, r := range x {
		z := make([]float64, n)
		for i := range z {
			z[i] = (r[i] - mean[i]) / deviation[i]
		}
		p.Rows = append(p.Rows, logistic.Dense(z))
	}
	m, err := p.Fit()
	if err != nil {
		t.Fatal(err)
	}
	for k := range m.Weights {
		for i := range n {
			m.Weights[k][i] /= deviation[i]
			m.Biases[k] -= m.Weights[k][i] * mean[i]
		}
	}
	return m.Biases, m.Weights
}

// round keeps four decimals, which is what the file holds.
func round(m *models) {
	r := func(v float64) float64 { return math.Round(v*1e4) / 1e4 }
	for _, b := range []*binary{&m.Figure, &m.Levels[0], &m.Levels[1], &m.Levels[2]} {
		b.Bias = r(b.Bias)
		for i := range b.Weights {
			b.Weights[i] = r(b.Weights[i])
		}
	}
	for _, v := range []*verdicts{&m.Words, &m.Figures} {
		for k := range v.Weights {
			v.Biases[k] = r(v.Biases[k])
			for i := range v.Weights[k] {
				v.Weights[k][i] = r(v.Weights[k][i])
			}
		}
	}
}

// teaching are all pairs that may teach: those of the annotation first, then what was written
// to teach.
func (l *library) teaching(t testing.TB) []annotated {
	return slices.Concat(append([][]annotated{annotation(t), written(t), l.real}, l.authors...)...)
}

// teachAll is what all of it teaches.
func teachAll(t testing.TB, l *library) *models {
	all := l.teaching(t)
	return learn(t, l, all, lessons(t, l, all), func(string) bool { return false })
}

func TestTheWeightsAreWhatIsTaught(t *testing.T) {
	if raceEnabled {
		t.Skip("learning is slow under the race detector, and has no goroutines")
	}
	l := open(t)
	if len(l.real) == 0 {
		t.Skip("no real demands and patents, which teach too: set DUIJIE_DATA")
	}
	m := teachAll(t, l)
	if *update {
		raw, err := json.MarshalIndent(m, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("weights.json", append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := load()
	if err != nil {
		t.Fatal(err)
	}
	// Processors round differently, and a slope that is nearly flat ends anywhere on it.
	if diff := cmp.Diff(kept, m, cmpopts.EquateApprox(0.02, 0.02), cmp.AllowUnexported(models{})); diff != "" {
		t.Errorf("weights.json (-kept +learned; rewrite with -update):\n%s", diff)
	}
}
