package subword

import (
	"os"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Tokeniser is one tokenizer.json, opened. It is safe for concurrent use.
type Tokeniser struct {
	added     *added
	normalise normaliser
	split     splitter
	model     model
	frame     frame

	size  int // one more than the greatest id
	worst int
	limit int
	left  bool // what is too long is cut off at its beginning
}

// Encoding is a text as a model reads it.
type Encoding struct {
	// IDs are the numbers of the pieces, with the special tokens around them.
	IDs []int32
	// Types are the segments (token_type_ids), as many as IDs.
	Types []int32
	// Text is how many of IDs come from the text; the others are special.
	Text int
	// Cut is how many pieces of the text the limit left out.
	Cut int
}

// model cuts one word, which is not empty.
type model interface {
	appendWord(ids []int32, word string) []int32
}

// Open reads a tokenizer.json. Errors are of kind NotFound or Invalid.
func Open(path string) (*Tokeniser, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, &match.Error{Kind: match.NotFound, Record: path, Reason: "cannot be read", Err: err}
	}
	t, err := Parse(raw)
	return t, match.About(path, err)
}

// Limit is the greatest number of tokens, special ones included, that the file
// wants a text cut to; 0 where it names none. Encode does not apply it by itself.
func (t *Tokeniser) Limit() int { return t.limit }

// Size is one more than the greatest id that Encode can give.
func (t *Tokeniser) Size() int { return t.size }

// Special is the number of special tokens that frame every text.
func (t *Tokeniser) Special() int { return len(t.frame.before) + len(t.frame.after) }

// Worst is the greatest number of pieces that one code point of a text can give,
// that of its bytes where bytes are pieces. A letter that the normaliser spells
// with several (Hangul where accents are stripped, ligatures) counts as one.
func (t *Tokeniser) Worst() int { return t.worst }

// Encode cuts text. A limit above 0 is the greatest number of tokens, special
// ones included; where it leaves no room for the text, only special tokens
// remain.
func (t *Tokeniser) Encode(text string, limit int) Encoding {
	var e Encoding
	ids := t.pieces(text)
	if room := max(0, limit-t.Special()); limit > 0 && len(ids) > room {
		e.Cut = len(ids) - room
		if t.left {
			ids = ids[e.Cut:]
		} else {
			ids = ids[:room]
		}
	}
	e.Text = len(ids)
	e.IDs, e.Types = t.frame.around(ids)
	return e
}

// Count is the number of tokens of text without a limit, special ones included.
func (t *Tokeniser) Count(text string) int { return len(t.pieces(text)) + t.Special() }

// pieces are the ids of the text alone.
func (t *Tokeniser) pieces(text string) []int32 {
	text = strings.ToValidUTF8(text, "\uFFFD")
	ids := make([]int32, 0, len(text)/3+8)
	words := make([]piece, 0, 16)
	for _, p := range t.added.cut(text, t.normalise) {
		if p.id != none {
			ids = append(ids, p.id)
			continue
		}
		words = t.split(words[:0], p)
		for _, w := range words {
			ids = t.model.appendWord(ids, w.text)
		}
	}
	return ids
}
