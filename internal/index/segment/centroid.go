package segment

import (
	"math"
	"slices"

	"github.com/duijie/duijie/internal/quant"
)

// centroids are directions, as codes with a scale.
type centroids struct {
	dim    int
	codes  []int8
	scales []float32
	sums   []float32
	wide   []int16
}

func newCentroids(k, dim int) *centroids {
	c := &centroids{dim: dim, codes: make([]int8, k*dim), scales: make([]float32, k)}
	c.forget()
	return c
}

// forget begins new sums.
func (c *centroids) forget() {
	c.sums = make([]float32, len(c.codes))
	c.wide = make([]int16, c.dim)
}

func (c *centroids) add(i int, x vector) {
	quant.AddScaled(c.sums[i*c.dim:(i+1)*c.dim], x.codes, x.scale)
}

// settle makes directions of the sums. One without rows stays what it was.
func (c *centroids) settle() {
	for i := range c.scales {
		sum, square := c.sums[i*c.dim:(i+1)*c.dim], 0.0
		for _, x := range sum {
			square += float64(x * x)
		}
		if square == 0 {
			continue
		}
		for j := range sum {
			sum[j] = float32(float64(sum[j]) / math.Sqrt(square))
		}
		c.scales[i] = quant.Quantise(sum, c.codes[i*c.dim:(i+1)*c.dim]).Scale
	}
	c.sums = nil
}

func (c *centroids) nearest(x vector, from, to uint32) int32 {
	list, _ := c.best(x, from, to)
	return list
}

// best finds the nearest of the centroids from…to−1, and how near it is.
func (c *centroids) best(x vector, from, to uint32) (list int32, dot float32) {
	var dots [blockRows]int32
	dot = float32(math.Inf(-1))
	for ; from < to; from += blockRows {
		n := min(to-from, blockRows)
		quant.DotRows(x.wide, c.codes[int(from)*c.dim:int(from+n)*c.dim], dots[:n])
		for i, d := range dots[:n] {
			if near := float32(d) * c.scales[from+uint32(i)]; near > dot {
				list, dot = int32(from)+int32(i), near
			}
		}
	}
	return list, dot
}

// order returns the n nearest centroids, at most parents, in their order.
func (c *centroids) order(x vector, n int) []uint32 {
	var dots [blockRows]int32
	var best [parents]near // the nearest first
	found := 0
	for from := 0; from < len(c.scales); from += blockRows {
		some := min(len(c.scales)-from, blockRows)
		quant.DotRows(x.wide, c.codes[from*c.dim:(from+some)*c.dim], dots[:some])
		for i, d := range dots[:some] {
			next := near{float32(d) * c.scales[from+i], uint32(from + i)}
			if found == n && next.dot <= best[n-1].dot {
				continue
			}
			found = min(found+1, n)
			at := found - 1
			for ; at > 0 && best[at-1].dot < next.dot; at-- {
				best[at] = best[at-1]
			}
			best[at] = next
		}
	}
	out := make([]uint32, found, parents)
	for i := range out {
		out[i] = best[i].list
	}
	slices.Sort(out)
	return out
}
