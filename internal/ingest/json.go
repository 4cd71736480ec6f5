package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// maxDepth is how deep values may be nested; records need three levels.
const maxDepth = 32

// parseObject reads one JSON object strictly: no name twice, nothing after it,
// no half surrogates and no bytes that are not UTF-8.
func parseObject(raw []byte) (object, *match.Error) {
	if o, ok := parseFast(string(raw)); ok {
		return o, nil
	}
	return parseSlowly(raw)
}

// parseSlowly is parseObject with reasons.
func parseSlowly(raw []byte) (object, *match.Error) {
	if !utf8.Valid(raw) {
		return nil, syntax("is not valid UTF-8")
	}
	if err := json.Unmarshal(raw, new(json.RawMessage)); err != nil {
		return nil, syntaxError(err)
	}
	if loneSurrogate(raw) {
		return nil, syntax("has a \\u escape of half a surrogate pair")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	value, problem := parseValue(decoder, "", 0)
	if problem != nil {
		return nil, problem
	}
	o, ok := value.(object)
	if !ok {
		return nil, syntax("is not a JSON object")
	}
	return o, nil
}

func syntaxError(err error) *match.Error {
	var s *json.SyntaxError
	if errors.As(err, &s) && s.Error() != "unexpected end of JSON input" {
		return syntax("is not JSON: %v at byte %d", err, s.Offset)
	}
	return syntax("is not JSON: it ends too early")
}

// parseValue reads the next value, which is known to be well-formed.
func parseValue(decoder *json.Decoder, field string, depth int) (any, *match.Error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, &match.Error{Kind: match.Invalid, Reason: "is not JSON", Err: err}
	}
	delimiter, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth == maxDepth {
		return nil, match.Invalidf(field, "is nested more than %d levels deep", maxDepth)
	}
	if delimiter == '[' {
		return parseList(decoder, field, depth)
	}
	return parseMembers(decoder, field, depth)
}

func parseList(decoder *json.Decoder, field string, depth int) (any, *match.Error) {
	out := []any{}
	for decoder.More() {
		value, err := parseValue(decoder, fmt.Sprintf("%s[%d]", field, len(out)), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	decoder.Token() // the closing bracket
	return out, nil
}

func parseMembers(decoder *json.Decoder, field string, depth int) (any, *match.Error) {
	out := object{}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, &match.Error{Kind: match.Invalid, Reason: "is not JSON", Err: err}
		}
		name := token.(string)
		path := name
		if field != "" {
			path = field + "." + name
		}
		if seen[name] {
			return nil, match.Invalidf(path, "is given twice in one object")
		}
		seen[name] = true
		value, problem := parseValue(decoder, path, depth+1)
		if problem != nil {
			return nil, problem
		}
		out = append(out, member{name, value})
	}
	decoder.Token() // the closing brace
	return out, nil
}

// compact writes a value as JSON, for an attribute that is a list or an object.
func compact(value any) string {
	var b bytes.Buffer
	writeValue(&b, value)
	return b.String()
}

func writeValue(b *bytes.Buffer, value any) {
	switch v := value.(type) {
	case object:
		b.WriteByte('{')
		for i, m := range v {
			separate(b, i)
			writeValue(b, m.name)
			b.WriteByte(':')
			writeValue(b, m.value)
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			separate(b, i)
			writeValue(b, e)
		}
		b.WriteByte(']')
	default:
		encoder := json.NewEncoder(b)
		encoder.SetEscapeHTML(false)
		encoder.Encode(v)       // scalars always encode
		b.Truncate(b.Len() - 1) // its line break
	}
}

func separate(b *bytes.Buffer, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
}
