package pilot

import (
	"cmp"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/rank"
)

// Sectors guesses the sector of a record that names none, from those that do. It never
// changes.
type Sectors struct {
	embedder  string
	names     []string
	centroids [][]float32 // of length 1, by name
	threshold float64
	ipc       map[string]vote // by subclass, such as H01M
	// Right is how often guesses at or above the threshold are right, leaving out the
	// record that is guessed, and Guessed the share of records that reach it.
	Right, Guessed float64
}

type vote struct {
	sector string
	share  float64
}

// Example is a record whose sector is known.
type Example struct {
	Sector string
	Text   []float32 // vector of the whole text, of length 1
	IPC    []string
}

const (
	// temperature turns cosines into confidence: a difference of a tenth counts e².
	temperature = 0.05
	// wanted is how often guesses must be right.
	wanted = 0.9
	// leastExamples is how many records of a sector make a centroid, or of a subclass a
	// vote.
	leastExamples = 5
	// leastShare is the part of a subclass's patents that must be of one sector.
	leastShare = 0.8
)

// NewSectors learns from examples, whose vectors are all of one embedder: a centroid for
// each sector, the least confidence at which nine guesses of ten are right, and of which
// sector the patents of an IPC subclass mostly are. Nil where there is nothing to tell
// apart.
func NewSectors(embedder string, examples []Example) *Sectors {
	s := &Sectors{embedder: embedder, ipc: votes(examples)}
	sums, counts := map[string][]float64{}, map[string]int{}
	for _, x := range examples {
		if x.Text == nil || x.Sector == "" {
			continue
		}
		if sums[x.Sector] == nil {
			sums[x.Sector] = make([]float64, len(x.Text))
		}
		add(sums[x.Sector], x.Text, 1)
		counts[x.Sector]++
	}
	for name, n := range counts {
		if n >= leastExamples {
			s.names = append(s.names, name)
		}
	}
	slices.Sort(s.names)
	for _, name := range s.names {
		s.centroids = append(s.centroids, unit(sums[name]))
	}
	if len(s.names) > 1 {
		s.calibrate(examples, sums)
	}
	if len(s.names) < 2 && len(s.ipc) == 0 {
		return nil
	}
	return s
}

func add(sum []float64, v []float32, sign float64) {
	for i := range v {
		sum[i] += sign * float64(v[i])
	}
}

func unit(v []float64) []float32 {
	length := 0.0
	for _, x := range v {
		length += x * x
	}
	length = math.Sqrt(max(length, 1e-30))
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x / length)
	}
	return out
}

// calibrate guesses every example by centroids without it, and finds the threshold.
func (s *Sectors) calibrate(examples []Example, sums map[string][]float64) {
	type guess struct {
		confidence float64
		right      bool
	}
	var all []guess
	for _, x := range examples {
		own := slices.Index(s.names, x.Sector)
		if own < 0 || x.Text == nil {
			continue
		}
		whole := s.centroids[own]
		without := slices.Clone(sums[x.Sector])
		add(without, x.Text, -1)
		s.centroids[own] = unit(without)
		name, confidence := s.nearest(x.Text)
		s.centroids[own] = whole
		all = append(all, guess{confidence, name == x.Sector})
	}
	slices.SortFunc(all, func(a, b guess) int { return cmp.Compare(b.confidence, a.confidence) })
	s.threshold = 2 // none reaches it
	right := 0
	for i, g := range all {
		if g.right {
			right++
		}
		last := i+1 == len(all) || all[i+1].confidence < g.confidence
		if share := float64(right) / float64(i+1); last && share >= wanted && i+1 >= leastExamples {
			s.threshold, s.Right, s.Guessed = g.confidence, share, float64(i+1)/float64(len(all))
		}
	}
}

// nearest is the sector with the nearest centroid, and how certain that is.
func (s *Sectors) nearest(v []float32) (name string, confidence float64) {
	best, sum, cosines := 0, 0.0, make([]float64, len(s.names))
	for i, c := range s.centroids {
		cosines[i] = rank.Cosine(v, c)
		if cosines[i] > cosines[best] {
			best = i
		}
	}
	for _, c := range cosines {
		sum += math.Exp((c - cosines[best]) / temperature)
	}
	return s.names[best], 1 / sum
}

// Guess is the sector of a text, if that is certain enough.
func (s *Sectors) Guess(text []float32, embedder string) (sector string, confidence float64, ok bool) {
	if len(s.names) < 2 || text == nil || embedder != s.embedder {
		return "", 0, false
	}
	sector, confidence = s.nearest(text)
	return sector, confidence, confidence >= s.threshold
}

// votes counts which sectors the patents of each subclass are of.
func votes(examples []Example) map[string]vote {
	counts := map[string]map[string]int{}
	for _, x := range examples {
		for _, class := range subclasses(x.IPC) {
			if counts[class] == nil {
				counts[class] = map[string]int{}
			}
			counts[class][x.Sector]++
		}
	}
	out := map[string]vote{}
	for class, of := range counts {
		total, best := 0, ""
		for sector, n := range of {
			total += n
			if n > of[best] || n == of[best] && sector < best {
				best = sector
			}
		}
		if share := float64(of[best]) / float64(total); best != "" && total >= leastExamples && share >= leastShare {
			out[class] = vote{best, share}
		}
	}
	return out
}

// subclasses are the first four characters of symbols, each once, in order.
func subclasses(symbols []string) []string {
	var out []string
	for _, s := range symbols {
		if len(s) >= 4 && !slices.Contains(out, s[:4]) {
			out = append(out, s[:4])
		}
	}
	return out
}

// ByIPC is the sector that all subclasses with a vote agree on.
func (s *Sectors) ByIPC(symbols []string) (sector string, share float64, ok bool) {
	share = 1
	for _, class := range subclasses(symbols) {
		v, known := s.ipc[class]
		switch {
		case !known:
		case ok && v.sector != sector:
			return "", 0, false
		default:
			sector, share, ok = v.sector, min(share, v.share), true
		}
	}
	return sector, share, ok
}
