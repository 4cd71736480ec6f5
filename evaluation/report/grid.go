package report

import "strings"

// grid is a table of plain text; its columns are as wide as their widest cell on a
// terminal. The first row is the header; the first column stands left, others
// right where their cells are figures.
type grid struct{ rows [][]string }

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// String is the table, a line a row, with a rule under the header.
func (g *grid) String() string {
	widths, right := g.shape()
	var b strings.Builder
	for i, row := range g.rows {
		var cells []string
		for j, cell := range row {
			cells = append(cells, pad(cell, widths[j], right[j]))
		}
		b.WriteString(strings.TrimRight(strings.Join(cells, "  "), " ") + "\n")
		if i == 0 {
			b.WriteString(strings.Repeat("─", total(widths)) + "\n")
		}
	}
	return b.String()
}

func (g *grid) shape() (widths []int, right []bool) {
	widths, right = make([]int, len(g.rows[0])), make([]bool, len(g.rows[0]))
	for i, row := range g.rows {
		for j, cell := range row {
			widths[j] = max(widths[j], columns(cell))
			right[j] = right[j] || i > 0 && j > 0 && numeric(cell)
		}
	}
	return widths, right
}

// numeric tells whether a cell begins like a figure.
func numeric(cell string) bool {
	cell = strings.TrimLeft(cell, "+−<[")
	return cell != "" && cell[0] >= '0' && cell[0] <= '9'
}

func total(widths []int) int {
	n := 2 * (len(widths) - 1)
	for _, w := range widths {
		n += w
	}
	return n
}
