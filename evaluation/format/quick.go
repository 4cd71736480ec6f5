package format

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// quick parses the line at the start of data if it is as plain as nearly all are:
// fields parted by one separator each, the same as in the block's first line,
// digits where digits belong, and a line feed at its end. It returns the length of
// the line with its end; 0 where the line has to go the long way, which takes the
// same lines with the same result, and others.
func (w *worker) quick(data []byte) int {
	query := w.sameQuery(data)
	if query == 0 {
		if query = w.field(data, 0); query == 0 {
			return 0
		}
	}
	from := query + 1
	if !w.layout.tabbed { // Q0, or the iteration
		next := w.field(data, from)
		if next == 0 {
			return 0
		}
		from = next + 1
	}
	end := w.field(data, from)
	if end == 0 {
		return 0
	}
	document := data[from:end]
	if w.layout.level {
		return w.quickLevel(data, query, document, end+1)
	}
	return w.quickScore(data, query, document, end+1)
}

// sameQuery is the length of the last line's query where this line begins with it,
// else 0.
func (w *worker) sameQuery(data []byte) int {
	if n := len(w.lastQuery); n > 0 && n < len(data) && data[n] == w.separator && text(data[:n]) == text(w.lastQuery) {
		return n
	}
	return 0
}

// field is the end of the field that begins at from, where it is not empty and a
// separator follows; else 0.
func (w *worker) field(data []byte, from int) int {
	end := fieldEnd(data, from)
	if end == from || end == len(data) || data[end] != w.separator {
		return 0
	}
	return end
}

// fieldEnd is the place of the first control character or space from there on, or
// len(data). Eight bytes are looked at together: subtracting 0x21 from each sets
// the top bit of those below it, and of none before the first of them; bytes of
// 0x80 and more are masked out.
func fieldEnd(data []byte, from int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; from+8 <= len(data); from += 8 {
		x := binary.LittleEndian.Uint64(data[from:])
		if low := (x - ones*0x21) &^ x & tops; low != 0 {
			return from + bits.TrailingZeros64(low)/8
		}
	}
	for from < len(data) && data[from] > ' ' {
		from++
	}
	return from
}

// quickLevel ends a line of qrels: a level of one digit.
func (w *worker) quickLevel(data []byte, query int, document []byte, at int) int {
	if at+2 > len(data) || data[at+1] != '\n' {
		return 0
	}
	level := int(data[at]) - '0'
	if level < 0 || level > 9 || !w.dataset.Scale().Holds(level) {
		return 0
	}
	w.quickTake(data[:query], document, 0, float64(level))
	return at + 2
}

// quickScore ends a line of a run: rank, score and tag.
func (w *worker) quickScore(data []byte, query int, document []byte, at int) int {
	rank, end := digits(data, at)
	if end == at || end-at > 9 || end == len(data) || data[end] != w.separator {
		return 0
	}
	at = end + 1
	score, end := w.score(data, at)
	if end == 0 {
		return 0
	}
	at = end + 1
	if end = fieldEnd(data, at); end == at || end == len(data) || data[end] != '\n' {
		return 0
	}
	w.quickTake(data[:query], document, int32(rank), score)
	return end + 1
}

// score reads a finite number that a separator follows, and returns where it ends;
// 0 where it is none.
func (w *worker) score(data []byte, from int) (value float64, end int) {
	if value, end = decimal(data, from); end > 0 && end < len(data) && data[end] == w.separator {
		return value, end
	}
	if end = w.field(data, from); end == 0 {
		return 0, 0
	}
	value, err := strconv.ParseFloat(text(data[from:end]), 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return 0, 0
	}
	return value, end
}

// quickTake keeps the row of a plain line.
func (w *worker) quickTake(query, document []byte, rank int32, value float64) {
	if w.separator == '\t' {
		w.tallies.tabs.at(w.lines)
	} else {
		w.tallies.spaces.at(w.lines)
	}
	w.lines++
	w.content++
	if problem := w.take(query, document, rank, value); problem != "" {
		w.fail(problem, w.lines-1)
	}
}

// digits reads up to 19 decimal digits, and returns where they end.
func digits(data []byte, from int) (value uint64, end int) {
	for end = from; end < len(data) && end < from+19; end++ {
		d := data[end] - '0'
		if d > 9 {
			break
		}
		value = value*10 + uint64(d)
	}
	return value, end
}

// tens are the powers of ten that the fraction of a quick decimal is divided by.
var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads a number such as -12.345 of at most 15 digits and returns where it
// ends, 0 where the text is another. It is what strconv.ParseFloat reads: digits
// and power of ten are exact as floats, so that their quotient is rounded once
// (Clinger, "How to read floating point numbers accurately", PLDI 1990).
func decimal(data []byte, from int) (value float64, end int) {
	negative := from < len(data) && data[from] == '-'
	if negative {
		from++
	}
	whole, end := digits(data, from)
	count := end - from
	if count == 0 {
		return 0, 0
	}
	value = float64(whole)
	if end < len(data) && data[end] == '.' {
		point := end
		mantissa := whole
		for end++; end < len(data) && data[end]-'0' <= 9; end++ {
			mantissa = mantissa*10 + uint64(data[end]-'0')
		}
		fraction := end - point - 1
		if count += fraction; fraction == 0 || count > 15 {
			return 0, 0
		}
		value = float64(mantissa) / tens[fraction]
	}
	if count > 15 {
		return 0, 0
	}
	if negative {
		value = -value
	}
	return value, end
}
