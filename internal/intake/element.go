package intake

import (
	"cmp"
	"slices"
	"unicode"
)

// Limits of an element, in code points.
const (
	maxNoun   = 16 // before an ending
	maxPhrase = 24 // behind a cue
)

func sortElements(found []Element) {
	slices.SortStableFunc(found, func(a, b Element) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)), cmp.Compare(a.End, b.End))
	})
}

// elementsOf finds the elements of folded text. It looks at a bounded number of code
// points around each.
func elementsOf(runes []rune) []Element {
	var out []Element
	for i := range runes {
		out = appendCued(out, runes, i)
		if e, ok := ending(runes, i); ok {
			out = append(out, e)
		}
	}
	return withoutInner(out)
}

// appendCued adds what a cue at i is followed by.
func appendCued(out []Element, runes []rune, i int) []Element {
	if i > 0 && isLatin(runes[i]) && isLatin(runes[i-1]) {
		return out
	}
	for _, c := range cues {
		n := c.words.at(runes, i)
		if n == 0 || c.words.isPart(runes, i, n) {
			continue
		}
		start, end := i+n, phraseEnd(runes, i+n, &c)
		for start < end && (runes[start] == ' ' || runes[start] == '了' || runes[start] == '于') {
			start++
		}
		if count(runes[start:end]) < 2 || !c.fits(runes[start:end]) || vague.at(runes, start) > 0 {
			continue
		}
		if c.tight {
			end = start + c.endOfNeeded(runes[start:end])
		}
		if c.withCue {
			start = i
		}
		out = append(out, Element{Kind: c.kind, Start: start, End: end})
	}
	return out
}

// isPart tells whether the word at i is a part of another: 有用于, 不采用.
func (l lexicon) isPart(runes []rune, i, n int) bool {
	before := rune(0)
	if i > 0 {
		before = runes[i-1]
	}
	if isLatin(runes[i]) && i+n < len(runes) && isLatin(runes[i+n]) {
		return true
	}
	return before == '不' || before == '未' || before == '有' && runes[i] == '用'
}

// phraseEnd gives where the phrase behind a cue ends.
func phraseEnd(runes []rune, start int, c *cue) int {
	end := start
	for ; end < len(runes) && end-start < c.reach(runes, start); end++ {
		if stops(runes, end) || c.until.at(runes, end) > 0 && end > start {
			break
		}
	}
	for end > start && (runes[end-1] == ' ' || runes[end-1] == '的' || runes[end-1] == '中' || runes[end-1] == '等') {
		end--
	}
	return end
}

// reach is how long a phrase may be; Latin letters take more room.
func (c *cue) reach(runes []rune, start int) int {
	if start+1 < len(runes) && (isLatin(runes[start]) || isLatin(runes[start+1])) && (len(runes) <= start+6 || !anyHan(runes[start:start+6])) {
		return 3 * maxPhrase
	}
	return maxPhrase
}

func anyHan(runes []rune) bool { return slices.ContainsFunc(runes, isHan) }

