package text

import "strings"

// stopWords are the English function words, packed. They are no terms: in texts
// that are mostly Chinese they are rare, and would pass for telling.
var stopWords = func() map[uint64]bool {
	out := map[uint64]bool{}
	for _, w := range strings.Fields(`
		a about above across after again against all almost also although always am among an and another any
		are around as at away be because been before being below between both but by can cannot could did do
		does down due during each either enough even ever every few for from further get gets had has have he
		her here his how however i if in into is it its itself just least less like many may me might more most
		much must my near need needed needs never no not now of often on once only or other others our out over
		own per rather same several she should since so some such than that the their them then there these they
		this those through thus to too under until up upon us very via want wants was we were what when where
		wherein whereby whether which while who whole whose why will with within without would yet you your`) {
		key, ok := packed([]rune(w))
		if !ok {
			panic("text: stop word " + w + " is too long")
		}
		out[key] = true
	}
	return out
}()

// stop tells whether a folded word is a function word.
func stop(word []rune) bool {
	key, ok := packed(word)
	return ok && stopWords[key]
}

// packed gives up to eight ASCII letters as one number.
func packed(word []rune) (key uint64, ok bool) {
	if len(word) > 8 {
		return 0, false
	}
	for _, r := range word {
		if r < 'a' || r > 'z' {
			return 0, false
		}
		key = key<<8 | uint64(r)
	}
	return key, true
}
