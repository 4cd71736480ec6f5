package ingest

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// cell is one named value of a row. The value is nil (absent), a string, or what
// else JSON has: json.Number, bool, []any, object.
type cell struct {
	name  string
	value any
}

// typeWords are the types of values in Chinese, by their names in errors.
var typeWords = map[string]string{
	"a string": "文字", "a number": "数字", "true or false": "是否值（true、false）", "a list": "列表",
	"null": "空值", "an object": "对象", "an amount": "金额",
}

func typeText(name string) match.LocalText { return match.LocalText{ZH: typeWords[name], EN: name} }

// describe names the type of a value in errors.
func describe(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case nil:
		return "null"
	}
	return "an object"
}

// wrongType is the error of a value of a type that the field does not have.
func wrongType(field string, value any, want string) error {
	return match.Invalidf(field, "is %s, not %s", typeText(describe(value)), typeText(want))
}

// text takes strings alone, as they are.
func text(field string, value any) (string, error) {
	s, ok := value.(string)
	if !ok {
		return "", wrongType(field, value, "a string")
	}
	return s, nil
}

// code takes strings and whole numbers, which are the same for ids and codes.
func code(field string, value any) (string, error) {
	if n, ok := value.(json.Number); ok && !strings.ContainsAny(n.String(), ".eE") {
		return n.String(), nil
	}
	s, err := text(field, value)
	return strings.Trim(s, " \t\r\n"), err
}

// values gives the elements of a list: those of a JSON list as they are, and of
// a string the pieces between separators.
func values(field string, value any, separators string) ([]string, error) {
	list, ok := value.([]any)
	if !ok {
		s, err := text(field, value)
		return pieces(s, separators), err
	}
	out := make([]string, len(list))
	for i, e := range list {
		var err error
		if out[i], err = text(fmt.Sprintf("%s[%d]", field, i), e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// separators divide the elements of a list inside a cell. With commas it is for
// elements that never contain one.
const (
	separators = ";；、|｜\n\r"
	withCommas = separators + ",，"
)

// pieces cuts s and leaves out what is empty.
func pieces(s, separators string) []string {
	var out []string
	for _, piece := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if piece = strings.TrimSpace(piece); piece != "" {
			out = append(out, piece)
		}
	}
	return out
}

// absent tells whether a cell says in words that there is nothing.
func absent(value any) bool {
	s, ok := value.(string)
	if !ok {
		return value == nil
	}
	switch folded(s) {
	case "", "-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "没有", "不详", "未知", "n/a", "na", "null", "none":
		return true
	}
	return false
}

// empty tells whether a value is absent or has no text.
func empty(value any) bool {
	s, ok := value.(string)
	return value == nil || ok && strings.TrimSpace(s) == ""
}

// folded is s for comparing: half width, lower case, trimmed.
func folded(s string) string { return vocabulary.Fold(s) }

// integer takes whole numbers, and strings of them with the words around that
// people write ("TRL 6", "6级", "4星").
func integer(field string, value any) (int, error) {
	var s string
	switch v := value.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = strings.TrimPrefix(folded(v), "trl")
		s = strings.TrimPrefix(strings.TrimSpace(s), "第")
		for _, unit := range []string{"级", "星", "分", "次", "个"} {
			s = strings.TrimSuffix(s, unit)
		}
	default:
		return 0, wrongType(field, value, "a number")
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) > 1e9 {
		return 0, match.Invalidf(field, "%q is not a whole number", shown(value))
	}
	return int(n), nil
}

// number takes numbers and strings of them.
func number(field string, value any) (float64, error) {
	s := ""
	switch v := value.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = folded(v)
	default:
		return 0, wrongType(field, value, "a number")
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, match.Invalidf(field, "%q is not a number", shown(value))
	}
	return n, nil
}

// truth takes true and false, in words too.
func truth(field string, value any) (bool, error) {
	if b, ok := value.(bool); ok {
		return b, nil
	}
	s, err := code(field, value)
	if err != nil {
		return false, wrongType(field, value, "true or false")
	}
	switch folded(s) {
	case "true", "yes", "y", "1", "是", "长期", "长期有效", "常年", "常设":
		return true, nil
	case "false", "no", "n", "0", "否", "", "一次性", "单次", "临时":
		return false, nil
	}
	return false, match.Invalidf(field, "%q is not true or false (是, 否)", shown(value))
}

// date takes a day in any form that match.ParseDate reads.
func date(field string, value any) (match.Date, error) {
	s, err := code(field, value)
	if err != nil {
		return "", err
	}
	d, ok := match.ParseDate(strings.TrimSpace(vocabulary.HalfWidth(s)))
	if !ok {
		return "", match.Invalidf(field, "%q is not a day such as 2021-03-12", shown(s))
	}
	return d, nil
}

// attribute is any value as a string.
func attribute(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return compact(value)
}

// shown is the beginning of a value, for errors.
func shown(value any) string {
	s := []rune(attribute(value))
	if len(s) > 40 {
		return string(s[:40]) + "…"
	}
	return string(s)
}
