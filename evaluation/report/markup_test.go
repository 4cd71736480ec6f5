package report_test

import (
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/report"
	markup "golang.org/x/net/html"
)

var void = map[string]bool{"meta": true, "input": true, "br": true}

// checkMarkup reports tags that are not balanced, what a browser would have to
// repair, and anything that runs or is fetched.
func checkMarkup(t interface {
	Helper()
	Fatalf(string, ...any)
}, page string) *markup.Node {
	t.Helper()
	tags, problem := balanced(page)
	if problem != "" {
		t.Fatalf("%s", problem)
	}
	root, err := markup.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%v", err)
	}
	var parsed []string
	ids, links := map[string]bool{}, []string{}
	for n := range root.Descendants() {
		if n.Type != markup.ElementNode {
			continue
		}
		parsed = append(parsed, n.Data)
		if problem := dangerous(n); problem != "" {
			t.Fatalf("%s", problem)
		}
		for _, a := range n.Attr {
			if a.Key == "id" && ids[a.Val] {
				t.Fatalf("id %q is there twice", a.Val)
			} else if a.Key == "id" {
				ids[a.Val] = true
			} else if a.Key == "href" {
				links = append(links, a.Val)
			}
		}
	}
	if !slices.Equal(tags, parsed) {
		t.Fatalf("a browser repairs the page: %d elements are written, %d parsed", len(tags), len(parsed))
	}
	for _, link := range links {
		if name, ok := strings.CutPrefix(link, "#"); !ok || !ids[unescape(name)] {
			t.Fatalf("the link %q leads nowhere", link)
		}
	}
	return root
}

func unescape(link string) string {
	text, err := url.PathUnescape(link)
	if err != nil {
		return link
	}
	return text
}

// balanced lists the start tags in order, or says which end tag is wrong.
func balanced(page string) (tags []string, problem string) {
	var open []string
	z := markup.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case markup.ErrorToken:
			if z.Err() != io.EOF || len(open) > 0 {
				return nil, "tags are left open: " + strings.Join(open, " ")
			}
			return tags, ""
		case markup.StartTagToken:
			tags = append(tags, token.Data)
			if !void[token.Data] {
				open = append(open, token.Data)
			}
		case markup.SelfClosingTagToken:
			tags = append(tags, token.Data)
		case markup.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				return nil, "the end tag " + token.Data + " does not fit " + strings.Join(open, " ")
			}
			open = open[:len(open)-1]
		}
	}
}

var fetched = regexp.MustCompile(`(?i)url\(|@import|https?:|javascript:|expression\(`)

func dangerous(n *markup.Node) string {
	if slices.Contains([]string{"script", "img", "iframe", "link", "object", "embed", "image", "use", "base", "form", "foreignobject"}, n.Data) {
		return "there is an element " + n.Data
	}
	if n.Data == "style" && (n.FirstChild == nil || fetched.MatchString(n.FirstChild.Data)) {
		return "the style is empty or fetches something"
	}
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "srcset" || a.Key == "style" && fetched.MatchString(a.Val) {
			return "there is an attribute " + a.Key + "=" + a.Val
		}
	}
	return ""
}

func TestThePageIsWellFormedAndFetchesNothing(t *testing.T) {
	r, o := small(t)
	for _, l := range []report.Language{report.Both, report.Chinese, report.English} {
		o.Language = l
		checkMarkup(t, html(t, r, o))
	}
	checkMarkup(t, html(t, r, report.Options{}))
}

const hostile = `<script>alert("1")</script>'" onload=alert(1) </title></style>{{.}}--><svg/onload=x>` + "\x1b[31m\u202e"

func TestHostileTextsAreShownAndNotObeyed(t *testing.T) {
	r, o := hostileReport(t)
	page := html(t, r, o)
	root := checkMarkup(t, page)
	shown := 0
	for n := range root.Descendants() {
		if n.Type == markup.TextNode && strings.Contains(n.Data, `<script>alert("1")</script>`) {
			shown++
		}
	}
	if shown < 20 || strings.Contains(page, "<script") || strings.Contains(page, "<svg/onload") {
		t.Errorf("the hostile text is shown %d times, or it is not escaped", shown)
	}
	if got := text(t, r, o); strings.ContainsAny(got, "\x1b\u202e") {
		t.Error("control characters reach the terminal")
	}
}

func hostileReport(t *testing.T) (*evaluation.Result, report.Options) {
	t.Helper()
	d := demands(12, 8, hostile, hostile)
	d.Name = hostile
	for q := range d.Queries() {
		d.SetAttribute(int32(q), hostile, hostile)
	}
	models := []evaluation.Model{{Name: hostile, Run: noisy(d, 3, 1)}, {Name: hostile + "2", Run: noisy(d, 1, 2)}}
	r, err := evaluation.Evaluate(d, models, evaluation.Options{Samples: 50, Permutations: 50, Candidates: evaluation.CandidatesAll,
		Slices: []evaluation.Slice{evaluation.ByAttribute(d, hostile)}})
	if err != nil {
		t.Fatal(err)
	}
	r.Leakage = []evaluation.Leakage{{Between: hostile}}
	return r, report.Options{Dataset: d, Models: models, Title: hostile, Command: hostile, Data: hostile,
		Warnings: format.Warnings{{Kind: hostile, File: hostile, Line: 1, Count: 1}},
		Gate: &gate.Decision{Baseline: hostile, Candidate: hostile, Verdict: "pass",
			Checks: []gate.Check{{Name: hostile, Verdict: "undecided", Reason: hostile, Override: &gate.Override{By: hostile, Reason: hostile}}}}}
}
