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
	figuresPenalty = 60.0
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
	right          []bool // of the patent's figures
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
			x := &lesson{demand: a.Demand, patent: a.Patent, pair: n, want: e.Verdict, wants: wants, wanted: w, view: w.look(p, like)}
			for k := range p.figures {
				f := &p.figures[k]
				x.right = append(x.right, slices.ContainsFunc(e.Patent, func(s place) bool {
					return s.Field == p.fields[f.field].name && f.Start < s.End && f.End > s.Start
				}))
			}
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
	m := &models{Levels: l.levels(held)}
	var x [][]float64
	var y []int
	for _, e := range all {
		d, p := l.demands[e.demand], l.patents[e.patent]
		if e.wanted.figure == nil || e.wanted.Kind != match.QuantityElement {
			continue
		}
		for k := range p.figures {
			f := &p.figures[k]
			if !e.wanted.figure.Unit.Comparable(f.Unit) {
				continue
			}
			v := matchFigures(e.wanted, e.view, f, d, p)
			finishFigure(v, e.wanted, d, p)
			x, y = append(x, v), append(y, int(is(e.right[k])))
		}
	}
	m.Figure = regressBinary(x, y, figurePenalty)
	var taught []judged
	for g := range groups {
		in := func(d string) bool { return group(d) == g }
		own := *m
		own.Levels = l.levels(func(d string) bool { return held(d) || in(d) })
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
		b, w := regress(x, y, 4, penalty, balanced(y))
		for k := range out.Weights {
			out.Biases[k], out.Weights[k] = b[k], w[k]
		}
		return out
	}
	m.Words, m.Figures = fit(false, wordsPenalty), fit(true, figuresPenalty)
	round(m)
	return m
}

// groups of demands are held out in turn from the labels that teach levels.
const groups = 6

func group(demand string) int { return int(sha256.Sum256([]byte(demand))[1]) % groups }

// levels learns how likely pairs are of each level from the labels of the first half.
func (l *library) levels(held func(demand string) bool) [3]binary {
	var out [3]binary
	for k := range out {
		var x [][]float64
		var y []int
		for _, r := range l.labelled {
			if !held(r.demand) {
				x, y = append(x, r.features), append(y, int(is(r.level >= match.Level(k+2))))
			}
		}
		out[k] = regressBinary(x, y, levelPenalty)
	}
	return out
}

