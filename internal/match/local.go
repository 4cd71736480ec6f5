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

// recordWords translate the words in names of records that this project makes.
var recordWords = []struct {
	en *regexp.Regexp
	zh string
}{
	{regexp.MustCompile(`^label of (.+) and (.+)$`), "$1 与 $2 的标注"},
	{regexp.MustCompile(`^event of (.+) and (.+)$`), "$1 与 $2 的事件"},
	{regexp.MustCompile(`^patent( |$)`), "专利$1"},
	{regexp.MustCompile(`^demand( |$)`), "需求$1"},
	{regexp.MustCompile(`^operation `), "任务 "},
	{regexp.MustCompile(`^model `), "模型 "},
	{regexp.MustCompile(`^alias `), "别名 "},
	{regexp.MustCompile(`^dataset `), "数据集 "},
	{regexp.MustCompile(`^pilot `), "试点 "},
	{regexp.MustCompile(`^event `), "事件 "},
	{regexp.MustCompile(`^request `), "请求 "},
	{regexp.MustCompile(`^index `), "索引 "},
	{regexp.MustCompile(`^static model\b`), "静态模型"},
	{regexp.MustCompile(`^(onnx|openai) embedder\b`), "$1 向量模型"},
	{regexp.MustCompile(`^chat endpoint\b`), "大模型接口"},
	{regexp.MustCompile(`^standard input\b`), "标准输入"},
	{regexp.MustCompile(`, model `), "，模型 "},
	{regexp.MustCompile(`, revision (\d+)$`), "，第 $1 版"},
	{regexp.MustCompile(`, (?:line|row) (\d+)$`), "，第 $1 行"},
}

func recordInChinese(s string) string {
	for _, w := range recordWords {
		s = w.en.ReplaceAllString(s, w.zh)
	}
	return s
}

// Named gives the name of a record, as Error.Record has it, in both languages.
func Named(record string) LocalText {
	return LocalText{ZH: recordInChinese(record), EN: record}
}

var kindsInChinese = [...]string{
	"内部错误", "无效", "不存在", "冲突", "已过期",
	"暂不可用", "超出限额", "没有权限", "数据损坏", "已取消",
}
