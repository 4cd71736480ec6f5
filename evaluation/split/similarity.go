package split

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/duijie/duijie/evaluation"
)

// Similarity is how alike two queries are, by index, at most 1 for the same text.
type Similarity func(a, b int32) float64

// BigramCosine is the cosine of the counts of character bigrams of title and text:
// letters, ideographs and digits, lower case. A query without any bigram is like
// no other.
func BigramCosine(d *evaluation.Dataset) Similarity {
	vectors := make([][]weight, d.Queries())
	ids := map[[2]rune]int32{}
	for q := range vectors {
		query := d.Query(int32(q))
		vectors[q] = vector(query.Title+"\n"+query.Text, ids)
	}
	return func(a, b int32) float64 { return dot(vectors[a], vectors[b]) }
}

// weight is a coordinate of a sparse vector of length 1, ordered by term.
type weight struct {
	term  int32
	value float64
}

func vector(text string, ids map[[2]rune]int32) []weight {
	counts, last := map[int32]float64{}, ' '
	for _, r := range text {
		r = unicode.ToLower(r)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = ' '
			continue
		}
		if last != ' ' {
			pair := [2]rune{last, r}
			id, ok := ids[pair]
			if !ok {
				id = int32(len(ids))
				ids[pair] = id
			}
			counts[id]++
		}
		last = r
	}
	var v []weight
	squares := 0.0
	for term, n := range counts {
		v = append(v, weight{term, n})
		squares += n * n
	}
	slices.SortFunc(v, func(a, b weight) int { return cmp.Compare(a.term, b.term) })
	for i := range v {
		v[i].value /= math.Sqrt(squares)
	}
	return v
}

func dot(a, b []weight) float64 {
	sum := 0.0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].term < b[0].term:
			a = a[1:]
		case a[0].term > b[0].term:
			b = b[1:]
		default:
			sum += a[0].value * b[0].value
			a, b = a[1:], b[1:]
		}
	}
	return sum
}

// Groups puts queries that are alike into one group, and gives each query the
// number of its group, from 0 in the order of first members. Two queries are alike
// when their similarity reaches threshold or their titles are the same but for
// white space and case; being alike carries on from one to the next. With a nil
// similarity only titles count. All pairs are looked at: 10,000 queries take 50
// million calls.
func Groups(d *evaluation.Dataset, threshold float64, alike Similarity) []int {
	parent := make([]int32, d.Queries())
	titles := map[string]int32{}
	for i := range parent {
		parent[i] = int32(i)
		if title := normal(d.Query(int32(i)).Title); title != "" {
			if first, ok := titles[title]; ok {
				union(parent, first, int32(i))
			} else {
				titles[title] = int32(i)
			}
		}
	}
	for _, t := range Twins(d, threshold, alike) {
		union(parent, t.A, t.B)
	}
	return number(parent)
}

// Twin is a pair of queries that are alike, A before B.
type Twin = evaluation.Twin

// Twins lists the pairs of queries whose similarity reaches threshold.
func Twins(d *evaluation.Dataset, threshold float64, alike Similarity) []Twin {
	twins, _ := TwinsContext(context.Background(), d, threshold, alike) // which does not end
	return twins
}

// TwinsContext is [Twins] that ends early, with ctx's error, when ctx ends.
func TwinsContext(ctx context.Context, d *evaluation.Dataset, threshold float64, alike Similarity) ([]Twin, error) {
	if alike == nil {
		return nil, nil
	}
	var twins []Twin
	for b := range int32(d.Queries()) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for a := range b {
			if s := alike(a, b); s >= threshold {
				twins = append(twins, Twin{A: a, B: b, Similarity: s})
			}
		}
	}
	return twins, nil
}

// Only is the similarity of the twins that were found, and 0 of all other pairs: with
// it, groups and leakage at the same threshold cost no second search.
func Only(twins []Twin) Similarity {
	found := make(map[[2]int32]float64, len(twins))
	for _, t := range twins {
		found[[2]int32{t.A, t.B}] = t.Similarity
	}
	return func(a, b int32) float64 { return found[[2]int32{min(a, b), max(a, b)}] }
}

func normal(title string) string { return strings.ToLower(strings.Join(strings.Fields(title), "")) }

func root(parent []int32, i int32) int32 {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

// union makes the smaller root that of both.
func union(parent []int32, a, b int32) {
	a, b = root(parent, a), root(parent, b)
	parent[max(a, b)] = min(a, b)
}

func number(parent []int32) []int {
	groups, numbers := make([]int, len(parent)), map[int32]int{}
	for i := range parent {
		r := root(parent, int32(i))
		if _, ok := numbers[r]; !ok {
			numbers[r] = len(numbers)
		}
		groups[i] = numbers[r]
	}
	return groups
}
