package facet

// Each calls token with the slots of every token of every field, present with those
// of every field that has tokens, and number with those of every field that has
// numbers and their values. Slots ascend; one may come twice, and dead ones come too.
// The order of the calls is not fixed. What is handed over is good until Append.
func (s *Set) Each(token func(field, token string, slots []uint32), present func(field string, slots []uint32), number func(field string, slots []uint32, values []int64)) {
	for field, t := range s.tokens {
		for name, slots := range t.slots {
			token(field, name, *slots)
		}
		present(field, t.present)
	}
	for field, list := range s.numbers {
		slots, values := make([]uint32, len(*list)), make([]int64, len(*list))
		for i, v := range *list {
			slots[i], values[i] = v.slot, v.value
		}
		number(field, slots, values)
	}
}
