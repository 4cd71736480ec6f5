package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

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
	prefix := strings.TrimSuffix(string(d.Values().Get(0).Name()), "UNSPECIFIED")
	candidates := []string{word, prefix + strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(word))}
	if find := chineseOf[d.FullName()]; find != nil {
		candidates = append(candidates, prefix+strings.ToUpper(find(word)))
	}
	for _, name := range candidates {
		if d.Values().ByName(protoreflect.Name(name)) != nil {
			return name, nil
		}
	}
	var short []string
	for i := 1; i < d.Values().Len(); i++ {
		short = append(short, strings.ToLower(strings.TrimPrefix(string(d.Values().Get(i).Name()), prefix)))
	}
	return "", fmt.Errorf("%s: %q is not one of %s", path, word, strings.Join(short, ", "))
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
	s := speller{}
	s.message(d, "", value)
	if s.err != nil || !s.changed {
		return nil, false, s.err
	}
	again, err := json.Marshal(value)
	return again, err == nil, nil
}

// speller walks through JSON beside the description of its message.
type speller struct {
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
	if err != nil {
		if s.err == nil || err.Error() < s.err.Error() { // whatever the order of a map
			s.err = err
		}
		return value
	}
	s.changed = s.changed || name != word
	return name
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