func regressBinary(x [][]float64, y []int, penalty float64) (out binary) {
	b, w := regress(x, y, 2, penalty, nil)
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
// features scaled to deviation 1, by accelerated gradient descent.
func regress(x [][]float64, y []int, classes int, penalty float64, weights []float64) ([]float64, [][]float64) {
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
	z := make([][]float64, len(x))
	for r := range x {
		z[r] = make([]float64, n+1)
		z[r][n] = 1
		for i := range n {
			z[r][i] = (x[r][i] - mean[i]) / deviation[i]
		}
	}
	loss := func(theta, gradient []float64) float64 {
		sum := 0.0
		if gradient != nil {
			clear(gradient)
		}
		p := make([]float64, classes)
		for r := range z {
			top := math.Inf(-1)
			for k := range p {
				p[k] = 0
				for i, v := range z[r] {
					p[k] += theta[k*(n+1)+i] * v
				}
				top = max(top, p[k])
			}
			total := 0.0
			for k := range p {
				p[k] = math.Exp(p[k] - top)
				total += p[k]
			}
			weight := 1.0
			if weights != nil {
				weight = weights[y[r]]
			}
			sum -= weight * math.Log(p[y[r]]/total)
			if gradient == nil {
				continue
			}
			for k := range p {
				g := weight * (p[k]/total - is(k == y[r]))
				for i, v := range z[r] {
					gradient[k*(n+1)+i] += g * v
				}
			}
		}
		for k := range classes {
			for i := range n {
				at := k*(n+1) + i
				sum += penalty / 2 * theta[at] * theta[at]
				if gradient != nil {
					gradient[at] += penalty * theta[at]
				}
			}
		}
		return sum
	}
	theta := descend(classes*(n+1), loss)
	biases, out := make([]float64, classes), make([][]float64, classes)
	for k := range classes {
		biases[k] = theta[k*(n+1)+n]
		for i := range n {
			w := theta[k*(n+1)+i] / deviation[i]
			out[k] = append(out[k], w)
			biases[k] -= w * mean[i]
		}
	}
	return biases, out
}

// remembered is the number of steps that descend remembers.
const remembered = 12

// descend minimises a smooth convex function by L-BFGS (Nocedal and Wright, Numerical
// Optimization, algorithm 7.5) with steps that are halved until the function falls enough.
func descend(n int, loss func(x, gradient []float64) float64) []float64 {
	x, gradient := make([]float64, n), make([]float64, n)
	value := loss(x, gradient)
	var steps, turns [][]float64
	for range 400 {
		if dot(gradient, gradient) < 1e-6 {
			break
		}
		way := direction(gradient, steps, turns)
		slope, step := dot(way, gradient), 1.0
		if len(steps) == 0 {
			step = 1 / math.Sqrt(dot(gradient, gradient))
		}
		next, turned := make([]float64, n), make([]float64, n)
		for {
			for i := range next {
				next[i] = x[i] + step*way[i]
			}
			if now := loss(next, turned); now <= value+1e-4*step*slope {
				value = now
				break
			}
			if step /= 2; step < 1e-12 {
				return x
			}
		}
		moved, turn := make([]float64, n), make([]float64, n)
		for i := range next {
			moved[i], turn[i] = next[i]-x[i], turned[i]-gradient[i]
		}
		x, gradient = next, turned
		if dot(moved, turn) > 1e-12 {
			steps, turns = append(steps, moved), append(turns, turn)
			if len(steps) > remembered {
				steps, turns = steps[1:], turns[1:]
			}
		}
	}
	return x
}

// direction is where L-BFGS goes from a gradient.
func direction(gradient []float64, steps, turns [][]float64) []float64 {
	out, alpha := make([]float64, len(gradient)), make([]float64, len(steps))
	for i, g := range gradient {
		out[i] = -g
	}
	add := func(by float64, v []float64) {
		for i := range out {
			out[i] += by * v[i]
		}
	}
	for k := len(steps) - 1; k >= 0; k-- {
		alpha[k] = dot(steps[k], out) / dot(steps[k], turns[k])
		add(-alpha[k], turns[k])
	}
	if k := len(steps) - 1; k >= 0 {
		scale := dot(steps[k], turns[k]) / dot(turns[k], turns[k])
		for i := range out {
			out[i] *= scale
		}
	}
	for k := range steps {
		add(alpha[k]-dot(turns[k], out)/dot(steps[k], turns[k]), steps[k])
	}
	return out
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
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

func halves(t testing.TB) (first, second []annotated) {
	for _, a := range annotation(t) {
		if teaches(a.Demand) {
			first = append(first, a)
		} else {
			second = append(second, a)
		}
	}
	return first, second
}

// teaching are all pairs that may teach: the first half, and a share of the demands of
// what was written to teach, chosen by a hash.
func teaching(t testing.TB, share float64) []annotated {
	out, _ := halves(t)
	for _, a := range written(t) {
		if float64(sha256.Sum256([]byte(a.Demand))[2]) < 256*share {
			out = append(out, a)
		}
	}
	return out
}

// teachAll is what all of it teaches.
func teachAll(t testing.TB, l *library) *models {
	all := teaching(t, 1)
	return learn(t, l, all, lessons(t, l, all), func(string) bool { return false })
}

func TestTheWeightsAreWhatIsTaught(t *testing.T) {
	if raceEnabled {
		t.Skip("learning is slow under the race detector, and has no goroutines")
	}
	m := teachAll(t, open(t))
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
