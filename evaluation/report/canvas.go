package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// canvas draws an inline SVG. Coordinates are pixels from the top left; classes
// are constants of this package and get their look from style.css.
type canvas struct {
	b             strings.Builder
	language      Language
	width, height float64
}

func newCanvas(l Language, width, height float64) *canvas {
	return &canvas{language: l, width: width, height: height}
}

// coordinate has one decimal: enough for the eye, and the same on every machine.
func coordinate(x float64) string {
	text := strconv.FormatFloat(x, 'f', 1, 64)
	if text = strings.TrimSuffix(text, ".0"); text == "-0" {
		return "0"
	}
	return text
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&c.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class,
		coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2))
}

func (c *canvas) rect(x, y, width, height float64, class string) {
	fmt.Fprintf(&c.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class,
		coordinate(x), coordinate(y), coordinate(max(width, 0)), coordinate(max(height, 0)))
}

func (c *canvas) circle(x, y, radius float64, class string) {
	fmt.Fprintf(&c.b, `<circle class="%s" cx="%s" cy="%s" r="%s"/>`, class, coordinate(x), coordinate(y), coordinate(radius))
}

// path draws a polyline through points, closed when class says area.
func (c *canvas) path(points [][2]float64, class string) {
	if len(points) == 0 {
		return
	}
	var d strings.Builder
	for i, p := range points {
		if i == 0 {
			d.WriteString("M")
		} else {
			d.WriteString("L")
		}
		d.WriteString(coordinate(p[0]) + " " + coordinate(p[1]))
	}
	if strings.HasPrefix(class, "area") {
		d.WriteString("Z")
	}
	fmt.Fprintf(&c.b, `<path class="%s" d="%s"/>`, class, d.String())
}

// text writes p, in both languages where they differ and the page has both.
func (c *canvas) text(x, y float64, class string, p phrase) {
	write := func(class, lang, text string) {
		fmt.Fprintf(&c.b, `<text class="%s"%s x="%s" y="%s">%s</text>`, class, lang,
			coordinate(x), coordinate(y), template.HTMLEscapeString(text))
	}
	if c.language != Both || p.zh == p.en {
		write(class, "", c.language.plain(p))
		return
	}
	write(class+" zh", ` lang="zh"`, p.zh)
	write(class+" en", ` lang="en"`, p.en)
}

// upright is text that runs upwards, around its middle at x, y.
func (c *canvas) upright(x, y float64, p phrase) {
	fmt.Fprintf(&c.b, `<g transform="translate(%s %s) rotate(-90)">`, coordinate(x), coordinate(y))
	c.text(0, 0, "label mid", p)
	c.b.WriteString("</g>")
}

// svg is the drawing, with a name for those who cannot see it.
func (c *canvas) svg(name phrase) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="plot" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`,
		coordinate(c.width), coordinate(c.height), coordinate(c.width), coordinate(c.height),
		template.HTMLEscapeString(c.language.plain(name))) + c.b.String() + "</svg>")
}

// axis maps values of low to high to pixels from to to.
type axis struct{ low, high, from, to float64 }

func (a axis) at(x float64) float64 {
	if a.high == a.low {
		return (a.from + a.to) / 2
	}
	return a.from + (x-a.low)/(a.high-a.low)*(a.to-a.from)
}

// ticks are round values within the axis, about n of them.
func (a axis) ticks(n int) []float64 {
	step := stepFor(a.high-a.low, n)
	var out []float64
	for i := math.Ceil(a.low/step - 1e-9); i*step <= a.high+step*1e-9; i++ {
		out = append(out, i*step)
	}
	return out
}

func stepFor(span float64, n int) float64 {
	if !(span > 0) {
		return 1
	}
	raw := span / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if raw <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// around is an axis that holds all values with some room, on round bounds.
func around(values []float64, from, to float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		low, high = 0, 1
	}
	if high-low < 1e-9 {
		low, high = low-0.05, high+0.05
	}
	step := stepFor(high-low, 5)
	return axis{math.Floor(low/step+1e-9) * step, math.Ceil(high/step-1e-9) * step, from, to}
}

// tick is the label of a value on an axis.
func tick(x float64) phrase {
	if x == 0 {
		x = 0 // not minus zero
	}
	return same(minus(strconv.FormatFloat(round(x, 6), 'f', -1, 64)))
}
