package workload

import (
	"math"
	"math/bits"
	"sync"

	"github.com/duijie/duijie/internal/text"
)

// Distinct estimates how many distinct terms texts have, in 16 KB and within about one
// percent (HyperLogLog, Flajolet and others, AofA 2007). It is safe for concurrent use.
type Distinct struct {
	mu    sync.Mutex
	ranks [1 << distinctBits]uint8
}

const distinctBits = 14

// Add takes in the terms of a text.
func (d *Distinct) Add(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	text.Each(s, func(term []rune, _ int) {
		h := uint64(len(term))
		for _, r := range term {
			h = mix(h ^ uint64(r))
		}
		rank := uint8(bits.LeadingZeros64(h<<distinctBits|1<<(distinctBits-1))) + 1
		slot := &d.ranks[h>>(64-distinctBits)]
		*slot = max(*slot, rank)
	})
}

// Count is the estimate.
func (d *Distinct) Count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	const m = float64(1 << distinctBits)
	sum, empty := 0.0, 0.0
	for _, rank := range d.ranks {
		sum += math.Ldexp(1, -int(rank))
		if rank == 0 {
			empty++
		}
	}
	estimate := 0.7213 / (1 + 1.079/m) * m * m / sum
	if estimate < 2.5*m && empty > 0 { // few: counting empty slots is more exact
		estimate = m * math.Log(m/empty)
	}
	return int(math.Round(estimate))
}
