package report

import (
	"fmt"
	"html/template"
	"strings"
)

// phrase is a text in both languages. Both fields are plain text, not HTML.
type phrase struct{ zh, en string }

// same is a text that is the same in both languages: a name, a number.
func same(text string) phrase { return phrase{text, text} }

// say fills in the verbs of a phrase; arguments that are phrases themselves are
// taken in the language of the text they stand in.
func say(format phrase, args ...any) phrase {
	if len(args) == 0 {
		return format
	}
	zh, en := make([]any, len(args)), make([]any, len(args))
	for i, a := range args {
		zh[i], en[i] = a, a
		if p, ok := a.(phrase); ok {
			zh[i], en[i] = p.zh, p.en
		}
	}
	return phrase{fmt.Sprintf(format.zh, zh...), fmt.Sprintf(format.en, en...)}
}

// join puts phrases together, separated as the language does.
func join(list []phrase, separator phrase) phrase {
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, p := range list {
		zh[i], en[i] = p.zh, p.en
	}
	return phrase{strings.Join(zh, separator.zh), strings.Join(en, separator.en)}
}

var (
	comma    = phrase{"，", ", "}
	sentence = phrase{"", " "}
)

// plain is the phrase as text, in Chinese for both languages.
func (l Language) plain(p phrase) string {
	if l == English {
		return p.en
	}
	return p.zh
}

// html is the phrase escaped; for both languages two spans, of which the style
// shows one.
func (l Language) html(p phrase) template.HTML {
	switch {
	case l != Both || p.zh == p.en:
		return template.HTML(template.HTMLEscapeString(l.plain(p)))
	default:
		return template.HTML(`<span class="zh" lang="zh">` + template.HTMLEscapeString(p.zh) +
			`</span><span class="en" lang="en">` + template.HTMLEscapeString(p.en) + `</span>`)
	}
}

// tag is the value of the lang attribute of the page.
func (l Language) tag() string {
	if l == English {
		return "en"
	}
	return "zh-CN"
}
