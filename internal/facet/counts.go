package facet

// Counts tells for each token of a field how many of the selected slots have it.
func (s *Set) Counts(field string, selected Bitmap) map[string]int {
	out := map[string]int{}
	t := s.tokens[field]
	if t == nil {
		return out
	}
	for token, slots := range t.slots {
		last := int64(-1)
		for _, slot := range *slots {
			if selected.Has(slot) && int64(slot) != last { // one may come twice
				out[token]++
			}
			last = int64(slot)
		}
	}
	return out
}
