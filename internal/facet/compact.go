package facet

// Compacted returns a Set of the live slots alone, numbered anew in their order.
// It leaves s as it is and shares nothing with it.
func (s *Set) Compacted() Set {
	renumbered := make([]uint32, s.n)
	out := Set{
		postings: make(map[string]map[string][]uint32, len(s.postings)),
		present:  make(map[string][]uint32, len(s.present)),
		numbers:  make(map[string][]number, len(s.numbers)),
		live:     NewBitmap(s.alive),
		n:        uint32(s.alive),
		alive:    s.alive,
	}
	out.live.Fill(s.alive)
	next := uint32(0)
	for slot := range s.n {
		if s.live.Has(slot) {
			renumbered[slot] = next
			next++
		}
	}
	for field, byToken := range s.postings {
		kept := make(map[string][]uint32, len(byToken))
		for token, slots := range byToken {
			if slots = s.renumber(slots, renumbered); len(slots) > 0 {
				kept[token] = slots
			}
		}
		out.postings[field] = kept
		out.present[field] = s.renumber(s.present[field], renumbered)
	}
	for field, values := range s.numbers {
		for _, v := range values {
			if s.live.Has(v.slot) {
				out.numbers[field] = append(out.numbers[field], number{renumbered[v.slot], v.value})
			}
		}
	}
	return out
}

// renumber returns the live ones of slots under their new numbers.
func (s *Set) renumber(slots, renumbered []uint32) []uint32 {
	var out []uint32
	for _, slot := range slots {
		if s.live.Has(slot) {
			out = append(out, renumbered[slot])
		}
	}
	return out
}
