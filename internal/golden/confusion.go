package golden

import (
	"fmt"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Confusion counts verdicts: by what is right, by what was given.
type Confusion [4][4]int

// Add counts a verdict.
func (c *Confusion) Add(want, got match.Verdict) {
	c[slices.Index(match.Verdicts, want)][slices.Index(match.Verdicts, got)]++
}

// Join adds the counts of another.
func (c *Confusion) Join(o *Confusion) {
	for i := range c {
		for j := range c[i] {
			c[i][j] += o[i][j]
		}
	}
}

func (c *Confusion) f1(k int) float64 {
	given, right := 0, 0
	for i := range c {
		given += c[i][k]
		right += c[k][i]
	}
	return 2 * float64(c[k][k]) / float64(max(1, given+right))
}

// Macro is the mean of the F1 of all verdicts.
func (c *Confusion) Macro() float64 {
	return (c.f1(0) + c.f1(1) + c.f1(2) + c.f1(3)) / 4
}

// Accuracy is the share of verdicts that are right; 0 of none.
func (c *Confusion) Accuracy() float64 {
	n, right := 0, 0
	for i := range c {
		for j := range c[i] {
			n += c[i][j]
		}
		right += c[i][i]
	}
	return float64(right) / float64(max(1, n))
}

// String gives F1, with their mean, and the table.
func (c *Confusion) String() string {
	var b strings.Builder
	n := 0
	for i := range c {
		for j := range c[i] {
			n += c[i][j]
		}
	}
	fmt.Fprintf(&b, "  macro-F1 %.3f, accuracy %.3f, %d elements\n", c.Macro(), c.Accuracy(), n)
	for k, v := range match.Verdicts {
		fmt.Fprintf(&b, "  %-13s F1 %.3f  given as %v\n", v, c.f1(k), c[k])
	}
	return b.String()
}
