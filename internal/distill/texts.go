package distill

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// Text is an unlabelled text to learn from. Either part may be empty.
type Text struct{ Title, Body string }

// whole is title and body as a record is embedded.
func (t Text) whole() string {
	return strings.TrimSpace(t.Title + "\n" + t.Body)
}

const maxLine = 64 << 20

// ReadTexts reads a text a line: an object of JSON with title and one of text, abstract
// and body, or the plain text. Blank lines are passed over. Errors are of kind Invalid
// and name the line.
func ReadTexts(r io.Reader) ([]Text, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var out []Text
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		t, err := textOf(line)
		if err != nil {
			return nil, match.About(fmt.Sprintf("line %d", n), err)
		}
		out = append(out, t)
	}
	return out, lines.Err()
}

func textOf(line []byte) (Text, error) {
	if !utf8.Valid(line) {
		return Text{}, match.Invalidf("text", "is not UTF-8")
	}
	if line[0] != '{' {
		return Text{Body: string(line)}, nil
	}
	var fields struct{ Title, Text, Abstract, Body string }
	if err := json.Unmarshal(line, &fields); err != nil {
		return Text{}, &match.Error{Kind: match.Invalid, Field: "text", Reason: "is no object with texts", Err: err}
	}
	t := Text{Title: fields.Title}
	for _, body := range []string{fields.Text, fields.Abstract, fields.Body} {
		if t.Body == "" {
			t.Body = body
		}
	}
	return t, nil
}

// wholes are the distinct whole texts.
func wholes(texts []Text) []string {
	var d distinct
	for _, t := range texts {
		d.add(t.whole())
	}
	return d.texts
}

// parts are the distinct titles, bodies, wholes, sentences and clauses.
func parts(texts []Text) []string {
	var d distinct
	for _, t := range texts {
		d.add(t.Title)
		d.add(t.Body)
		d.add(t.whole())
		for _, s := range strings.FieldsFunc(t.Body, endsSentence) {
			d.add(s)
		}
		for _, s := range strings.FieldsFunc(t.Body, endsClause) {
			d.add(s)
		}
	}
	return d.texts
}

func endsSentence(r rune) bool { return strings.ContainsRune("。；;！？!?\n\r", r) }

func endsClause(r rune) bool { return endsSentence(r) || r == '，' || r == ',' }

// distinct collects texts of two characters or more, each once, in order.
type distinct struct {
	texts []string
	known map[string]bool
}

func (d *distinct) add(text string) {
	text = strings.TrimFunc(text, unicode.IsSpace)
	if utf8.RuneCountInString(text) >= 2 {
		d.addAny(text)
	}
}

func (d *distinct) addAny(text string) {
	if d.known[text] {
		return
	}
	if d.known == nil {
		d.known = map[string]bool{}
	}
	d.known[text] = true
	d.texts = append(d.texts, text)
}
