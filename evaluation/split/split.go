package split

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/duijie/duijie/evaluation"
)

// Split assigns each judged pair to a fold: Of[q][i] is the fold, from 0, of the
// i-th judgement of query q. Queries without judgements have none.
type Split struct {
	Name  string
	Folds int
	Of    [][]int
}

// Folding is what evaluation.Options takes.
func (s Split) Folding() *evaluation.Folding {
	return &evaluation.Folding{Name: s.Name, Count: s.Folds, Of: s.Of}
}

// Random puts pairs into folds by chance, whatever their query; pairs of one query
// whose documents have the same title stay together. Queries are in several folds
// at once: figures are of known demands, not of new ones.
func Random(d *evaluation.Dataset, folds int, seed uint64) (Split, error) {
	type unit struct {
		query int32
		title string
	}
	at := map[unit]int{}
	var units [][][2]int // each the (query, judgement) pairs of one unit
	for q := range int32(d.Queries()) {
		for i, j := range d.Judgements(q) {
			u := unit{q, normal(d.Document(j.Document).Title)}
			if u.title == "" {
				u.title = "\x00" + d.Document(j.Document).ID
			}
			if _, ok := at[u]; !ok {
				at[u] = len(units)
				units = append(units, nil)
			}
			units[at[u]] = append(units[at[u]], [2]int{int(q), i})
		}
	}
	return deal(d, "random", units, folds, seed)
}

// ByQuery puts all pairs of a query into one fold, and queries into folds by
// chance. Near twins may be in different folds; see [Report].
func ByQuery(d *evaluation.Dataset, folds int, seed uint64) (Split, error) {
	each := make([]int, d.Queries())
	for i := range each {
		each[i] = i
	}
	s, err := ByGroup(d, each, folds, seed)
	s.Name = "demand"
	return s, err
}

// ByGroup puts all pairs of a group of queries, as [Groups] finds them, into one
// fold. Folds get about the same number of pairs.
func ByGroup(d *evaluation.Dataset, groups []int, folds int, seed uint64) (Split, error) {
	if len(groups) != d.Queries() {
		return Split{}, fmt.Errorf("split: %d groups for %d queries", len(groups), d.Queries())
	}
	at := map[int]int{}
	var units [][][2]int
	for q := range int32(d.Queries()) {
		if _, ok := at[groups[q]]; !ok {
			at[groups[q]] = len(units)
			units = append(units, nil)
		}
		for i := range d.Judgements(q) {
			u := at[groups[q]]
			units[u] = append(units[u], [2]int{int(q), i})
		}
	}
	units = slices.DeleteFunc(units, func(u [][2]int) bool { return len(u) == 0 })
	return deal(d, "twins", units, folds, seed)
}

// deal gives the units, shuffled and then from the largest to the smallest, each
// to the fold with the fewest pairs so far.
func deal(d *evaluation.Dataset, name string, units [][][2]int, folds int, seed uint64) (Split, error) {
	if folds < 2 || folds > len(units) {
		return Split{}, fmt.Errorf("split: %d folds of %d units: want at least 2 and no more than there are", folds, len(units))
	}
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
	slices.SortStableFunc(units, func(a, b [][2]int) int { return cmp.Compare(len(b), len(a)) })
	s, sizes := empty(d, name, folds), make([]int, folds)
	for _, u := range units {
		fold := slices.Index(sizes, slices.Min(sizes))
		sizes[fold] += len(u)
		for _, pair := range u {
			s.Of[pair[0]][pair[1]] = fold
		}
	}
	return s, nil
}

func empty(d *evaluation.Dataset, name string, folds int) Split {
	s := Split{Name: name, Folds: folds, Of: make([][]int, d.Queries())}
	for q := range s.Of {
		s.Of[q] = make([]int, len(d.Judgements(int32(q))))
	}
	return s
}

// ByTime puts the oldest queries into fold 0 and the newest into the last, about
// the same number of judged queries in each; queries of the same moment stay
// together. To test on a fold, train on those before it. Every judged query needs
// a time.
func ByTime(d *evaluation.Dataset, folds int) (Split, error) {
	var order []int32
	for q := range int32(d.Queries()) {
		if len(d.Judgements(q)) == 0 {
			continue
		}
		if d.Query(q).Time.IsZero() {
			return Split{}, fmt.Errorf("split: query %q has no time", d.Query(q).ID)
		}
		order = append(order, q)
	}
	if folds < 2 || folds > len(order) {
		return Split{}, errors.New("split: want at least 2 folds and no more than judged queries")
	}
	slices.SortStableFunc(order, func(a, b int32) int { return d.Query(a).Time.Compare(d.Query(b).Time) })
	s, fold, filled := empty(d, "time", folds), 0, 0
	for i, q := range order {
		if i == 0 || !d.Query(q).Time.Equal(d.Query(order[i-1]).Time) {
			if next := i * folds / len(order); i == 0 || next > fold {
				fold, filled = next, filled+1
			}
		}
		for j := range s.Of[q] {
			s.Of[q][j] = fold
		}
	}
	if filled < folds {
		return Split{}, fmt.Errorf("split: too many queries have the same time for %d folds, %d can be made", folds, filled)
	}
	return s, nil
}

// Test is the dataset with the judgements of one fold, Train with those of all
// others. Queries and documents keep their indices.
func (s Split) Test(d *evaluation.Dataset, fold int) *evaluation.Dataset {
	return d.Select(func(q int32, i int) bool { return s.Of[q][i] == fold })
}

// Train is the dataset with the judgements of all folds but one.
func (s Split) Train(d *evaluation.Dataset, fold int) *evaluation.Dataset {
	return d.Select(func(q int32, i int) bool { return s.Of[q][i] != fold })
}
