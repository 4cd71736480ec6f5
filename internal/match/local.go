package match

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// Localised gives an error in both languages. The English text is that of
// err.Error; what has no translation, such as the words of an operating system,
// stays English in the Chinese one. An error with a method Localised() LocalText says it
// itself.
func Localised(err error) LocalText {
	if err == nil {
		return LocalText{}
	}
	return LocalText{ZH: inChinese(err), EN: err.Error()}
}

// Why gives the reason of a fault with its cause, without record and field.
func (e *Error) Why() LocalText {
	bare := Error{Kind: e.Kind, Reason: e.Reason, Err: e.Err, format: e.format, args: e.args}
	return Localised(&bare)
}

func inChinese(err error) string {
	var path *fs.PathError
	switch e := err.(type) {
	case *Error:
		return e.chinese()
	case interface{ Localised() LocalText }:
		return e.Localised().ZH
	case interface{ Unwrap() []error }:
		var parts []string
		for _, one := range e.Unwrap() {
			parts = append(parts, inChinese(one))
		}
		return strings.Join(parts, "\n")
	}
	if errors.As(err, &path) && error(path) == err {
		return path.Path + "：" + inChinese(path.Err)
	}
	text := err.Error()
	if inner := errors.Unwrap(err); inner != nil {
		// What stands around the cause is the wrapping's own.
		before, after, found := strings.Cut(text, inner.Error())
		if found {
			return translated(strings.TrimSuffix(before, ": "), "：") + inChinese(inner) + after
		}
	}
	return translated(text, "")
}

// translated gives the translation of a whole text, or the text.
func translated(text, behind string) string {
	if text == "" {
		return ""
	}
	if zh, ok := chinese[text]; ok {
		text = zh
	}
	return text + behind
}

func (e *Error) chinese() string {
	var parts []string
	if e.Record != "" {
		parts = append(parts, recordInChinese(e.Record))
	}
	if e.Field != "" {
		parts = append(parts, e.Field)
	}
	if e.Reason != "" {
		parts = append(parts, e.reasonInChinese())
	}
	if e.Err != nil {
		parts = append(parts, inChinese(e.Err))
	}
	if len(parts) == 0 {
		parts = append(parts, kindsInChinese[e.Kind])
	}
	out := strings.Join(parts, "：")
	for _, other := range e.More {
		out += "；" + other.chinese()
	}
	return out
}

func (e *Error) reasonInChinese() string {
	if e.format == "" {
		return translated(e.Reason, "")
	}
	format, ok := chinese[e.format]
	if !ok {
		return e.Reason
	}
	return fmt.Sprintf(format, inLanguage(e.args, true)...)
}

// inLanguage gives arguments for a format, those that have two languages in one.
func inLanguage(args []any, zh bool) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		switch t, ok := arg.(LocalText); {
		case !ok:
			out[i] = arg
		case zh:
			out[i] = t.ZH
		default:
			out[i] = t.EN
		}
	}
	return out
}

var (
	recordKind  = regexp.MustCompile(`^(patent|demand|operation) `)
	recordPlace = regexp.MustCompile(`, (?:line|row) (\d+)$`)
	kindWords   = map[string]string{"patent ": "专利 ", "demand ": "需求 ", "operation ": "任务 "}
)

// recordInChinese translates the words in names of records that this project makes.
func recordInChinese(s string) string {
	s = recordKind.ReplaceAllStringFunc(s, func(kind string) string { return kindWords[kind] })
	return recordPlace.ReplaceAllString(s, "，第 $1 行")
}

var kindsInChinese = [...]string{
	"内部错误", "无效", "不存在", "冲突", "已过期",
	"暂不可用", "超出限额", "没有权限", "数据损坏", "已取消",
}
