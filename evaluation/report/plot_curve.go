package report

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
)

// recallPoint is a recall metric with its cutoff.
type recallPoint struct {
	k    int
	name string
}

func (s *subject) recallPoints() []recallPoint {
	var out []recallPoint
	for _, d := range s.r.Metrics {
		if found := cutoff.FindStringSubmatch(d.Name); found != nil {
			k, _ := strconv.Atoi(found[1])
			out = append(out, recallPoint{k, d.Name})
		}
	}
	slices.SortFunc(out, func(a, b recallPoint) int { return cmp.Compare(a.k, b.k) })
	return out
}

// recallPlot is recall over k with intervals, a line a model.
func (s *subject) recallPlot() template.HTML {
	points := s.recallPoints()
	if len(points) == 0 {
		return ""
	}
	c := newCanvas(s.o.Language, 620, 300)
	x := axis{math.Log(float64(points[0].k)), math.Log(float64(points[len(points)-1].k)), 60, 600}
	y := axis{0, 1, 254, 12}
	c.frame(x, y, y.ticks(5), nil)
	for _, p := range points {
		at := x.at(math.Log(float64(p.k)))
		c.line(at, y.from, at, y.to, "grid")
		c.text(at, y.from+18, "tick mid", same(strconv.Itoa(p.k)))
	}
	c.text(330, 294, "label mid", same("k"))
	c.upright(16, 130, say(phrase{"召回率 (rel≥%d)", "recall (rel≥%d)"}, s.r.Options.Relevant))
	for i := range s.r.Models {
		s.recallLine(c, x, y, points, i)
	}
	return c.svg(words["recall"])
}

func (s *subject) recallLine(c *canvas, x, y axis, points []recallPoint, model int) {
	var curve [][2]float64
	aside := 3 * (float64(model) - float64(len(s.r.Models)-1)/2) // lest intervals cover each other
	class := modelClass(model)
	for _, p := range points {
		e := s.r.Estimate(model, p.name)
		if !e.Value.Known() {
			continue
		}
		at := [2]float64{x.at(math.Log(float64(p.k))) + aside, y.at(e.Value.Float())}
		curve = append(curve, at)
		if e.Interval != nil {
			c.line(at[0], y.at(e.Interval.Low), at[0], y.at(e.Interval.High), "whisker "+class)
		}
		c.circle(at[0], at[1], 3.5, "dot "+class)
	}
	c.path(curve, "curve "+class)
}

// frame draws the horizontal grid with labels, and vertical ticks where given.
func (c *canvas) frame(x, y axis, horizontal, vertical []float64) {
	for _, t := range horizontal {
		c.line(x.from, y.at(t), x.to, y.at(t), "grid")
		c.text(x.from-8, y.at(t)+4, "tick end", tick(t))
	}
	for _, t := range vertical {
		c.line(x.at(t), y.from, x.at(t), y.to, "grid")
		c.text(x.at(t), y.from+16, "tick mid", tick(t))
	}
}

var quarters = []float64{0, 0.25, 0.5, 0.75, 1}

// square is a plot of shares against shares with its diagonal.
func square(l Language, size float64, across, up phrase) (c *canvas, x, y axis) {
	c = newCanvas(l, size, size)
	x, y = axis{0, 1, 56, size - 14}, axis{0, 1, size - 46, 10}
	c.frame(x, y, quarters, quarters)
	c.line(x.at(0), y.at(0), x.at(1), y.at(1), "diagonal")
	c.text((x.from+x.to)/2, size-8, "label mid", across)
	c.upright(13, (y.from+y.to)/2, up)
	return c, x, y
}

// reliabilityPlot is observed over predicted, with the bins' sizes below.
func reliabilityPlot(l Language, name string, model int, bins []metric.Bin) template.HTML {
	c, x, y := square(l, 300, words["predicted"], words["observed"])
	most, total := 1.0, 0.0
	for _, b := range bins {
		most, total = max(most, b.Count), total+b.Count
	}
	var curve [][2]float64
	for i, b := range bins {
		if b.Count == 0 {
			continue
		}
		from, to := x.at(float64(i)/float64(len(bins))), x.at(float64(i+1)/float64(len(bins)))
		height := 40 * b.Count / most
		c.rect(from+1, y.from-height, to-from-2, height, "histogram")
		at := [2]float64{x.at(b.Predicted / b.Count), y.at(b.Observed / b.Count)}
		curve = append(curve, at)
		c.circle(at[0], at[1], 2.5+6*math.Sqrt(b.Count/max(total, 1)), "dot "+modelClass(model))
	}
	c.path(curve, "curve "+modelClass(model))
	return c.svg(say(phrase{"%s 的可靠性图", "Reliability of %s"}, name))
}

// lorenzPlot is the Lorenz curves of how often documents were shown.
func (s *subject) lorenzPlot(k int) template.HTML {
	c, x, y := square(s.o.Language, 360, words["documents"], words["showings"])
	for i, m := range s.r.Models {
		c.path(lorenz(m, k, x, y), "curve "+modelClass(i))
	}
	return c.svg(words["exposure"])
}

// lorenz has at most 200 points; nil when nothing was shown.
func lorenz(m evaluation.ModelResult, k int, x, y axis) [][2]float64 {
	shown := slices.Clone(m.Shown[k])
	slices.Sort(shown)
	total := 0.0
	for _, n := range shown {
		total += float64(n)
	}
	if total == 0 {
		return nil
	}
	curve, sum := [][2]float64{{x.at(0), y.at(0)}}, 0.0
	step := (len(shown) + 199) / 200
	for i, n := range shown {
		sum += float64(n)
		if (i+1)%step == 0 || i+1 == len(shown) || n > 0 && i > 0 && shown[i-1] == 0 {
			curve = append(curve, [2]float64{x.at(float64(i+1) / float64(len(shown))), y.at(sum / total)})
		}
	}
	return curve
}
