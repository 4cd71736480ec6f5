package segment

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/facet"
)

// writePayloads writes the sections that openPayloads reads.
func (b *builder) writePayloads(w *writer) {
	var tokens, numbers []string
	for _, s := range b.sources {
		tokens, numbers = append(tokens, s.tokenFields()...), append(numbers, s.numberFields()...)
	}
	slices.Sort(tokens)
	slices.Sort(numbers)
	for _, field := range slices.Compact(tokens) {
		w.dir.Tokens = append(w.dir.Tokens, field)
		b.writeTokens(w, field)
	}
	for _, field := range slices.Compact(numbers) {
		w.dir.Numbers = append(w.dir.Numbers, field)
		b.writeNumbers(w, field)
	}
}

// writeTokens writes the section of a field; see tokenField.
func (b *builder) writeTokens(w *writer, field string) {
	var names []string
	for _, s := range b.sources {
		names = append(names, s.tokensOf(field)...)
	}
	slices.Sort(names)
	starts, counts, words := []uint32{0}, []uint32(nil), []uint32{0}
	var text, lists []byte
	present := facet.NewBitmap(len(b.origins))
	add := func(slots []uint32) {
		counts = append(counts, uint32(len(slots)))
		lists = appendList(lists, slots, len(b.origins))
		words = append(words, uint32(len(lists)/8))
	}
	for _, name := range slices.Compact(names) {
		slots := b.slotsOf(field, name)
		if len(slots) == 0 {
			continue // all that had it are gone
		}
		text = append(text, name...)
		starts = append(starts, uint32(len(text)))
		add(slots)
		for _, slot := range slots {
			present.Set(slot)
		}
	}
	add(listed(present))
	out := bytesOf32([]uint32{uint32(len(starts) - 1), 0})
	for _, list := range [][]uint32{starts, counts, words} {
		out = append(out, bytesOf32(list)...)
	}
	out = append(out, text...)
	out = append(out, make([]byte, padding(len(out)))...)
	w.section("tokens." + field)
	w.write(out)
	w.write(lists)
}

// slotsOf returns the new slots that have a token, in order.
func (b *builder) slotsOf(field, token string) (out []uint32) {
	for i, s := range b.sources {
		s.eachToken(field, token, func(slot uint32) {
			if to := b.moved[i][slot]; to != gone {
				out = append(out, to)
			}
		})
	}
	if !isDense(len(out), len(b.origins)) {
		slices.Sort(out)
		return out
	}
	set := facet.NewBitmap(len(b.origins))
	for _, slot := range out {
		set.Set(slot)
	}
	return listed(set)
}

func listed(b facet.Bitmap) (out []uint32) {
	each(b, func(slot uint32) { out = append(out, slot) })
	return out
}

// writeNumbers writes the section of a field; see numberField.
func (b *builder) writeNumbers(w *writer, field string) {
	var list []numbered
	for i, s := range b.sources {
		s.eachNumber(field, func(x numbered) {
			if to := b.moved[i][x.slot]; to != gone {
				list = append(list, numbered{x.value, to})
			}
		})
	}
	slices.SortFunc(list, func(a, b numbered) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.slot, b.slot)) })
	writeNumbers(w, field, list, len(b.origins))
}