// count gives the number of letters and digits.
func count(runes []rune) int {
	n := 0
	for _, r := range runes {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// stops tells whether a phrase ends before runes[i].
func stops(runes []rune, i int) bool {
	switch r := runes[i]; r {
	case '，', ',', '。', '；', ';', '：', ':', '、', '！', '!', '？', '?', '（', '(', '）', ')', '“', '”', '"', '《', '》', '【', '】', '[', ']', '…', '\t', '\n', '<', '>', '≥', '≤', '=', '±', '～', '~':
		return true
	case '.':
		return i+1 >= len(runes) || runes[i+1] == ' '
	case ' ':
		return i+1 < len(runes) && (isHan(runes[i+1]) || runes[i+1] == ' ') || i > 0 && isHan(runes[i-1])
	}
	return false
}

// ending finds the noun whose ending ends at i, if no longer noun goes on behind it.
func ending(runes []rune, i int) (Element, bool) {
	if i+1 < len(runes) && isLatin(runes[i]) && isLatin(runes[i+1]) {
		return Element{}, false
	}
	for _, e := range endings {
		n := e.words.endingAt(runes, i)
		if n == 0 || goesOn(runes, i, n) {
			continue
		}
		start := i + 1 - n
		if !e.exact {
			start = nounStart(runes, i+1, n)
		}
		if start > i || i+1-start < e.least+n && !e.alone.is(runes[i+1-n:i+1]) || notNouns.is(runes[start:i+1]) {
			continue
		}
		return Element{Kind: e.kind, Start: start, End: i + 1}, true
	}
	return Element{}, false
}

// goesOn tells whether the noun whose ending, of n code points, ends at i goes on with
// another ending: 合金 in 合金粉末.
func goesOn(runes []rune, i, n int) bool {
	for length := 1; length <= 3 && i+length < len(runes); length++ {
		for _, e := range endings {
			if m := e.words.endingAt(runes, i+length); m > 0 && m >= length {
				return true
			}
		}
	}
	return longer.at(runes, i) > 0 || i > 0 && longer.at(runes, i-1) > 2 || sticky.at(runes, i+1) > 0
}

// nounStart goes back from the end of a noun, over no more than maxNoun code points
// and over none that no noun has.
func nounStart(runes []rune, end, n int) int {
	start := end - n
	least := max(0, start-maxNoun)
	if isLatin(runes[end-1]) {
		least = max(0, start-2*maxNoun)
	}
	words := 0
	for start > least && inNoun(runes[start-1]) {
		if runes[start-1] == '.' && start < len(runes) && runes[start] == ' ' { // the end of a sentence
			break
		}
		if runes[start-1] == ' ' {
			if words++; words > 2 || isHan(runes[start]) || start >= 2 && isHan(runes[start-2]) {
				break
			}
		}
		start--
	}
	begin := start
	for at := start; at < end-n; at++ {
		if m := breaks.at(runes, at); m > 0 && at+m <= end-n && !isLatinPart(runes, at, m) && !kept(runes, at, m, end) {
			begin = max(begin, at+m)
		}
	}
	if begin == least && begin > 0 && isHan(runes[begin]) && isHan(runes[begin-1]) {
		return end // too long to be a noun
	}
	if begin > 0 && begin == least { // no half of a word
		for begin < end-n && (isLatin(runes[begin]) || isDigit(runes[begin])) && (isLatin(runes[begin-1]) || isDigit(runes[begin-1])) {
			begin++
		}
	}
	for at := begin; at < end-n && at < begin+4; at++ { // the number of a list: 12.
		if runes[at] == '.' && isDigit(runes[begin]) && !isDigit(runes[at+1]) {
			begin = at + 1
			break
		}
	}
	for begin < end-n && (runes[begin] == ' ' || runes[begin] == '-' || runes[begin] == '/' || runes[begin] == '.') {
		begin++
	}
	if begin > 0 && begin < end-n && runes[begin] == '购' && runes[begin-1] == '求' {
		begin++
	}
	return begin
}

// kept tells whether a break of m code points lies within a word that has it.
func kept(runes []rune, at, m, end int) bool {
	for start := max(0, at-3); start <= at; start++ {
		if n := unbroken.at(runes, start); n > 0 && start+n >= at+m && start+n <= end {
			return true
		}
	}
	return false
}

// isLatinPart tells whether a break of Latin letters is only a part of a word.
func isLatinPart(runes []rune, at, n int) bool {
	return isLatin(runes[at]) && (at > 0 && isLatin(runes[at-1]) || at+n < len(runes) && isLatin(runes[at+n]))
}

func inNoun(r rune) bool {
	return isHan(r) || isLatin(r) || isDigit(r) || r == '-' || r == '/' || r == ' ' || r == '.' || 0x3B1 <= r && r <= 0x3C9
}

// withoutInner takes out elements that lie within another of their kind.
func withoutInner(found []Element) []Element {
	sortElements(found)
	out := found[:0:0]
	last := map[Kind]int{} // 1 + place in out
	for _, e := range found {
		if at := last[e.Kind]; at > 0 && e.Start < out[at-1].End {
			if e.End-e.Start > out[at-1].End-out[at-1].Start {
				out[at-1] = e
			}
			continue
		}
		out = append(out, e)
		last[e.Kind] = len(out)
	}
	return out
}

// titleProduct takes what a title is about for a product, without the words that only
// say that it is to be developed: 防爆锂离子电池 of 防爆锂离子电池的研发.
func titleProduct(runes []rune) []Element {
	start, end := 0, len(runes)
	for start < end && (runes[start] == ' ' || !inNoun(runes[start])) {
		start++
	}
	for {
		n := titleStarts.at(runes, start)
		if n == 0 || start+n >= end {
			break
		}
		start += n
	}
	for again := true; again; {
		again = false
		for n := min(8, end-start); n > 0; n-- {
			if titleEnds.is(runes[end-n : end]) {
				end, again = end-n, true
				break
			}
		}
	}
	for _, r := range runes[start:end] {
		if !inNoun(r) {
			return nil
		}
	}
	if n := end - start; n < 2 || n > 20 || end == len(runes) && !anyEnding(runes, end-1) || titleVerbs.within(runes[start:end]) || isMethod(runes[start:end]) {
		return nil
	}
	return []Element{{Kind: Product, Start: start, End: end}}
}

func anyEnding(runes []rune, i int) bool {
	for _, e := range endings {
		if e.kind == Product && e.words.endingAt(runes, i) > 0 {
			return true
		}
	}
	return false
}

func isMethod(runes []rune) bool {
	for _, e := range endings {
		if e.kind == Method && e.words.endingAt(runes, len(runes)-1) > 0 {
			return true
		}
	}
	return false
}
