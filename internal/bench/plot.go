package bench

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Plot draws the cost of searches and of filling over size as an SVG document, in the
// language that pick chooses. Both axes are logarithmic, so that a cost that grows as the
// size does is a line as steep as the dashed one.
func (r *SearchReport) Plot(w io.Writer, pick func(match.LocalText) string) error {
	p := plot{pick: pick}
	p.panel(0, match.LocalText{ZH: "检索耗时 p50（毫秒）", EN: "latency of a search, p50 (ms)"}, r.latencies(pick))
	p.panel(1, match.LocalText{ZH: "写入与建索引（秒）", EN: "filling and building (s)"}, r.fillings(pick))
	p.panel(2, match.LocalText{ZH: "磁盘占用（MB）", EN: "disk (MB)"}, r.disks(pick))
	_, err := fmt.Fprintf(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n%s</svg>\n",
		3*panelWidth, panelHeight, p.b.String())
	return err
}

// series is a line of a plot.
type series struct {
	name   string
	points [][2]float64 // size and cost
}

// collected gathers the lines of a plot in the order in which they are first named.
type collected []series

func (c *collected) add(name string, size int, cost float64) {
	if cost <= 0 {
		return // not measured
	}
	at := [2]float64{float64(size), cost}
	for i := range *c {
		if (*c)[i].name == name {
			(*c)[i].points = append((*c)[i].points, at)
			return
		}
	}
	*c = append(*c, series{name, [][2]float64{at}})
}

var (
	exactWords = match.LocalText{ZH: "内置，全部读取", EN: "built-in, everything read"}
	wordsWords = match.LocalText{ZH: "词检索", EN: "words"}
)

func (r *SearchReport) latencies(pick func(match.LocalText) string) (out collected) {
	for _, run := range r.Runs {
		for _, x := range run.Indexes {
			for _, s := range x.Searches {
				name := x.Name + ", " + s.Vector
				if s.Filter != "none" {
					name += ", " + s.Filter
				}
				out.add(name, run.Size, s.Latency.P50)
			}
		}
		out.add(pick(exactWords), run.Size, run.Exact.P50)
		if run.Words != nil {
			out.add(pick(wordsWords), run.Size, run.Words.Searches[0].Latency.P50)
		}
	}
	return out
}

func (r *SearchReport) fillings(pick func(match.LocalText) string) (out collected) {
	for _, run := range r.Runs {
		for _, x := range run.Indexes {
			out.add(x.Name, run.Size, x.Filled.IngestSeconds+x.Filled.BuildSeconds)
		}
		if run.Words != nil {
			out.add(pick(wordsWords), run.Size, run.Words.Filled.IngestSeconds+run.Words.Filled.BuildSeconds)
		}
	}
	return out
}

func (r *SearchReport) disks(pick func(match.LocalText) string) (out collected) {
	for _, run := range r.Runs {
		for _, x := range run.Indexes {
			out.add(x.Name, run.Size, float64(x.Filled.DiskBytes)/1e6)
		}
		if run.Words != nil {
			out.add(pick(wordsWords), run.Size, float64(run.Words.Filled.DiskBytes)/1e6)
		}
	}
	return out
}

const (
	panelWidth, panelHeight = 420, 360
	left, right             = 52, 12
	top, bottom             = 34, 120 // below are the names of the lines
)

var colours = []string{"#0b6e99", "#d9730d", "#0f7b6c", "#ad1a72", "#6940a5", "#9b9a97", "#b08800", "#e03e3e", "#4a6fa5", "#777777"}

// plot draws panels side by side.
type plot struct {
	b    strings.Builder
	pick func(match.LocalText) string
}

// axes turn sizes and costs into places.
type axes struct{ x0, x1, y0, y1, shift float64 } // powers of ten at the ends

