package report

import "strings"

// narrowest is the width below which no line is broken further.
const narrowest = 50

// Punctuation that must not begin, or end, a line.
const (
	closing = "，。、：；？！）】」』》”’%,.:;?!)]}…"
	opening = "（【「『《“‘([{"
)

// wrapped breaks text into lines of at most n columns of a terminal: at spaces and
// between wide characters, and within a word only where it is longer than a line.
// Lines but the first are indented by two columns more than the first.
func wrapped(text string, n int) string {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))] + "  "
	var out strings.Builder
	line, used := "", 0
	flush := func() {
		out.WriteString(strings.TrimRight(line, " ") + "\n")
		line, used = indent, len(indent)
	}
	for rest := text; rest != ""; {
		unit := firstUnit(rest)
		rest = rest[len(unit):]
		if used+columns(strings.TrimRight(unit, " ")) > n && strings.TrimSpace(line) != "" {
			flush()
		}
		for used+columns(strings.TrimRight(unit, " ")) > n && used < n {
			head := firstColumns(unit, n-used)
			line, unit = line+head, unit[len(head):]
			flush()
		}
		line, used = line+unit, used+columns(unit)
	}
	return out.String() + strings.TrimRight(line, " ")
}

// firstUnit is the beginning of text up to the first place where a line may break.
func firstUnit(text string) string {
	var last rune
	for i, r := range text {
		if i > 0 && mayBreak(last, r) {
			return text[:i]
		}
		if columnsOf(r) > 0 {
			last = r
		}
	}
	return text
}

// mayBreak tells whether a line may end with a and the next begin with b.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ' || columnsOf(b) == 0:
		return false
	case a == ' ':
		return true
	case strings.ContainsRune(closing, b) || strings.ContainsRune(opening, a):
		return false
	}
	return columnsOf(a) == 2 || columnsOf(b) == 2
}

// firstColumns is as many characters of text as fit n columns, at least one.
func firstColumns(text string, n int) string {
	used := 0
	for i, r := range text {
		if used += columnsOf(r); used > n && i > 0 {
			return text[:i]
		}
	}
	return text
}

// within is the table in at most n columns of a terminal: where it is wider, its
// columns stand in several tables, one below the other, each with the first column.
func (g *grid) within(n int) string {
	widths, _ := g.shape()
	if total(widths) <= n {
		return g.String()
	}
	widest := 0
	for _, w := range widths[1:] {
		widest = max(widest, w)
	}
	first := min(widths[0], max(n-2-widest, shortest))
	g = g.clipped(first)
	var parts []string
	for from := 1; from < len(widths); {
		chosen, used := []int{0, from}, first+2+widths[from]
		for from++; from < len(widths) && used+2+widths[from] <= n; from++ {
			chosen, used = append(chosen, from), used+2+widths[from]
		}
		parts = append(parts, g.only(chosen).String())
	}
	return strings.Join(parts, "\n")
}

// shortest is what names in a first column are clipped to at most.
const shortest = 8

// without is the table in at most n columns of a terminal: where it is wider, columns
// are left out in the given order, and then the first one is clipped. left are the
// headers of those that were left out.
func (g *grid) without(n int, order ...int) (text string, left []string) {
	kept := make([]bool, len(g.rows[0]))
	for i := range kept {
		kept[i] = true
	}
	narrow := g
	for _, column := range order {
		if widths, _ := narrow.shape(); total(widths) <= n {
			break
		}
		kept[column] = false
		left = append(left, g.rows[0][column])
		var chosen []int
		for i, k := range kept {
			if k {
				chosen = append(chosen, i)
			}
		}
		narrow = g.only(chosen)
	}
	if widths, _ := narrow.shape(); total(widths) > n {
		narrow = narrow.clipped(max(widths[0]-(total(widths)-n), shortest))
	}
	return narrow.String(), left
}

// only is the table with the chosen columns.
func (g *grid) only(chosen []int) *grid {
	out := &grid{}
	for _, row := range g.rows {
		var cells []string
		for _, i := range chosen {
			cells = append(cells, row[i])
		}
		out.add(cells...)
	}
	return out
}

// clipped is the table with a first column of at most n columns of a terminal.
func (g *grid) clipped(n int) *grid {
	out := &grid{}
	for _, row := range g.rows {
		out.add(append([]string{clip(row[0], n)}, row[1:]...)...)
	}
	return out
}
