package subword

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// vocabulary maps a model's pieces to their numbers.
type vocabulary map[string]int32

// file is a tokenizer.json.
type file struct {
	Version       string          `json:"version"`
	Truncation    *truncation     `json:"truncation"`
	Padding       json.RawMessage `json:"padding"` // of batches, which are not made here
	AddedTokens   []addedToken    `json:"added_tokens"`
	Normalizer    json.RawMessage `json:"normalizer"`
	PreTokenizer  json.RawMessage `json:"pre_tokenizer"`
	PostProcessor json.RawMessage `json:"post_processor"`
	Decoder       json.RawMessage `json:"decoder"` // of the way back, which is not gone here
	Model         json.RawMessage `json:"model"`
}

type truncation struct {
	Direction string `json:"direction"`
	MaxLength int    `json:"max_length"`
	Strategy  string `json:"strategy"` // of pairs
	Stride    int    `json:"stride"`   // of the parts that are cut off
}

// Parse reads the content of a tokenizer.json. Errors are of kind Invalid and
// name the part of the file.
func Parse(raw []byte) (*Tokeniser, error) {
	var f file
	if err := strict(raw, &f); err != nil {
		return nil, err
	}
	t := &Tokeniser{}
	var err error
	var words vocabulary
	if t.model, words, err = newModel(f.Model); err != nil {
		return nil, inPart("model", err)
	}
	if t.normalise, err = newNormaliser(f.Normalizer); err != nil {
		return nil, inPart("normalizer", err)
	}
	if t.split, err = newSplitter(f.PreTokenizer); err != nil {
		return nil, inPart("pre_tokenizer", err)
	}
	if t.frame, err = newFrame(f.PostProcessor); err != nil {
		return nil, inPart("post_processor", err)
	}
	if t.added, err = newAdded(f.AddedTokens, t.normalise); err != nil {
		return nil, inPart("added_tokens", err)
	}
	t.worst = worst(f)
	if f.Truncation != nil {
		t.limit, t.left = f.Truncation.MaxLength, f.Truncation.Direction == "Left"
	}
	t.size, err = size(words, f.AddedTokens, t.frame)
	return t, err
}

// worst is utf8.UTFMax where bytes may become pieces, else 1.
func worst(f file) int {
	bytewise := bytes.Contains(f.PreTokenizer, []byte(`"ByteLevel"`)) || bytes.Contains(f.Normalizer, []byte(`"ByteLevel"`))
	var form struct {
		Fallback bool `json:"byte_fallback"`
	}
	_ = json.Unmarshal(f.Model, &form) // was decoded before
	if bytewise || form.Fallback {
		return utf8.UTFMax
	}
	return 1
}

// size checks that no id is negative.
func size(words vocabulary, tokens []addedToken, f frame) (int, error) {
	least, most := int32(0), int32(-1)
	see := func(id int32) { least, most = min(least, id), max(most, id) }
	for _, id := range words {
		see(id)
	}
	for _, a := range tokens {
		see(a.ID)
	}
	for _, t := range append(append([]token(nil), f.before...), f.after...) {
		see(t.id)
	}
	if least < 0 {
		return 0, match.Invalidf("model.vocab", "has a negative id")
	}
	return int(most) + 1, nil
}

func newModel(raw json.RawMessage) (model, vocabulary, error) {
	switch kind := kindOf(raw); kind {
	case "WordPiece":
		return newWordPiece(raw)
	case "BPE":
		return newPairEncoding(raw)
	case "Unigram":
		return newUnigram(raw)
	default:
		return nil, nil, unknownKind("model", kind)
	}
}

// strict decodes raw and refuses what to has no field for.
func strict(raw []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return &match.Error{Kind: match.Invalid, Reason: strings.TrimPrefix(err.Error(), "json: ")}
	}
	return nil
}

// inPart names the part of the file that err is about, unless it does itself.
func inPart(part string, err error) error {
	if e, ok := err.(*match.Error); ok && e.Field == "" {
		with := *e
		with.Field = part
		return &with
	}
	return err
}

func absent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func kindOf(raw json.RawMessage) string {
	var form struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal(raw, &form) // what is no object has no kind
	return form.Type
}

func unknownKind(part, kind string) error {
	return match.Invalidf(part, fmt.Sprintf("of type %q is not implemented", kind))
}