func (a axes) at(p [2]float64) (x, y float64) {
	x = a.shift + left + (math.Log10(p[0])-a.x0)/(a.x1-a.x0)*(panelWidth-left-right)
	y = panelHeight - bottom - (math.Log10(p[1])-a.y0)/(a.y1-a.y0)*(panelHeight-top-bottom)
	return x, y
}

// axesOf span whole powers of ten.
func axesOf(lines collected, shift float64) axes {
	a := axes{x0: math.Inf(1), x1: math.Inf(-1), y0: math.Inf(1), y1: math.Inf(-1), shift: shift}
	for _, s := range lines {
		for _, p := range s.points {
			a.x0, a.x1 = min(a.x0, math.Log10(p[0])), max(a.x1, math.Log10(p[0]))
			a.y0, a.y1 = min(a.y0, math.Log10(p[1])), max(a.y1, math.Log10(p[1]))
		}
	}
	a.x0, a.y0 = math.Floor(a.x0), math.Floor(a.y0)
	a.x1, a.y1 = max(math.Ceil(a.x1), a.x0+1), max(math.Ceil(a.y1), a.y0+1)
	return a
}

func (p *plot) panel(n int, title match.LocalText, lines collected) {
	shift := float64(n * panelWidth)
	p.text(shift+left, 20, "start", p.pick(title))
	if len(lines) == 0 {
		return
	}
	a := axesOf(lines, shift)
	p.grid(a)
	for i, s := range lines {
		colour := colours[i%len(colours)]
		var path strings.Builder
		for j, at := range s.points {
			x, y := a.at(at)
			fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(j, 1)], x, y)
			fmt.Fprintf(&p.b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n", x, y, colour)
		}
		fmt.Fprintf(&p.b, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>\n", path.String(), colour)
		x, y := shift+left+float64(i%2)*185, float64(panelHeight-bottom+42+i/2*15)
		fmt.Fprintf(&p.b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"3\" fill=\"%s\"/>\n", x, y-5, colour)
		p.text(x+15, y, "start", s.name)
	}
}

// grid draws the powers of ten, and the slope of a cost that grows as the size does.
func (p *plot) grid(a axes) {
	line := func(x1, y1, x2, y2 float64, dashes string) {
		fmt.Fprintf(&p.b, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"%s/>\n", x1, y1, x2, y2, dashes)
	}
	for e := a.x0; e <= a.x1; e++ {
		x, y0 := a.at([2]float64{math.Pow(10, e), math.Pow(10, a.y0)})
		_, y1 := a.at([2]float64{1, math.Pow(10, a.y1)})
		line(x, y0, x, y1, "")
		p.text(x, y0+15, "middle", power(e))
	}
	for e := a.y0; e <= a.y1; e++ {
		x0, y := a.at([2]float64{math.Pow(10, a.x0), math.Pow(10, e)})
		x1, _ := a.at([2]float64{math.Pow(10, a.x1), 1})
		line(x0, y, x1, y, "")
		p.text(x0-5, y+4, "end", power(e))
	}
	decades := min(a.x1-a.x0, a.y1-a.y0)
	x0, y0 := a.at([2]float64{math.Pow(10, a.x0), math.Pow(10, a.y0)})
	x1, y1 := a.at([2]float64{math.Pow(10, a.x0+decades), math.Pow(10, a.y0+decades)})
	line(x0, y0, x1, y1, " stroke-dasharray=\"4 3\"")
}

// power is how a power of ten is written at an axis.
func power(e float64) string {
	switch {
	case e >= 6:
		return fmt.Sprintf("%gM", math.Pow(10, e-6))
	case e >= 3:
		return fmt.Sprintf("%gk", math.Pow(10, e-3))
	}
	return fmt.Sprintf("%g", math.Pow(10, e))
}

func (p *plot) text(x, y float64, anchor, s string) {
	fmt.Fprintf(&p.b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor)
	_ = xml.EscapeText(&p.b, []byte(s)) // a Builder takes everything
	p.b.WriteString("</text>\n")
}
