package text

// Longest is the length of the longest common substring, in code points. It needs room
// for as many numbers as b is long.
func Longest(a, b []rune) int {
	var room [64]int32
	row := room[:]
	if len(b) >= len(row) {
		row = make([]int32, len(b)+1)
	}
	best := int32(0)
	for _, x := range a {
		last := int32(0) // of the row before, one to the left
		for j, y := range b {
			kept := row[j+1]
			if x == y {
				row[j+1] = last + 1
				best = max(best, last+1)
			} else {
				row[j+1] = 0
			}
			last = kept
		}
	}
	return int(best)
}
