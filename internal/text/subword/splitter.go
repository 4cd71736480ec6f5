package subword

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// newSplitter reads a pre_tokenizer.
func newSplitter(raw json.RawMessage) (splitter, error) {
	if absent(raw) {
		return whole, nil
	}
	switch kind := kindOf(raw); kind {
	case "BertPreTokenizer":
		return bertWords, bare(raw)
	case "WhitespaceSplit":
		return spaceWords, bare(raw)
	case "Whitespace":
		return newWords(raw)
	case "ByteLevel":
		return newByteLevel(raw)
	case "Metaspace":
		return newMetaspace(raw)
	case "Split":
		return newSplit(raw)
	case "Punctuation":
		return newPunctuation(raw)
	case "Digits":
		return newDigits(raw)
	case "CharDelimiterSplit":
		return newDelimiter(raw)
	case "Sequence":
		return newSplitters(raw)
	default:
		return nil, unknownKind("pre_tokenizer", kind)
	}
}

// bare checks that a part has no options.
func bare(raw json.RawMessage) error {
	var form struct {
		Type string `json:"type"`
	}
	return strict(raw, &form)
}

func newSplitters(raw json.RawMessage) (splitter, error) {
	var form struct {
		Type string            `json:"type"`
		All  []json.RawMessage `json:"pretokenizers"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	var all []splitter
	for _, raw := range form.All {
		s, err := newSplitter(raw)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return sequence(all), nil
}

// newWords takes runs of letters and digits, and runs of what is neither nor
// space. It is not Oniguruma's: joiners count as letters.
func newWords(raw json.RawMessage) (splitter, error) {
	p, err := newPattern(`[\w\x{200C}\x{200D}]+|[^\w\s\x{200C}\x{200D}]+`)
	if err != nil {
		return nil, err
	}
	return func(out []piece, of piece) []piece {
		parts := p.parts(of.text)
		for i := range parts {
			parts[i].hit = !parts[i].hit
		}
		return removed.join(out, of, parts)
	}, bare(raw)
}

// patternForm is {"String": s} or {"Regex": s}.
type patternForm struct {
	String *string
	Regex  *string
}

func (f patternForm) pattern() (*pattern, error) {
	switch {
	case f.Regex != nil && *f.Regex != "":
		return newPattern(*f.Regex)
	case f.String != nil && *f.String != "":
		return literal(*f.String), nil
	}
	return nil, match.Invalidf("pattern", "is empty")
}

func newSplit(raw json.RawMessage) (splitter, error) {
	var form struct {
		Type      string      `json:"type"`
		Pattern   patternForm `json:"pattern"`
		Behaviour behaviour   `json:"behavior"`
		Invert    bool        `json:"invert"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	p, err := form.Pattern.pattern()
	if err != nil {
		return nil, err
	}
	if !form.Behaviour.known() {
		return nil, match.Invalidf("pre_tokenizer.behavior", fmt.Sprintf("%q is not implemented", form.Behaviour))
	}
	return func(out []piece, of piece) []piece {
		parts := p.parts(of.text)
		for i := range parts {
			parts[i].hit = parts[i].hit != form.Invert
		}
		return form.Behaviour.join(out, of, parts)
	}, nil
}

func newPunctuation(raw json.RawMessage) (splitter, error) {
	form := struct {
		Type      string    `json:"type"`
		Behaviour behaviour `json:"behavior"`
	}{Behaviour: isolated}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	if !form.Behaviour.known() {
		return nil, match.Invalidf("pre_tokenizer.behavior", fmt.Sprintf("%q is not implemented", form.Behaviour))
	}
	return func(out []piece, of piece) []piece {
		return form.Behaviour.join(out, of, runes(of.text, isPunctuation))
	}, nil
}

func newDigits(raw json.RawMessage) (splitter, error) {
	var form struct {
		Type string `json:"type"`
		Each bool   `json:"individual_digits"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	way := contiguous
	if form.Each {
		way = isolated
	}
	return func(out []piece, of piece) []piece { return way.join(out, of, runes(of.text, isNumeric)) }, nil
}

func newDelimiter(raw json.RawMessage) (splitter, error) {
	var form struct {
		Type      string `json:"type"`
		Delimiter string `json:"delimiter"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	mark, n := utf8.DecodeRuneInString(form.Delimiter)
	if n == 0 || n != len(form.Delimiter) {
		return nil, match.Invalidf("pre_tokenizer.delimiter", fmt.Sprintf("%q is not one character", form.Delimiter))
	}
	return func(out []piece, of piece) []piece {
		return removed.join(out, of, runes(of.text, func(r rune) bool { return r == mark }))
	}, nil
}

// metaspace writes spaces as a mark that can be seen and sets one before each
// word.
type metaspace struct {
	Type        string `json:"type"`
	Replacement string `json:"replacement"`
	Scheme      string `json:"prepend_scheme"`
	AddPrefix   *bool  `json:"add_prefix_space"` // the older spelling of the scheme
	Split       *bool  `json:"split"`
	Written     string `json:"str_rep"` // says the same as Replacement
}

func newMetaspace(raw json.RawMessage) (splitter, error) {
	m := metaspace{Replacement: "▁"}
	if err := strict(raw, &m); err != nil {
		return nil, err
	}
	if m.Scheme == "" {
		m.Scheme = "always"
		if m.AddPrefix != nil && !*m.AddPrefix {
			m.Scheme = "never"
		}
	}
	if m.Scheme != "always" && m.Scheme != "never" && m.Scheme != "first" {
		return nil, match.Invalidf("pre_tokenizer.prepend_scheme", fmt.Sprintf("%q is not implemented", m.Scheme))
	}
	if utf8.RuneCountInString(m.Replacement) != 1 {
		return nil, match.Invalidf("pre_tokenizer.replacement", fmt.Sprintf("%q is not one character", m.Replacement))
	}
	return m.cut, nil
}

func (m metaspace) cut(out []piece, p piece) []piece {
	p.text = strings.ReplaceAll(p.text, " ", m.Replacement)
	if p.text != "" && !strings.HasPrefix(p.text, m.Replacement) && (m.Scheme == "always" || m.Scheme == "first" && p.lead > 0) {
		p.text = m.Replacement + p.text
	}
	if m.Split != nil && !*m.Split {
		return appendPart(out, p, 0, len(p.text))
	}
	mark, _ := utf8.DecodeRuneInString(m.Replacement)
	return withNext.join(out, p, runes(p.text, func(r rune) bool { return r == mark }))
}
