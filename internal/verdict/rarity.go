package verdict

import (
	"math"
	"sync"

	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/text"
)

// rarity is how telling terms are: ln((n+1)/(k+1)) where k of the n texts of the
// built-in sample hold the term. Weights of a catalog would make a verdict depend on
// other records.
var rarity = sync.OnceValue(func() *rarityTable {
	n, holding := 0, map[uint64]int{}
	add := func(s string) {
		n++
		for _, h := range text.Hashes(s) {
			holding[h]++
		}
	}
	c, err := sample.Load()
	if err != nil {
		panic(err) // a bug of the build
	}
	for _, p := range c.Patents {
		add(p.Texts().Full())
	}
	for _, d := range c.Demands {
		add(d.Texts().Full())
	}
	t := &rarityTable{held: make(map[uint64]float64, len(holding)), strange: math.Log(float64(n + 1))}
	for h, k := range holding {
		t.held[h] = math.Log(float64(n+1) / float64(k+1))
	}
	return t
})

type rarityTable struct {
	held    map[uint64]float64 // of the terms that texts hold
	strange float64            // of all others
}

func (t *rarityTable) of(term uint64) float64 {
	if r, ok := t.held[term]; ok {
		return r
	}
	return t.strange
}

// terms are distinct terms in the order of their hashes, with how telling each is.
type terms struct {
	hashes []uint64
	rare   []float64
	total  float64 // of rare
}

func newTerms(hashes []uint64) terms {
	t, table := terms{hashes: hashes, rare: make([]float64, len(hashes))}, rarity()
	for i, h := range hashes {
		t.rare[i] = table.of(h)
		t.total += t.rare[i]
	}
	return t
}

// share is the part of the terms of need that have holds, weighted by rarity, 0 to 1.
func share(need, have *terms) float64 {
	if need.total == 0 {
		return 0
	}
	sum := 0.0
	for i, j := 0, 0; i < len(need.hashes); i++ {
		h := need.hashes[i]
		for j < len(have.hashes) && have.hashes[j] < h {
			j++
		}
		if j < len(have.hashes) && have.hashes[j] == h {
			sum += need.rare[i]
		}
	}
	return sum / need.total
}

// Rarity is how telling a term is, by its hash (see text.Hash), as share weighs it.
func Rarity(term uint64) float64 { return rarity().of(term) }
