package console

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/tune"
)

func get(t *testing.T, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

func TestFilesHaveTheirTypesAndAreAskedForAgain(t *testing.T) {
	for path, kind := range map[string]string{
		"/console/":           "text/html; charset=utf-8",
		"/console/index.html": "text/html; charset=utf-8",
		"/console/app.js":     "text/javascript; charset=utf-8",
		"/console/style.css":  "text/css; charset=utf-8",
		"/console/icon.svg":   "image/svg+xml",
	} {
		got, body := get(t, "GET", path)
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != kind || len(body) == 0 {
			t.Errorf("%s: %d %v, %d bytes", path, got.StatusCode, got.Header, len(body))
		}
		tag := got.Header.Get("ETag")
		if again, body := get(t, "GET", path, "If-None-Match", tag); tag == "" || again.StatusCode != 304 || body != "" {
			t.Errorf("%s with %q: %d", path, tag, again.StatusCode)
		}
		if old, _ := get(t, "GET", path, "If-None-Match", `"another"`); old.StatusCode != 200 || old.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s with another tag: %d %v", path, old.StatusCode, old.Header)
		}
		head, nothing := get(t, "HEAD", path)
		if head.StatusCode != 200 || head.ContentLength != int64(len(body)) || nothing != "" {
			t.Errorf("HEAD %s: %d, length %d of %d", path, head.StatusCode, head.ContentLength, len(body))
		}
	}
}

func TestEveryAnswerIsKeptApartFromOtherSites(t *testing.T) {
	for _, c := range []struct {
		method, path string
		code         int
	}{
		{"GET", "/console/", 200}, {"GET", "/console", 302}, {"GET", "/console/nothing.js", 404}, {"GET", "/console/web/app.js", 404},
		{"GET", "/console/../console.go", 404}, {"POST", "/console/", 405}, {"DELETE", "/console/app.js", 405},
	} {
		got, _ := get(t, c.method, c.path)
		if got.StatusCode != c.code {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got.StatusCode, c.code)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if !strings.HasPrefix(got.Header.Get(name), want) {
				t.Errorf("%s %s: %s is %q", c.method, c.path, name, got.Header.Get(name))
			}
		}
		if strings.Contains(got.Header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("the policy is %s", got.Header.Get("Content-Security-Policy"))
		}
	}
	if got, _ := get(t, "GET", "/console"); got.Header.Get("Location") != Path {
		t.Errorf("/console leads to %q", got.Header.Get("Location"))
	}
	if got, _ := get(t, "PUT", "/console/"); got.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("allowed: %q", got.Header.Get("Allow"))
	}
}

