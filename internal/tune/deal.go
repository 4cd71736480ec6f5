package tune

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// byDemand lists the rows of each demand of the set.
func (w *work) byDemand(rows []int32) map[int32][]int32 {
	out := map[int32][]int32{}
	for _, r := range rows {
		d := w.set.Labels[r].Demand
		out[d] = append(out[d], r)
	}
	return out
}

// demandsOf lists the demands of the rows in ascending order.
func demandsOf(by map[int32][]int32) []int32 {
	out := make([]int32, 0, len(by))
	for d := range by {
		out = append(out, d)
	}
	slices.Sort(out)
	return out
}

// deal gives units of rows, shuffled and then from the largest to the smallest,
// each to the fold with the fewest rows. unit tells the unit of a row.
func deal(rows []int32, unit func(row int32) int32, folds int, random *rand.Rand) map[int32]int {
	of := map[int32][]int32{}
	var order []int32
	for _, r := range rows {
		u := unit(r)
		if of[u] == nil {
			order = append(order, u)
		}
		of[u] = append(of[u], r)
	}
	random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.SortStableFunc(order, func(a, b int32) int { return len(of[b]) - len(of[a]) })
	sizes, out := make([]int, folds), make(map[int32]int, len(rows))
	for _, u := range order {
		fold := slices.Index(sizes, slices.Min(sizes))
		sizes[fold] += len(of[u])
		for _, r := range of[u] {
			out[r] = fold
		}
	}
	return out
}

// parallel calls do for 0 to n−1 with the number of the goroutine.
func parallel(workers, n int, do func(worker, i int)) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	next := 0
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1
	}
	for k := range max(1, min(workers, n)) {
		wg.Go(func() {
			for i := take(); i < n; i = take() {
				do(k, i)
			}
		})
	}
	wg.Wait()
}
