package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

// hostile is a patent whose texts try to be markup, and in which a character takes more
// than one unit of UTF-16.
var hostile = match.Patent{
	Number:   `CN9"><b>'9B`,
	Title:    `<script>document.title="owned"</script><img src=x onerror="document.title='owned'">"'&amp;𠮷提锂除铝`,
	Abstract: "𠮷𠮷𠮷<b>本发明公开了</b>一种从废旧磷酸铁锂粉料中选择性提锂并除铝的方法，全流程锂综合回收率97.2%，碳酸锂产品中铝含量21ppm。" + strings.Repeat("极长而不断的文字", 40),
}

// consoleOf serves the sample and the hostile patent, where there is a browser to look at
// them with. stop ends it.
func consoleOf(t *testing.T) (base string, in *instance.Instance, stop func()) {
	t.Helper()
	chromium(t)
	ctx, cancel := context.WithCancel(t.Context())
	in, err := instance.Open(ctx, instance.Config{Data: t.TempDir(), Now: sample.Now, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loadSample(ctx, in); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Catalog.Write(ctx, store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: match.NewPatent(match.DefaultTenant, hostile)}}}); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(ctx); err != nil {
		t.Fatal(err)
	}
	c := serveCmd{GRPC: "127.0.0.1:0", Listen: freeAddress(t), Metrics: "127.0.0.1:0", Grace: time.Second, AnswersMax: 1000, Console: true}
	ended := make(chan error, 1)
	go func() { ended <- c.serve(ctx, in, slog.New(slog.DiscardHandler), io.Discard, langFlag{Lang: "en"}) }()
	stop = func() {
		cancel()
		if err, open := <-ended; open && err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() {
		cancel()
		in.Close()
	})
	for range 300 {
		if conn, err := net.Dial("tcp", c.Listen); err == nil {
			conn.Close()
			return "http://" + c.Listen, in, stop
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the server does not listen")
	return "", nil, nil
}

// page is the address of one of the console's pages.
func page(base, name string, state ...string) string {
	q := url.Values{}
	for i := 0; i < len(state); i += 2 {
		q.Set(state[i], state[i+1])
	}
	return base + "/console/#" + name + "?" + q.Encode()
}

func TestTheConsoleShowsMatchesInBothLanguages(t *testing.T) {
	base, in, _ := consoleOf(t)
	answer, err := in.Engine.Match(t.Context(), match.Request{ID: "test", Tenant: match.DefaultTenant, Limit: 10, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: "D-BAT1"}})
	if err != nil {
		t.Fatal(err)
	}
	best := answer.Hits[0]
	for language, words := range map[string][]string{
		"zh-CN": {"合适的专利", "双向综合", "需求要点", "得分的构成", "请求编号"},
		"en-GB": {"Patents that serve it", "mutual", "What the demand asks for", "How the score adds up", "Request"},
	} {
		t.Run(language, func(t *testing.T) {
			b := openBrowser(t, language)
			b.open(base + "/")
			b.until(`location.pathname === "/console/"`)
			b.open(page(base, "find", "from", "demand", "id", "D-BAT1"))
			b.until(`document.querySelectorAll(".hit").length === 10`)
			for _, w := range words {
				if !strings.Contains(b.value("document.body.innerText"), w) {
					t.Errorf("the page does not say %q", w)
				}
			}
			if got := b.value("document.documentElement.lang"); !strings.HasPrefix(got, language[:2]) {
				t.Errorf("the page says that it is %s", got)
			}
			if got, want := b.value(`document.querySelector(".hit h2").textContent`), best.Record.Texts().Title; got != want {
				t.Errorf("the first hit is %q, want %q", got, want)
			}
			if got, want := b.value(`document.querySelector(".hit .score strong").textContent`), fmt.Sprintf("%.3f", best.Score.Value); !strings.HasSuffix(got, want) {
				t.Errorf("its score is %q, want %q", got, want)
			}
			addUp(b)
			b.value(`document.getElementById("language").click()`)
			b.until(`!document.documentElement.lang.startsWith("` + language[:2] + `")`)
			b.open(page(base, "overview"))
			if got := b.value("document.documentElement.lang"); strings.HasPrefix(got, language[:2]) {
				t.Errorf("the choice of the other language is forgotten: %s", got)
			}
			b.quiet()
		})
	}
}

