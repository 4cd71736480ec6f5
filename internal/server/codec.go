package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// codec is the JSON of the API: names as in the proto files; numbers, texts and lists
// are always there, so that a client need not ask whether a score of 0 is one;
// messages that are not set are left out. Unknown fields are refused.
type codec struct{ runtime.JSONPb }

func newCodec() *codec {
	return &codec{runtime.JSONPb{
		MarshalOptions: protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true},
	}}
}

// StreamContentType is that of answers with one message a line.
func (*codec) StreamContentType(any) string { return "application/x-ndjson" }

// NewDecoder reads one message and nothing after it. An empty body is io.EOF, which
// the gateway takes for an empty message.
func (c *codec) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(v any) error {
		text, err := io.ReadAll(r)
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			return errors.New(tooLarge)
		case err != nil:
			return fmt.Errorf("reading the body: %w", err)
		case len(bytes.TrimSpace(text)) == 0:
			return io.EOF
		}
		m, ok := v.(proto.Message)
		if !ok { // no path maps the body to a part of a message
			return json.Unmarshal(text, v)
		}
		if err := c.read(text, m); err != nil {
			return fmt.Errorf("the body: %w", err)
		}
		return nil
	})
}

func (c *codec) read(text []byte, m proto.Message) error {
	text = withCamelMask(m, text)
	err := c.UnmarshalOptions.Unmarshal(text, m)
	if err == nil {
		return nil
	}
	again, changed, unknown := spelledOut(m.ProtoReflect().Descriptor(), text)
	if unknown != nil {
		return unknown
	}
	if changed {
		proto.Reset(m)
		err = c.UnmarshalOptions.Unmarshal(again, m)
	}
	if err != nil {
		return errors.New(plain(err))
	}
	return nil
}

// plain takes off protobuf's prefix, in which a space is now and then another one,
// and spells a field's name as the API does: page_size, not pageSize.
func plain(err error) string {
	text := prefix.ReplaceAllString(err.Error(), "")
	return fieldName.ReplaceAllStringFunc(text, func(s string) string {
		return upper.ReplaceAllStringFunc(s, func(c string) string { return "_" + strings.ToLower(c) })
	})
}

var (
	prefix    = regexp.MustCompile("^proto:[ \u00a0]")
	fieldName = regexp.MustCompile(` field [a-z][A-Za-z]*:`)
	upper     = regexp.MustCompile(`[A-Z]`)
)

// withCamelMask lets an update mask have the names that all else has: protojson
// wants lowerCamelCase there, and refuses transfer_modes.
func withCamelMask(m proto.Message, text []byte) []byte {
	if m.ProtoReflect().Descriptor().Fields().ByName("update_mask") == nil {
		return text
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil {
		return text // for protojson to complain of
	}
	var mask string
	if json.Unmarshal(fields["update_mask"], &mask) != nil || !strings.Contains(mask, "_") {
		return text
	}
	fields["update_mask"], _ = json.Marshal(underscored.ReplaceAllStringFunc(mask, func(s string) string {
		return strings.ToUpper(s[1:])
	}))
	if again, err := json.Marshal(fields); err == nil {
		return again
	}
	return text
}

var underscored = regexp.MustCompile(`_[a-z]`)

// strictQuery refuses parameters that the request has no field for, which the
// gateway would skip.
type strictQuery struct{ runtime.DefaultQueryParser }

// strictQueries sets the parser, which the gateway has one of in a process.
var strictQueries = sync.OnceFunc(func() { runtime.SetQueryParameterParser(&strictQuery{})(nil) })

func (q *strictQuery) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	spelled := make(url.Values, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f := fieldAt(m.ProtoReflect().Descriptor(), name)
		if f == nil {
			return fmt.Errorf("the query: unknown parameter %q", name)
		}
		words, err := queryWords(f, name, values[name])
		if err != nil {
			return fmt.Errorf("the query: %w", err)
		}
		spelled[name] = words
	}
	return q.DefaultQueryParser.Parse(m, spelled, filter)
}

// fieldAt finds a field by its path, and gives nil where there is none.
func fieldAt(d protoreflect.MessageDescriptor, path string) (f protoreflect.FieldDescriptor) {
	for part := range strings.SplitSeq(path, ".") {
		if d == nil {
			return nil
		}
		f = d.Fields().ByTextName(part)
		if f == nil {
			f = d.Fields().ByJSONName(part)
		}
		if f == nil {
			return nil
		}
		d = f.Message()
	}
	return f
}
