package static

// A span is a matched entry and its place, in characters of the folded text.
type span struct {
	entry      int32
	start, end int32
}

// cut appends the tokens of a folded text: at each place the longest entry that
// splits no Latin word and no number, else pieces of the word, else digits.
func (m *Model) cut(spans []span, text []rune) []span {
	for at := 0; at < len(text); {
		entry, end := m.longestWhole(text, at)
		switch {
		case entry >= 0:
			spans = append(spans, span{entry, int32(at), int32(end)})
			at = end
		case isLatin(text[at]):
			spans, at = m.pieces(spans, text, at)
		case isDigit(text[at]):
			spans, at = m.digits(spans, text, at)
		default:
			at++
		}
	}
	return spans
}

func (m *Model) longestWhole(text []rune, at int) (entry int32, end int) {
	entry, end = -1, at
	node := root
	for i := at; i < len(text); i++ {
		if node = m.trie.next(node, text[i]); node == noNode {
			break
		}
		if e := m.trie.entry[node]; e >= 0 && !splits(text, i+1) {
			entry, end = e, i+1
		}
	}
	return entry, end
}

// pieces cuts an unknown Latin word: its longest known beginning, then inner
// pieces; a letter that begins none is passed over.
func (m *Model) pieces(spans []span, text []rune, at int) ([]span, int) {
	limit := at
	for limit < len(text) && isLatin(text[limit]) {
		limit++
	}
	from := root
	for at < limit {
		entry, end := m.longestPiece(from, text[:limit], at)
		if entry >= 0 {
			spans = append(spans, span{entry, int32(at), int32(end)})
		} else {
			end = at + 1
		}
		at, from = end, m.inner
	}
	return spans, limit
}

func (m *Model) longestPiece(node int, text []rune, at int) (entry int32, end int) {
	entry, end = -1, at
	for i := at; i < len(text) && node != noNode; i++ {
		if node = m.trie.next(node, text[i]); node == noNode {
			break
		}
		if e := m.trie.entry[node]; e >= 0 {
			entry, end = e, i+1
		}
	}
	return entry, end
}

func (m *Model) digits(spans []span, text []rune, at int) ([]span, int) {
	for ; at < len(text) && isDigit(text[at]); at++ {
		if node := m.trie.next(root, text[at]); node != noNode && m.trie.entry[node] >= 0 {
			spans = append(spans, span{m.trie.entry[node], int32(at), int32(at + 1)})
		}
	}
	return spans, at
}