// addUp checks that the contributions of the first hit add up to the sum that is shown.
func addUp(b *browser) {
	b.Helper()
	var shown []string
	text := b.value(`JSON.stringify([...document.querySelectorAll(".hit:first-child .bars .number")].map((n) => n.textContent.replace("−", "-")))`)
	if err := json.Unmarshal([]byte(text), &shown); err != nil || len(shown) < 3 {
		b.Fatalf("contributions %s: %v", text, err)
	}
	sum := 0.0
	for _, s := range shown {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			b.Fatal(err)
		}
		sum += n
	}
	last, _ := strconv.ParseFloat(shown[len(shown)-1], 64)
	if off := sum - 2*last; off < -0.05 || off > 0.05 { // each is rounded to hundredths
		b.Errorf("%v do not add up to the last of them", shown)
	}
}

func TestTheConsoleShowsHostileTextsAsTexts(t *testing.T) {
	base, in, _ := consoleOf(t)
	answer, err := in.Engine.Match(t.Context(), match.Request{ID: "test", Tenant: match.DefaultTenant, Limit: 1, Explain: true, From: match.Ref{Kind: match.DemandKind}, Texts: match.Texts{Body: hostile.Abstract}})
	if err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, "zh-CN")
	title, err := json.Marshal(hostile.Title)
	if err != nil {
		t.Fatal(err)
	}
	harmless := func(where string) {
		t.Helper()
		b.until(`[...document.querySelectorAll("h1, h2")].some((h) => h.textContent === ` + string(title) + `)`)
		if got := b.value(`document.title + document.querySelectorAll("main script, main img, main b b, main h2 *:not(a)").length`); !strings.HasSuffix(got, "对接 Duijie0") {
			t.Errorf("on the page %s the text became something: %s", where, got)
		}
	}
	b.open(page(base, "find", "from", "demand", "text", hostile.Abstract))
	harmless("of matches")
	if got, want := b.value(`[...document.querySelectorAll(".hit .evidence p")].at(-1).textContent`), hostile.Abstract; got != want {
		t.Errorf("the abstract is shown as %q", got)
	}
	if got, want := b.value(`[...[...document.querySelectorAll(".hit .evidence p")].at(-1).querySelectorAll(".carries")].map((m) => m.textContent).join("")`), carried(answer.Hits[0]); got != want || want == "" {
		t.Errorf("marked is %q, want %q", got, want)
	}
	b.value(`document.querySelector(".hit h2 a").click()`)
	b.until(`document.querySelector(".record")`)
	harmless("of the record")
	b.open(page(base, "judge", "demand", "D-BAT2", "patent", hostile.Number))
	harmless("to judge")
	b.open(page(base, "find", "from", "patent", "id", hostile.Number))
	b.until(`document.querySelector(".hit")`)
	b.quiet()
}

// carried is what of the abstract the evidence of a hit covers.
func carried(h match.Hit) string {
	points := []rune(hostile.Abstract)
	in := make([]bool, len(points))
	for _, e := range h.Explanation.Evidence {
		for i := e.Patent.Start; i < e.Patent.End && e.Patent.Field == "abstract"; i++ {
			in[i] = true
		}
	}
	var out strings.Builder
	for i, p := range points {
		if in[i] {
			out.WriteRune(p)
		}
	}
	return out.String()
}

