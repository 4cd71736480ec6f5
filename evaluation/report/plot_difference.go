package report

import "html/template"

const mostBars = 800 // beyond which neighbouring bars are drawn as one

// differencePlot is a bar for each query, in order of gain. There is at least one.
func differencePlot(l Language, d duel, gains []gain) template.HTML {
	c := newCanvas(l, plotWidth, 236)
	x := axis{0, float64(len(gains)), 64, plotWidth - 12}
	y := around([]float64{min(0, gains[len(gains)-1].gain), max(0, gains[0].gain)}, 196, 30)
	for _, t := range y.ticks(6) {
		c.line(x.from, y.at(t), x.to, y.at(t), "grid")
		c.text(x.from-8, y.at(t)+4, "tick end", tick(t))
	}
	c.bars(x, y, gains)
	c.line(x.from, y.at(0), x.to, y.at(0), "zero")
	c.text(x.from, 14, "label strong", say(phrase{"%s 更好：%s", "%s better: %s"}, d.Candidate, count(d.Record.Win)))
	c.text(x.to, 14, "label strong end", say(phrase{"%s 更好：%s", "%s better: %s"}, d.Baseline, count(d.Record.Loss)))
	c.upright(14, 102, title(d.def))
	c.text((x.from+x.to)/2, 228, "label mid", say(phrase{"需求，按差异排序（相同：%s）", "demands in order of difference (equal: %s)"}, count(d.Record.Tie)))
	return c.svg(say(phrase{"每个需求的差异：%s 对 %s", "Difference by demand: %s against %s"}, d.Candidate, d.Baseline))
}

// bars draws gains as one area above and one below 0.
func (c *canvas) bars(x, y axis, gains []gain) {
	width := 1
	if len(gains) > mostBars {
		width = (len(gains) + mostBars - 1) / mostBars
	}
	up := [][2]float64{{x.at(0), y.at(0)}}
	down := [][2]float64{{x.at(0), y.at(0)}}
	for i := 0; i < len(gains); i += width {
		end := min(i+width, len(gains))
		height := gains[(i+end-1)/2].gain
		from, to := x.at(float64(i)), x.at(float64(end))
		up = append(up, [2]float64{from, y.at(max(height, 0))}, [2]float64{to, y.at(max(height, 0))})
		down = append(down, [2]float64{from, y.at(min(height, 0))}, [2]float64{to, y.at(min(height, 0))})
	}
	last := [2]float64{x.to, y.at(0)}
	c.path(append(up, last), "area better")
	c.path(append(down, last), "area worse")
}
