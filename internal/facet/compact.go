package facet

// Compacted returns a Set of the live slots alone, numbered anew in their order.
// It leaves s as it is and shares nothing with it.
func (s *Set) Compacted() Set {
	renumbered := make([]uint32, s.n)
	out := Set{
		tokens:  make(map[string]*posted, len(s.tokens)),
		numbers: make(map[string]*[]number, len(s.numbers)),
		live:    NewBitmap(s.alive),
		n:       uint32(s.alive),
		alive:   s.alive,
	}
	out.live.Fill(s.alive)
	next := uint32(0)
	for slot := range s.n {
		if s.live.Has(slot) {
			renumbered[slot] = next
			next++
		}
	}
	for field, t := range s.tokens {
		kept := make(map[string]*[]uint32, len(t.slots))
		for token, slots := range t.slots {
			if left := s.renumber(*slots, renumbered); len(left) > 0 {
				kept[token] = &left
			}
		}
		out.tokens[field] = &posted{kept, s.renumber(t.present, renumbered)}
	}
	for field, values := range s.numbers {
		left := new([]number)
		for _, v := range *values {
			if s.live.Has(v.slot) {
				*left = append(*left, number{renumbered[v.slot], v.value})
			}
		}
		out.numbers[field] = left
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
