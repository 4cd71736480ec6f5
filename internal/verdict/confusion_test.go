package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// confusion counts verdicts: by what is right, by what was given.
type confusion [4][4]int

func (c *confusion) add(want, got match.Verdict) {
	c[slices.Index(match.Verdicts, want)][slices.Index(match.Verdicts, got)]++
}

func (c *confusion) join(o *confusion) {
	for i := range c {
		for j := range c[i] {
			c[i][j] += o[i][j]
		}
	}
}

func (c *confusion) f1(k int) float64 {
	given, right := 0, 0
	for i := range c {
		given += c[i][k]
		right += c[k][i]
	}
	return 2 * float64(c[k][k]) / float64(max(1, given+right))
}

func (c *confusion) macro() float64 {
	return (c.f1(0) + c.f1(1) + c.f1(2) + c.f1(3)) / 4
}

// String gives F1, with their mean, and the table.
func (c *confusion) String() string {
	var b strings.Builder
	n, right := 0, 0
	for i := range c {
		for j := range c[i] {
			n += c[i][j]
		}
		right += c[i][i]
	}
	fmt.Fprintf(&b, "  macro-F1 %.3f, accuracy %.3f, %d elements\n", c.macro(), float64(right)/float64(max(1, n)), n)
	for k, v := range match.Verdicts {
		fmt.Fprintf(&b, "  %-13s F1 %.3f  given as %v\n", v, c.f1(k), c[k])
	}
	return b.String()
}