func TestTheConsoleKeepsJudgementsAndFeedback(t *testing.T) {
	base, in, _ := consoleOf(t)
	b := openBrowser(t, "en")
	b.open(page(base, "judge"))
	b.value(`document.querySelector("[name=rater]").value = "张三"; document.querySelector("form .primary").click()`)
	b.until(`document.querySelectorAll(".levels button").length === 4`)
	pair := b.value(`location.hash`)
	b.press("3")
	b.until(`document.body.innerText.includes("Saved: ") && document.querySelector(".levels")`)
	if b.value(`location.hash`) == pair {
		t.Error("the page stays with the pair that was judged")
	}
	labels, err := in.Store.ListLabels(t.Context(), store.LabelQuery{Tenant: match.DefaultTenant, Rater: "张三", Limit: 10})
	if err != nil || len(labels) != 1 || labels[0].Level != match.RatherGoodFit || labels[0].Source != match.ExpertSource || labels[0].DemandRevision != 1 || labels[0].PatentRevision != 1 {
		t.Fatalf("labels %+v, %v", labels, err)
	}
	if !strings.Contains(pair, url.QueryEscape(labels[0].Demand)) || !strings.Contains(pair, url.QueryEscape(labels[0].Patent)) {
		t.Errorf("the pair of %s was judged as %+v", pair, labels[0])
	}
	b.value(`const level = document.querySelector(".levels button"); level.click(); level.click()`)
	b.until(`document.body.innerText.includes("→ none") && document.querySelector(".levels")`)
	if at := b.value(`document.body.innerText`); !strings.Contains(at, "Pair 3 of ") {
		t.Errorf("two clicks on one pair pass over another: %s", at)
	}

	b.open(page(base, "find", "from", "demand", "id", "D-BAT2"))
	b.until(`document.querySelector(".actions button")`)
	b.value(`document.querySelector(".actions button").click()`)
	b.until(`document.querySelector(".said").textContent === "Saved"`)
	b.value(`const h = document.querySelectorAll(".hit")[1]; h.querySelectorAll(".actions button")[1].click(); h.querySelector("[name=reason]").value = "REJECTION_REASON_PRICE"; h.querySelector(".reject button").click()`)
	b.until(`document.querySelectorAll(".said")[1].textContent === "Recorded: price"`)
	events, err := in.Store.ListEvents(t.Context(), store.EventQuery{Tenant: match.DefaultTenant, Demand: "D-BAT2", Limit: 10})
	if err != nil || len(events) != 2 {
		t.Fatalf("events %+v, %v", events, err)
	}
	for i, want := range []match.Event{{Type: match.Save, Rank: 1}, {Type: match.Rejection, Reason: match.TooExpensive, Rank: 2}} {
		if got := events[i]; got.Type != want.Type || got.Reason != want.Reason || got.Rank != want.Rank || got.Side != match.DemandKind || got.Proof != match.ShownProof {
			t.Errorf("event %+v", got)
		}
	}
	b.quiet()
}

func TestTheConsoleTellsWhatIsWrongInWords(t *testing.T) {
	base, _, stop := consoleOf(t)
	zh, en := openBrowser(t, "zh-CN"), openBrowser(t, "en")
	for _, c := range []struct{ name, address, zh, en string }{
		{"no such record", page(base, "record", "kind", "demand", "id", "D-NONE"), "没有这条记录", "there is no such record"},
		{"a bad filter", page(base, "find", "from", "demand", "id", "D-BAT1", "region", "乌有乡"), "不是地区", "is not a region"},
		{"no such page", page(base, "nowhere"), "没有这个页面", "no such page"},
		{"no good supply", page(base, "find", "from", "demand", "text", "怎样在三个月内学好英语口语"), "库中没有好的供给", "No good supply"},
	} {
		for b, want := range map[*browser]string{zh: c.zh, en: c.en} {
			b.open(c.address)
			if got := b.value(`[...document.querySelectorAll(".notice")].map((n) => n.textContent).join()`); !strings.Contains(got, want) {
				t.Errorf("%s: the page says %q, not %q", c.name, got, want)
			}
		}
	}
	stop()
	for b, want := range map[*browser]string{zh: "连不上服务", en: "cannot be reached"} {
		b.value(`location.hash = "#overview"`)
		b.until(`document.querySelector(".notice.bad")`)
		if got := b.value(`document.querySelector(".notice.bad").textContent`); !strings.Contains(got, want) {
			t.Errorf("without a server the page says %q", got)
		}
	}
}

