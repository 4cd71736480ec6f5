package lexical

import "github.com/duijie/duijie/internal/text"

// packed is how many code points of 21 bits each fit into a key.
const packed = 3

// Key is what stands for a term in an index; never 0. It is one to one for terms of up
// to three code points, which all terms of ideographs are. Longer words are told apart
// by 63 bits of a hash: of a million words, two are taken for one with a probability of
// 1 in 10⁷.
func Key(term []rune) uint64 {
	key := uint64(0)
	if len(term) <= packed {
		for _, r := range term {
			key = key<<21 | uint64(r)
		}
		return key
	}
	key = text.Hash(term)
	key ^= key >> 32
	return key | 1<<63
}
