package quant

// lanes is how many sums of squares run side by side, number i in sum i mod lanes. The
// order of the additions is a part of the result, so all ways of computing it have it.
const lanes = 8

// added adds up the lanes: (0+4)+(2+6) and (1+5)+(3+7), and then both.
func added(s *[lanes]float64) float64 {
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

// topScalar is the largest absolute number of v.
func topScalar(v []float32) (top float32) {
	for _, x := range v {
		top = max(top, x, -x)
	}
	return top
}

// quantiser makes the codes of a vector. Its form is known to the assembly.
type quantiser struct {
	inverse float32 // 1 / scale
	rounder float32
	scale   float64
}

// packScalar fills codes and adds the squares of what they lose to the sums. v begins
// at a multiple of lanes.
func (k *quantiser) packScalar(v []float32, codes []int8, sums *[lanes]float64) {
	codes = codes[:len(v)]
	for i, x := range v {
		c := float32(float32(x*k.inverse)+k.rounder) - k.rounder
		codes[i] = int8(c)
		r := float64(x) - float64(k.scale*float64(c))
		sums[i%lanes] += float64(r * r)
	}
}

// rounder rounds a float32 to a whole number, half to even, when it is added and taken
// away again: beyond it a float32 has no places for a fraction.
const rounder = 3 << 22

// splitter makes the parts of a vector. Its form is known to the assembly.
type splitter struct {
	inverse float32 // steps / top
	// whole and lost are the sums of the squares of m and of d. They are whole numbers
	// below 2⁵³, so that the order of the additions is none.
	whole, lost float64
}

// multiple is m for a number.
func (k *splitter) multiple(x float32) float32 {
	return float32(float32(x*k.inverse)+rounder) - rounder
}

// packScalar fills codes and fine and adds to the sums.
func (k *splitter) packScalar(v []float32, codes []int8, fine []byte) {
	codes, fine = codes[:len(v)], fine[:len(v)]
	for i, x := range v {
		m := int32(k.multiple(x))
		c := (m + 1<<(fineBits-1)) >> fineBits
		d := m - c<<fineBits
		codes[i], fine[i] = int8(c), byte(d)
		k.whole += float64(m) * float64(m)
		k.lost += float64(d * d)
	}
}
