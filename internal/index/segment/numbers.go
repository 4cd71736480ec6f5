package segment

import (
	"sort"

	"github.com/duijie/duijie/internal/facet"
)

// marks is how many parts the values of a number field have: a range is evaluated from
// the bitmaps at the ends of parts, and from the values of two parts at most.
const marks = 32

// numberField holds the values of a number field, the smallest first:
//
//	│ values n 8 │ value 8 × n │ slot 4 × n │ to a multiple of 8 │ bitmap × (marks+1) │
//
// Bitmap i has the slots of the first i·n/marks values.
type numberField struct {
	n       int
	words   int // of a bitmap
	values  u64s
	slots   u32s
	bitmaps []byte
}

func openNumbers(m *image, field string) (*numberField, error) {
	b, err := m.section("numbers."+field, -1)
	if err != nil {
		return nil, err
	}
	f := &numberField{words: (m.dir.Points + 63) / 64}
	if len(b) >= 8 && u64s(b).at(0) <= uint64(m.dir.Points) {
		f.n = int(u64s(b).at(0))
	}
	slots := 4 * f.n
	if len(b) != 8+8*f.n+slots+padding(slots)+8*f.words*(marks+1) {
		return nil, corrupt(m.path, m.place["numbers."+field].At, errForm)
	}
	f.values, b = u64s(b[8:8+8*f.n]), b[8+8*f.n:]
	f.slots, f.bitmaps = u32s(b[:slots]), b[slots+padding(slots):]
	return f, nil
}

func (f *numberField) value(i int) int64 { return int64(f.values.at(uint32(i))) }

// mark returns where in the values bitmap i ends.
func (f *numberField) mark(i int) int { return i * f.n / marks }

func (f *numberField) bitmap(i int) u64s {
	return u64s(f.bitmaps[8*f.words*i : 8*f.words*(i+1)])
}

// between returns the slots with a value from lowest to highest; nil is no bound.
func (f *numberField) between(lowest, highest *int64, points int) facet.Bitmap {
	from, to := 0, f.n
	if lowest != nil {
		from = sort.Search(f.n, func(i int) bool { return f.value(i) >= *lowest })
	}
	if highest != nil {
		to = sort.Search(f.n, func(i int) bool { return f.value(i) > *highest })
	}
	out := facet.NewBitmap(points)
	if from < to {
		f.first(to, out, func(bits, word uint64) uint64 { return bits | word }, out.Set)
		f.first(from, out, func(bits, word uint64) uint64 { return bits &^ word }, out.Clear)
	}
	return out
}

// first changes out by the slots of the first n values.
func (f *numberField) first(n int, out facet.Bitmap, all func(bits, word uint64) uint64, one func(uint32)) {
	i := 0
	for i < marks && f.mark(i+1) <= n {
		i++
	}
	words := f.bitmap(i)
	for w := range out {
		out[w] = all(out[w], words.at(uint32(w)))
	}
	for at := f.mark(i); at < n; at++ {
		one(f.slots.at(uint32(at)))
	}
}

// present adds all slots with a value.
func (f *numberField) present(out facet.Bitmap) {
	words := f.bitmap(marks)
	for w := range out {
		out[w] |= words.at(uint32(w))
	}
}

// numbered is a value of a slot.
type numbered struct {
	value int64
	slot  uint32
}

// writeNumbers writes the section of a field; list is sorted by value.
func writeNumbers(w *writer, field string, list []numbered, points int) {
	w.section("numbers." + field)
	values, slots := []uint64{uint64(len(list))}, make([]uint32, 0, len(list))
	for _, x := range list {
		values = append(values, uint64(x.value))
		slots = append(slots, x.slot)
	}
	w.write(bytesOf64(values))
	b := bytesOf32(slots)
	w.write(append(b, make([]byte, padding(len(b)))...))
	bitmap, at := facet.NewBitmap(points), 0
	f := numberField{n: len(list)}
	for i := range marks + 1 {
		for ; at < f.mark(i); at++ {
			bitmap.Set(slots[at])
		}
		w.write(bytesOf64(bitmap))
	}
}
