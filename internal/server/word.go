package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

// In JSON and in queries a value of an enum may be written as TRANSFER_MODE_OPEN_LICENCE,
// as open_licence, or in the words that files may use, such as 开放许可.

// chineseOf finds a value's short name by a word of the vocabulary.
var chineseOf = map[protoreflect.FullName]func(string) string{
	"duijie.v1.ApplicantKind":  shortNames(vocabulary.ApplicantKinds),
	"duijie.v1.LegalStatus":    shortNames(vocabulary.LegalStatuses),
	"duijie.v1.TransferMode":   shortNames(vocabulary.TransferModes),
	"duijie.v1.EnterpriseKind": shortNames(vocabulary.EnterpriseKinds),
	"duijie.v1.DemandState":    shortNames(vocabulary.DemandStates),
	"duijie.v1.Visibility":     shortNames(vocabulary.Visibilities),
	"duijie.v1.LabelSource":    shortNames(vocabulary.LabelSources),
	"duijie.v1.Level":          shortNames(vocabulary.LevelNames),
}

func shortNames[S ~string](e vocabulary.Enum[S]) func(string) string {
	return func(word string) string {
		value, _ := e.Find(word)
		return string(value)
	}
}

// enumName gives the name of a value by any of its words; its error lists the short
// names, behind the path of the field.
func enumName(d protoreflect.EnumDescriptor, path, word string) (string, error) {
	prefix := wire.EnumPrefix(d)
	candidates := []string{word, prefix + strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(word))}
	if find := chineseOf[d.FullName()]; find != nil {
		candidates = append(candidates, prefix+strings.ToUpper(find(word)))
	}
	for _, name := range candidates {
		if d.Values().ByName(protoreflect.Name(name)) != nil {
			return name, nil
		}
	}
	return "", fmt.Errorf("%s: %q is not one of %s", path, word, wire.ShortNames(d))
}

// spelledOut gives JSON of a message with the names of enum values in the places of
// their words, and false where nothing had to be changed. It is for what protojson
// has refused: reading everything twice would cost imports their pace.
func spelledOut(d protoreflect.MessageDescriptor, text []byte) ([]byte, bool, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil, false, nil // for protojson to complain of
	}
	s := speller{items: itemised[d.FullName()]}
	s.message(d, "", value)
	if s.err != nil || !s.changed {
		return nil, false, s.err
	}
	again, err := json.Marshal(value)
	return again, err == nil, nil
}

// itemised are the lists whose items are written each as far as it can be: a word that is
// no value is the fault of its item, and not of the request.
var itemised = map[protoreflect.FullName]protoreflect.Name{
	"duijie.v1.BatchWritePatentsRequest": "patents",
	"duijie.v1.ImportPatentsRequest":     "patents",
	"duijie.v1.BatchWriteDemandsRequest": "demands",
	"duijie.v1.ImportDemandsRequest":     "demands",
	"duijie.v1.RecordEventsRequest":      "events",
}

// speller walks through JSON beside the description of its message.
type speller struct {
	items   protoreflect.Name // of itemised
	changed bool
	err     error // the first
}

func (s *speller) message(d protoreflect.MessageDescriptor, path string, value any) {
	members, ok := value.(map[string]any)
	if !ok {
		return
	}
	for name, inner := range members {
		f := d.Fields().ByTextName(name)
		if f == nil {
			f = d.Fields().ByJSONName(name)
		}
		if f == nil || f.IsMap() {
			continue
		}
		at := strings.TrimPrefix(path+"."+string(f.Name()), ".")
		list, isList := inner.([]any)
		if !isList || !f.IsList() {
			members[name] = s.value(f, at, inner)
			continue
		}
		for i := range list {
			list[i] = s.value(f, fmt.Sprintf("%s[%d]", at, i), list[i])
		}
	}
}

func (s *speller) value(f protoreflect.FieldDescriptor, path string, value any) any {
	if f.Message() != nil {
		s.message(f.Message(), path, value)
		return value
	}
	word, ok := value.(string)
	if !ok || f.Enum() == nil {
		return value
	}
	name, err := enumName(f.Enum(), path, word)
	if err != nil && s.items != "" && strings.HasPrefix(path, string(s.items)+"[") {
		s.changed = true
		return wire.NoSuchValue
	}
	if err != nil {
		if s.err == nil || err.Error() < s.err.Error() { // whatever the order of a map
			s.err = err
		}
		return value
	}
	s.changed = s.changed || name != word
	return name
}

// pathEnums are the parameters of paths that have an enum.
var pathEnums = map[string]protoreflect.EnumDescriptor{"kind": pb.RecordKind(0).Descriptor()}

// spellPath lets paths have the words that queries may have.
func spellPath(mux **runtime.ServeMux) runtime.Middleware {
	return func(next runtime.HandlerFunc) runtime.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request, parameters map[string]string) {
			for name, d := range pathEnums {
				word, ok := parameters[name]
				if !ok || isNumber(word) {
					continue
				}
				spelled, err := enumName(d, name, word)
				if err != nil {
					_, m := runtime.MarshalerForRequest(*mux, r)
					runtime.HTTPError(r.Context(), *mux, m, w, r, status.Error(codes.InvalidArgument, "the path: "+err.Error()))
					return
				}
				parameters[name] = spelled
			}
			next(w, r, parameters)
		}
	}
}

// queryWords spells out the values of a parameter that has an enum.
func queryWords(f protoreflect.FieldDescriptor, path string, words []string) ([]string, error) {
	if f.Enum() == nil {
		return words, nil
	}
	out := slices.Clone(words)
	for i, word := range words {
		if isNumber(word) {
			continue
		}
		name, err := enumName(f.Enum(), path, word)
		if err != nil {
			return nil, err
		}
		out[i] = name
	}
	return out, nil
}

func isNumber(s string) bool { return strings.Trim(s, "-0123456789") == "" }