func TestTheConsoleFitsAPhone(t *testing.T) {
	base, _, _ := consoleOf(t)
	b := openBrowser(t, "en")
	b.send("Emulation.setDeviceMetricsOverride", map[string]any{"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true}, nil)
	for _, address := range []string{
		page(base, "find"), page(base, "find", "from", "demand", "id", "D-BAT1", "pool", "1", "whynot", hostile.Number), page(base, "find", "from", "demand", "text", hostile.Abstract),
		page(base, "find", "from", "patent", "id", hostile.Number), page(base, "record", "kind", "patent", "id", hostile.Number), page(base, "check", "text", hostile.Abstract),
		page(base, "judge", "demand", "D-BAT1", "patent", hostile.Number), page(base, "overview"),
	} {
		b.open(address)
		if got := b.value(`document.documentElement.scrollWidth`); got != "390" {
			t.Errorf("%s is %s wide", address, got)
		}
	}
	b.quiet()
}

// An answer can be had again by its link, and its pages by their tokens.
func TestTheConsoleTurnsPagesAndReplaysAnswers(t *testing.T) {
	base, _, _ := consoleOf(t)
	b := openBrowser(t, "zh-CN")
	b.open(page(base, "find", "from", "demand", "id", "D-BAT1"))
	b.until(`document.querySelector(".pages .button")`)
	first := b.value(`[...document.querySelectorAll(".hit h2")].map((h) => h.textContent).join()`)
	b.value(`document.querySelector(".pages .button").click()`)
	b.until(`document.querySelector(".hit .rank")?.textContent === "11"`)
	b.value(`history.back()`)
	b.until(`document.querySelector(".hit .rank")?.textContent === "1"`)
	replay := b.value(`document.querySelector(".about a").href`)
	resp, err := http.Get(base + "/v1/answers/" + strings.TrimPrefix(replay[strings.Index(replay, "id="):], "id="))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Fatalf("%s: %s", replay, resp.Status)
	}
	b.open(replay)
	if got := b.value(`[...document.querySelectorAll(".hit h2")].map((h) => h.textContent).join()`); got != first {
		t.Errorf("replayed %q, was %q", got, first)
	}
	b.quiet()
}

func TestTheConsoleShowsInPassingNothingThatADemandKeepsBack(t *testing.T) {
	base, in, _ := consoleOf(t)
	r, err := in.Store.Get(t.Context(), []match.Ref{{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: "D-BAT1"}})
	if err != nil || !r[0].Demand.IsConfidential("enterprise.name") {
		t.Fatalf("the sample has changed: %v", err)
	}
	name := r[0].Demand.Enterprise.Name
	b := openBrowser(t, "zh-CN")
	for address, there := range map[string]string{
		page(base, "find", "from", "demand"):                                 `document.querySelectorAll(".stored li").length === 12`,
		page(base, "judge", "demand", "D-BAT1", "patent", "CN202110312047B"): `document.querySelectorAll(".levels button").length === 4`,
	} {
		b.open(address)
		b.until(there)
		if text := b.value("document.body.innerText"); strings.Contains(text, name) || !strings.Contains(text, "企业名称保密") {
			t.Errorf("%s shows %s", address, name)
		}
	}
	b.open(page(base, "record", "kind", "demand", "id", "D-BAT1"))
	b.until(`document.body.innerText.includes("` + name + `")`) // on its own page, marked as confidential
	b.quiet()
}

func TestTheConsoleTellsOfPilotsInWords(t *testing.T) {
	base, _, _ := consoleOf(t)
	b := openBrowser(t, "zh-CN")
	b.open(page(base, "overview"))
	b.until(`document.body.innerText.includes("没有变更记录")`)
	settings := `{"where":"national","challenger":"tuned/a/1","mode":"shadow","share":0.5}`
	b.value(`const ask = fetch; window.fetch = async (...all) => {
		const path = String(all[0].url ?? all[0]);
		const pilot = ` + strconv.Quote(settings) + `;
		if (path.includes("modelChanges")) return Response.json({changes: [
			{alias: "pilot/p", action: "pilot", before: "", now: pilot, by: "李四", reason: "试一试"},
			{alias: "pilot/p", action: "pilot end", before: pilot, now: "", by: "李四", reason: "够了"}]});
		if (path.endsWith("/models")) return Response.json({models: [
			{id: "tuned/a/1", kind: "MODEL_KIND_RANKER", live: true, aliases: ["challenger"], labels: "9"},
			{id: "zero-shot/3", kind: "MODEL_KIND_RANKER", live: true, aliases: [], labels: "0"}]});
		return ask(...all);
	}; dispatchEvent(new Event("hashchange"))`)
	b.until(`document.body.innerText.includes("试点结束")`)
	text := b.value("document.body.innerText")
	for _, want := range []string{"影子：national × tuned/a/1 50%", "李四、试一试"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(text, "{") {
		t.Errorf("the page shows raw settings: %s", text)
	}
	if rows := b.value(`[...document.querySelectorAll("tr")].map((r) => r.innerText).join("|")`); !strings.Contains(rows, "试点中\tchallenger") || strings.Count(rows, "✓ 是") != 1 {
		t.Errorf("the models are %s", rows)
	}
	b.quiet()
}

func TestAVerdictDoesNotReachIntoWhatItIsAbout(t *testing.T) {
	base, _, _ := consoleOf(t)
	for _, language := range []string{"zh-CN", "en-GB"} {
		b := openBrowser(t, language)
		b.open(page(base, "find", "from", "demand", "id", "D-CON2"))
		b.until(`document.querySelector(".elements .verdict.contradicted")`)
		if n := b.value(`String([...document.querySelectorAll(".elements li")].filter((l) => l.children[0].scrollWidth > l.children[0].clientWidth + 1 || l.children[0].getBoundingClientRect().right > l.children[1].getBoundingClientRect().left).length)`); n != "0" {
			t.Errorf("%s: %s verdicts overlap", language, n)
		}
		b.quiet()
	}
}
