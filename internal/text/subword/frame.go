package subword

import (
	"encoding/json"
	"fmt"

	"github.com/duijie/duijie/internal/match"
)

// frame are the special tokens around a text.
type frame struct {
	before, after []token
	kind          int32 // the segment of the text
}

type token struct{ id, kind int32 }

func (f frame) around(ids []int32) (all, types []int32) {
	n := len(f.before) + len(ids) + len(f.after)
	both := make([]int32, 2*n)
	all, types = both[:0:n], both[n:n]
	for _, t := range f.before {
		all, types = append(all, t.id), append(types, t.kind)
	}
	for _, id := range ids {
		all, types = append(all, id), append(types, f.kind)
	}
	for _, t := range f.after {
		all, types = append(all, t.id), append(types, t.kind)
	}
	return all, types
}

// inside sets f within g, as post-processors in a sequence do.
func (f frame) inside(g frame) frame {
	f.before = append(append([]token(nil), g.before...), f.before...)
	f.after = append(f.after, g.after...)
	return f
}

type templateForm struct {
	Type   string            `json:"type"`
	Single []templatePart    `json:"single"`
	Pair   []json.RawMessage `json:"pair"`
	Tokens map[string]struct {
		ID     string   `json:"id"`
		IDs    []int32  `json:"ids"`
		Tokens []string `json:"tokens"`
	} `json:"special_tokens"`
}

type templatePart struct {
	SpecialToken *templateName
	Sequence     *templateName
}

type templateName struct {
	ID   string `json:"id"`
	Kind int32  `json:"type_id"`
}

type bertFrame struct {
	Type        string `json:"type"`
	Sep         named  `json:"sep"`
	Cls         named  `json:"cls"`
	TrimOffsets bool   `json:"trim_offsets"`
	AddPrefix   bool   `json:"add_prefix_space"`
	UseRegex    bool   `json:"use_regex"`
}

// named is a token written as ["[SEP]", 102].
type named struct{ id int32 }

func (n *named) UnmarshalJSON(raw []byte) error {
	var text string
	pair := []any{&text, &n.id}
	if err := json.Unmarshal(raw, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("%s is not a token and its id", raw)
	}
	return nil
}

func newFrame(raw json.RawMessage) (frame, error) {
	if absent(raw) {
		return frame{}, nil
	}
	switch kind := kindOf(raw); kind {
	case "TemplateProcessing":
		return newTemplate(raw)
	case "BertProcessing", "RobertaProcessing":
		var form bertFrame
		if err := strict(raw, &form); err != nil {
			return frame{}, err
		}
		return frame{before: []token{{id: form.Cls.id}}, after: []token{{id: form.Sep.id}}}, nil
	case "ByteLevel": // moves offsets alone
		return frame{}, nil
	case "Sequence":
		return frameSequence(raw)
	default:
		return frame{}, unknownKind("post_processor", kind)
	}
}

func frameSequence(raw json.RawMessage) (frame, error) {
	var form struct {
		Type       string            `json:"type"`
		Processors []json.RawMessage `json:"processors"`
	}
	if err := strict(raw, &form); err != nil {
		return frame{}, err
	}
	var all frame
	for _, part := range form.Processors {
		f, err := newFrame(part)
		if err != nil {
			return frame{}, err
		}
		all = all.inside(f)
	}
	return all, nil
}

func newTemplate(raw json.RawMessage) (frame, error) {
	var form templateForm
	if err := strict(raw, &form); err != nil {
		return frame{}, err
	}
	var f frame
	seen := false
	for _, part := range form.Single {
		switch {
		case part.Sequence != nil && part.Sequence.ID == "A" && !seen:
			seen, f.kind = true, part.Sequence.Kind
		case part.SpecialToken != nil:
			special, ok := form.Tokens[part.SpecialToken.ID]
			if !ok {
				return frame{}, match.Invalidf("post_processor.special_tokens", fmt.Sprintf("lack %q", part.SpecialToken.ID))
			}
			for _, id := range special.IDs {
				t := token{id: id, kind: part.SpecialToken.Kind}
				if seen {
					f.after = append(f.after, t)
				} else {
					f.before = append(f.before, t)
				}
			}
		default:
			return frame{}, match.Invalidf("post_processor.single", "is not one sequence A with special tokens around it")
		}
	}
	if !seen {
		return frame{}, match.Invalidf("post_processor.single", "lacks the sequence A")
	}
	return f, nil
}
