package drift

import (
	"maps"
	"math"
	"slices"
	"sync"
)

// Reference is what quantities looked like before, by their names.
type Reference struct {
	Quantities map[string]Histogram `json:"quantities"`
	// Values is how many values the quantity with the most of them had.
	Values int `json:"values"`
}

// Histogram has the share of values below the first cut, between the first and the
// second, and so on. Equal cuts are one.
type Histogram struct {
	Cuts   []float64 `json:"cuts"`
	Shares []float64 `json:"shares"`
}

// bins of a histogram, where values differ enough.
const bins = 10

// NewReference makes a reference of samples. Quantities with fewer than leastValues are
// left out; nil if none is left.
func NewReference(samples map[string][]float64) *Reference {
	out := &Reference{Quantities: map[string]Histogram{}}
	for name, values := range samples {
		if len(values) >= leastValues {
			out.Quantities[name] = newHistogram(values)
			out.Values = max(out.Values, len(values))
		}
	}
	if len(out.Quantities) == 0 {
		return nil
	}
	return out
}

func newHistogram(values []float64) Histogram {
	sorted := slices.Sorted(slices.Values(values))
	var h Histogram
	for b := 1; b < bins; b++ {
		if cut := sorted[b*len(sorted)/bins]; len(h.Cuts) == 0 || cut > h.Cuts[len(h.Cuts)-1] {
			h.Cuts = append(h.Cuts, cut)
		}
	}
	counts := make([]float64, len(h.Cuts)+1)
	for _, v := range values {
		counts[h.bin(v)]++
	}
	for _, n := range counts {
		h.Shares = append(h.Shares, n/float64(len(values)))
	}
	return h
}

// bin is where a value belongs: in the first bin whose cut lies above it.
func (h Histogram) bin(v float64) int {
	at, equal := slices.BinarySearch(h.Cuts, v)
	if equal {
		at++
	}
	return at
}

// sound tells whether a histogram that was read can be used.
func (h Histogram) sound() bool {
	return len(h.Shares) == len(h.Cuts)+1 && slices.IsSorted(h.Cuts)
}

const (
	// leastValues is how many values an index takes.
	leastValues = 100
	// window is after how many values of a quantity older ones count half.
	window = 5000
	// floor is the least share of a bin: an empty one would make the index infinite.
	floor = 0.001
)

// Monitor compares what comes in service with a reference. It is safe for concurrent
// use.
type Monitor struct {
	reference *Reference
	mu        sync.Mutex
	seen      map[string]*counted
}

type counted struct {
	bins []float64
	n    float64 // sum of bins
}

// NewMonitor watches for a reference, which may be nil: then nothing is told.
func NewMonitor(r *Reference) *Monitor { return &Monitor{reference: r, seen: map[string]*counted{}} }

// Add counts a value. What the reference does not have is ignored.
func (m *Monitor) Add(name string, v float64) {
	if m.reference == nil || math.IsNaN(v) {
		return
	}
	h, ok := m.reference.Quantities[name]
	if !ok || !h.sound() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.seen[name]
	if c == nil {
		c = &counted{bins: make([]float64, len(h.Shares))}
		m.seen[name] = c
	}
	c.bins[h.bin(v)]++
	if c.n++; c.n >= 2*window {
		for i := range c.bins {
			c.bins[i] /= 2
		}
		c.n /= 2
	}
}

// Index is the stability index of a quantity over so many values.
type Index struct {
	Name   string
	PSI    float64
	Values int
}

// Indexes are those of all quantities with enough values, in the order of their names.
func (m *Monitor) Indexes() []Index {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Index
	for _, name := range slices.Sorted(maps.Keys(m.seen)) {
		c := m.seen[name]
		if c.n < leastValues {
			continue
		}
		psi := 0.0
		for i, e := range m.reference.Quantities[name].Shares {
			a := max(floor, c.bins[i]/c.n)
			e = max(floor, e)
			psi += (a - e) * math.Log(a/e)
		}
		out = append(out, Index{name, psi, int(c.n)})
	}
	return out
}