// What a policy forbids is not in the files, nor is any other site.
func TestFilesHaveNoMarkupInScriptsAndNoOtherSite(t *testing.T) {
	banned := map[string]*regexp.Regexp{
		".js":   regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|javascript:`),
		".html": regexp.MustCompile(`<script>|<style|\son\w+=|\sstyle=|javascript:`),
		".css":  regexp.MustCompile(`@import|url\(`),
	}
	site := regexp.MustCompile(`(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^"'\s]*`)
	for name, f := range load() {
		for kind, pattern := range banned {
			if found := pattern.Find(f.content); strings.HasSuffix(name, kind) && found != nil {
				t.Errorf("%s has %s", name, found)
			}
		}
		for _, found := range site.FindAllString(string(f.content), -1) {
			if found != "http://www.w3.org/2000/svg" { // a name, not a place
				t.Errorf("%s names the site %s", name, found)
			}
		}
	}
}

// entry is one line of the words: a key and its words in both languages.
var entry = regexp.MustCompile(`(?m)^ {2}"([^"]+)": \["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\],$`)

func wordsOf(t *testing.T) map[string][2]string {
	t.Helper()
	all := map[string][2]string{}
	for _, m := range entry.FindAllStringSubmatch(string(load()["words.js"].content), -1) {
		if _, twice := all[m[1]]; twice {
			t.Errorf("%q has words twice", m[1])
		}
		all[m[1]] = [2]string{m[2], m[3]}
	}
	if len(all) < 100 {
		t.Fatalf("%d keys were found in words.js", len(all))
	}
	return all
}

func TestEveryValueThatIsShownHasWords(t *testing.T) {
	words := wordsOf(t)
	for _, enum := range []protoreflect.Enum{
		pb.RecordKind(0), pb.Level(0), pb.Verdict(0), pb.ElementKind(0), pb.LegalStatus(0), pb.TransferMode(0), pb.ApplicantKind(0),
		pb.EnterpriseKind(0), pb.DemandState(0), pb.Visibility(0), pb.RecordState(0), pb.IntakeFlag(0), pb.QuantityComparison(0),
		pb.RejectionReason(0), pb.ModelKind(0), pb.PilotMode(0), pb.WhyNotStage(0),
	} {
		values := enum.Descriptor().Values()
		for i := 1; i < values.Len(); i++ {
			if _, ok := words[string(values.Get(i).Name())]; !ok {
				t.Errorf("%s has no words", values.Get(i).Name())
			}
		}
	}
}

// TestTheConsoleSaysWhatTheProgramSays holds the console's words against those of the domain.
func TestTheConsoleSaysWhatTheProgramSays(t *testing.T) {
	shown := wordsOf(t)
	said := func(key string, want match.LocalText) {
		t.Helper()
		if got := shown[key]; got[0] != want.ZH {
			t.Errorf("%s is %q, elsewhere it is %q", key, got[0], want.ZH)
		}
	}
	for _, v := range match.LegalStatuses {
		said("LEGAL_STATUS_"+strings.TrimSuffix(strings.ToUpper(string(v)), "_AT_OFFICE"), v.Words())
	}
	for _, v := range match.TransferModes {
		said("TRANSFER_MODE_"+strings.ToUpper(string(v)), v.Words())
	}
	for _, v := range match.ApplicantKinds {
		said("APPLICANT_KIND_"+strings.ToUpper(string(v)), v.Words())
	}
	for _, v := range match.EnterpriseKinds {
		said("ENTERPRISE_KIND_"+strings.ToUpper(string(v)), v.Words())
	}
	for _, v := range match.DemandStates {
		said("DEMAND_STATE_"+strings.ToUpper(string(v)), v.Words())
	}
	for _, v := range []match.Visibility{match.Public, match.TenantOnly, match.Private} {
		said("VISIBILITY_"+strings.ToUpper(string(v)), v.Words())
	}
	for _, v := range []match.Verdict{match.Covered, match.Partly, match.Contradicted, match.Missing} {
		said("VERDICT_"+strings.ToUpper(string(v)), v.Words())
	}
	for _, v := range match.RejectionReasons {
		if v != match.RejectedForOther { // there it says what to do as well
			said("REJECTION_REASON_"+strings.ToUpper(string(v)), v.Words())
		}
	}
	said("field.sector", match.FieldWords(match.FieldSector))
	if shown[rank.MutualRule][1] != rank.MutualRule {
		t.Error("the rule of the mutual fit has no words")
	}
}

func TestEveryFeatureOfATunedModelIsNamedAsInReasons(t *testing.T) {
	words := wordsOf(t)
	for _, feature := range tune.FeatureNames {
		w, ok := words[feature]
		if !ok {
			t.Errorf("%s has no words", feature)
		}
		told := match.LegName(feature).Words()
		if told.ZH == feature || told.EN == feature {
			t.Errorf("%s has no words in reasons: %+v", feature, told)
		}
		if short := slices.Contains(legs, match.LegName(feature)); !short && (w[0] != told.ZH || w[1] != told.EN) {
			t.Errorf("%s is %q here and %q in reasons", feature, w, told)
		}
	}
}

// legs are those of the built-in ranker, which have shorter words here.
var legs = []match.LegName{match.TitleLeg, match.TextLeg, match.CoverageLeg, match.TitleWordsLeg, match.AskedWordsLeg, match.PassagesLeg}

func TestWordsOfBothLanguagesTakeTheSameValues(t *testing.T) {
	value := regexp.MustCompile(`\{\d\}`)
	for key, w := range wordsOf(t) {
		seen := map[string]int{}
		for _, v := range value.FindAllString(w[0], -1) {
			seen[v] |= 1
		}
		for _, v := range value.FindAllString(w[1], -1) {
			seen[v] |= 2
		}
		for v, where := range seen {
			if where != 3 {
				t.Errorf("%q has %s in one language alone: %q", key, v, w)
			}
		}
	}
}

// used finds the keys that the pages ask for as a whole.
var used = regexp.MustCompile(`\b(?:t|part)\("([a-z.A-Z0-9]+)"[,)]`)

func TestEveryKeyThatIsUsedHasWords(t *testing.T) {
	words := wordsOf(t)
	n := 0
	for name, f := range load() {
		for _, m := range used.FindAllStringSubmatch(string(f.content), -1) {
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s asks for the words of %q, which has none", name, m[1])
			}
			n++
		}
	}
	if n < 100 {
		t.Errorf("%d uses were found", n)
	}
}
