package report

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"sync"

	"github.com/duijie/duijie/evaluation"
)

//go:embed template
var files embed.FS

var style = func() template.CSS {
	text, err := files.ReadFile("template/style.css")
	if err != nil {
		panic(err)
	}
	return template.CSS(text)
}()

var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page.html").Funcs(functions(Both)).ParseFS(files, "template/*.html"))
})

// HTML writes a report of r as one self-contained page. It writes nothing when
// the options do not fit the result.
func HTML(w io.Writer, r *evaluation.Result, o Options) error {
	s, err := newSubject(r, o)
	if err != nil {
		return err
	}
	t, err := pages().Clone()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Funcs(functions(o.Language)).Execute(&b, s.page()); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// functions are those of the template, in a language.
func functions(l Language) template.FuncMap {
	return template.FuncMap{
		"word": func(key string) template.HTML {
			p, ok := words[key]
			if !ok {
				panic("report: no word " + key)
			}
			return l.html(p)
		},
		"text":       l.html,
		"plain":      l.plain,
		"translated": func(english string) template.HTML { return l.html(translated(english)) },
		"outcome":    func(o outcome) template.HTML { return l.html(outcomeWords[o]) },
		"title":      func(d evaluation.Definition) template.HTML { return l.html(title(d)) },
		"add":        func(a, b int) int { return a + b },
		"model":      modelClass,
		"pair":       func(a, b any) struct{ First, Second any } { return struct{ First, Second any }{a, b} },
		"blank":      func(p phrase) bool { return p == phrase{} },
	}
}
