package report

import (
	"regexp"
	"strings"
	"sync"
)

// pattern translates a sentence of package evaluation, gate or format. %d stands
// for a number and %s for any text, which is translated in turn; they come in the
// same order in both languages.
type pattern struct {
	expression *regexp.Regexp
	zh         string
}

var patterns = sync.OnceValue(func() []pattern {
	var all []pattern
	for _, p := range sentences {
		e := regexp.QuoteMeta(p.en)
		e = strings.ReplaceAll(e, "%d", `([-+]?[0-9.e]+(?:[-+][0-9]+)?)`)
		e = strings.ReplaceAll(e, "%s", `(.+?)`)
		all = append(all, pattern{regexp.MustCompile(`^(?s:` + e + `)$`), p.zh})
	}
	return all
})

// InChinese translates a sentence of package evaluation, gate or format, such as
// gate.Check.Reason; one that it does not know stays as it is.
func InChinese(english string) string { return translated(english).zh }

// translated is an English sentence with its Chinese where that is known, else
// the English for both.
func translated(english string) phrase {
	if zh, ok := chinese(english); ok {
		return phrase{zh, english}
	}
	return same(english)
}

func chinese(english string) (zh string, ok bool) {
	for _, p := range patterns() {
		groups := p.expression.FindStringSubmatch(english)
		if groups == nil {
			continue
		}
		return fill(p.zh, groups[1:]), true
	}
	return "", false
}

// fill puts the groups in the place of the verbs, in order.
func fill(zh string, groups []string) string {
	var b strings.Builder
	for _, group := range groups {
		at := strings.IndexAny(zh, "%")
		b.WriteString(zh[:at])
		b.WriteString(translated(group).zh)
		zh = zh[at+len("%d"):]
	}
	b.WriteString(zh)
	return b.String()
}
