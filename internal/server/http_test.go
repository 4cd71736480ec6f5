package server

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestHTTPMatchesInBothDirections(t *testing.T) {
	r := start(t, nil)
	r.fill()
	for path, want := range map[string]string{
		"/v1/demands/D1/matches?page_size=1&explain=true": "patent",
		"/v1/patents/CN1/matches?pageSize=1":              "demand",
	} {
		got := r.call("GET", path, "")
		hits, _ := got.body["hits"].([]any)
		if got.code != 200 || len(hits) != 1 || hits[0].(map[string]any)[want] == nil {
			t.Errorf("%s: %d %s", path, got.code, got.text)
		}
	}
	got := r.call("POST", "/v1/match", `{"text": {"body": "水稻秸秆还田"}, "filter": {"regions": ["43"]}, "page_size": 5}`)
	hits, _ := got.body["hits"].([]any)
	if got.code != 200 || len(hits) != 1 {
		t.Fatalf("%d %s", got.code, got.text)
	}
	hit := hits[0].(map[string]any)
	if hit["rank"] != 1.0 || hit["patent"].(map[string]any)["number"] != "CN3" || got.body["next_page_token"] != "" {
		t.Errorf("hit %v", hit)
	}
	for _, leg := range hit["score"].(map[string]any)["legs"].([]any) {
		if _, ok := leg.(map[string]any)["contribution"]; !ok {
			t.Errorf("a leg without contribution: %v", leg)
		}
	}
	empty := r.call("POST", "/v1/match", `{"text": {"body": "电池"}, "filter": {"regions": ["11"]}}`)
	if hits, ok := empty.body["hits"].([]any); !ok || len(hits) != 0 || empty.body["considered"] != 0.0 {
		t.Errorf("no hits are written as %s", empty.text)
	}
	scored := r.call("POST", "/v1/score", `{"pairs": [{"demand_id": "D1", "patent_number": "CN1"}]}`)
	if scored.code != 200 || len(scored.body["results"].([]any)) != 1 {
		t.Errorf("score: %d %s", scored.code, scored.text)
	}
}

func TestHTTPErrorsHaveCodeMessageAndField(t *testing.T) {
	r := start(t, nil)
	r.fill()
	for _, c := range []struct {
		name, method, path, body string
		code                     int
		grpc                     float64
		field, words             string
	}{
		{"unknown field", "POST", "/v1/match", `{"demand_id": "D1", "pagesize": 3}`, 400, 3, "pagesize", `unknown field "pagesize"`},
		{"unknown parameter", "GET", "/v1/patents?pages=3", "", 400, 3, "pages", `unknown parameter "pages"`},
		{"unknown part of a parameter", "GET", "/v1/demands/D1/matches?filter.rank=3", "", 400, 3, "filter.rank", "unknown parameter"},
		{"broken JSON", "POST", "/v1/match", `{"demand_id": `, 400, 3, "", "the body: "},
		{"two messages", "POST", "/v1/match", `{"demand_id": "D1"} {}`, 400, 3, "", "the body: "},
		{"a wrong type", "POST", "/v1/match", `{"page_size": "many"}`, 400, 3, "page_size", "page_size"},
		{"an unknown enum", "POST", "/v1/patents", `{"patent": {"number": "CN9", "title": "t", "legal_status": "DEAD"}}`, 400, 3, "patent.legal_status", "legal_status"},
		{"a bad parameter", "GET", "/v1/patents?page_size=x", "", 400, 3, "page_size", "page_size"},
		{"a field of the domain", "POST", "/v1/patents", `{"patent": {"number": "CN9", "title": "t", "region": "x"}}`, 400, 3, "patent.region", "GB/T 2260"},
		{"a code of no province", "POST", "/v1/patents", `{"patent": {"number": "CN9", "title": "t", "region": "990000"}}`, 400, 3, "patent.region", "is not a region"},
		{"an industry of no section", "POST", "/v1/demands", `{"demand": {"id": "D9", "title": "t", "enterprise": {"industry": "C9999"}}}`, 400, 3, "demand.enterprise.industry", "is not an industry"},
		{"a filter of no province", "POST", "/v1/match", `{"demand_id": "D1", "filter": {"regions": ["990000"]}}`, 400, 3, "filter.regions[0]", "is not a region"},
		{"an empty body", "POST", "/v1/match", "", 400, 3, "query", "is missing"},
		{"not found", "GET", "/v1/patents/CN9", "", 404, 5, "", "patent CN9"},
		{"exists", "POST", "/v1/patents", `{"patent": {"number": "CN1", "title": "t"}}`, 409, 6, "", "patent CN1"},
		{"conflict", "PATCH", "/v1/patents/CN1", `{"patent": {"title": "t"}, "if_revision": 9}`, 409, 10, "", "revision"},
		{"another tenant", "GET", "/v1/catalog?tenant=acme", "", 403, 7, "", "one tenant"},
		{"no such path", "GET", "/v2/patents", "", 404, 5, "", "/v2/patents"},
		{"no such method", "DELETE", "/v1/patents/CN1", "", 405, 12, "", "DELETE"},
		{"no writing of documents", "POST", "/openapi.json", "", 405, 12, "", "POST"},
		{"a bad escape", "GET", "/v1/patents/%2F%25zz", "", 404, 5, "", "/%zz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := r.call(c.method, c.path, c.body)
			message, _ := got.body["message"].(string)
			if got.code != c.code || got.body["code"] != c.grpc || !strings.Contains(message, c.words) {
				t.Errorf("%d %s", got.code, got.text)
			}
			if !strings.Contains(got.text, `"field":"`+c.field+`"`) && !strings.Contains(got.text, `"field": "`+c.field+`"`) && c.field != "" {
				t.Errorf("no field %q in %s", c.field, got.text)
			}
			if got.header.Get(idHeader) == "" || got.header.Get("Content-Type") != "application/json" {
				t.Errorf("header %v", got.header)
			}
		})
	}
}

func TestWhatTheGatewayRefusesIsSaidInChineseToo(t *testing.T) {
	r := start(t, nil)
	r.call("POST", "/v1/demands", `{"demand": {"id": "D1", "title": "t"}}`)
	for _, c := range []struct{ method, path, body, field, zh string }{
		{"POST", "/v1/match", `{"demand_id": "D1", "pagesize": 3}`, "pagesize", `请求体：第 1 行第 21 列：没有名为 "pagesize" 的字段`},
		{"POST", "/v1/match", `{"demand_id": `, "", "请求体：不是有效的 JSON"},
		{"POST", "/v1/match", `{"demand_id": D1}`, "", "请求体：不是有效的 JSON（第 1 行第 15 列）：取值 D1 无效"},
		{"POST", "/v1/match", `{"demand_id": "D1"} {}`, "", "请求体：不是有效的 JSON（第 1 行第 21 列）：意外的内容 {"},
		{"POST", "/v1/match", `{"page_size": "many"}`, "page_size", `请求体：第 1 行第 15 列：字段 page_size 的取值 "many" 无效`},
		{"POST", "/v1/match", `{"demand_id": "D1", "demand_id": "D2"}`, "", `请求体：`},
		{"GET", "/v1/patents?pages=3", "", "pages", `查询参数：没有名为 "pages" 的参数`},
		{"GET", "/v1/patents?page_size=x", "", "page_size", `参数 page_size 的取值 "x" 无法读取`},
		{"POST", "/v1/match", `{"demand_id": "D1", "patent_number": "CN1"}`, "patent_number", "不能与 demand_id, text 同时给出；请只给出其中之一：demand_id, patent_number, text"},
		{"POST", "/v1/match", `{"demandId": "D1", "text": {"body": "x"}}`, "text", "不能与 demand_id, patent_number 同时给出"},
		{"GET", "/v1/ratings/frob/CN1", "", "kind", `"frob" 不是可选值之一（patent, demand）`},
		{"PATCH", "/v1/demands/D1", `{"demand": {"title": "x"}, "update_mask": "foo"}`, "update_mask.paths[0]", `"foo" 不是需求的字段`},
	} {
		got := r.call(c.method, c.path, c.body)
		var told struct {
			Details []struct {
				Locale, Message string
				FieldViolations []struct {
					Field            string
					LocalizedMessage struct{ Locale, Message string } `json:"localized_message"`
				} `json:"field_violations"`
			}
		}
		if err := json.Unmarshal([]byte(got.text), &told); err != nil || len(told.Details) != 3 || len(told.Details[1].FieldViolations) != 1 {
			t.Errorf("%s: %v: %s", c.body, err, got.text)
			continue
		}
		fault, whole := told.Details[1].FieldViolations[0], told.Details[2]
		if fault.Field != c.field || !strings.HasPrefix(fault.LocalizedMessage.Message, c.zh) || fault.LocalizedMessage.Locale != "zh-CN" || !strings.HasSuffix(whole.Message, fault.LocalizedMessage.Message) {
			t.Errorf("%s: %+v, %+v", c.body, fault, whole)
		}
	}
}

func TestPathsTakeTheShortNamesOfValues(t *testing.T) {
	r := start(t, nil)
	for _, kind := range []string{"patent", "Patent", "RECORD_KIND_PATENT", "1"} {
		if got := r.call("GET", "/v1/ratings/"+kind+"/CN1", ""); got.code != http.StatusOK {
			t.Errorf("%s: %d %s", kind, got.code, got.text)
		}
	}
}

func TestAWordThatIsNoValueIsTheFaultOfItsItemAlone(t *testing.T) {
	r := start(t, nil)
	for path, c := range map[string]struct{ body, field, zh string }{
		"/v1/events:record": {`{"events": [{"id": "e1", "demand_id": "D1", "patent_number": "CN1", "side": "demand", "type": "contact"},
			{"id": "e2", "demand_id": "D1", "patent_number": "CN1", "side": "demand", "type": "wave"}]}`,
			"event.type", "不是可选值之一（impression, view, save, contact, reply, rejection, negotiation, licence, contract）"},
		"/v1/patents:batchWrite": {`{"patents": [{"number": "CN1", "title": "t"}, {"number": "CN2", "title": "t", "transfer_modes": ["许可", "gift"]}]}`,
			"patent.transfer_modes[1]", "不是可选值之一（assignment, licence, open_licence, use_first_pay_later, equity, joint_development）"},
	} {
		got := r.call("POST", path, c.body)
		var told struct {
			Results []struct {
				Change string
				Status struct {
					Field  string
					Faults []struct{ Reason struct{ Zh string } }
				}
			}
		}
		if err := json.Unmarshal([]byte(got.text), &told); err != nil || got.code != http.StatusOK || len(told.Results) != 2 {
			t.Errorf("%s: %d %v: %s", path, got.code, err, got.text)
			continue
		}
		if first, second := told.Results[0], told.Results[1]; first.Change != "CHANGE_CREATED" || second.Status.Field != c.field || second.Status.Faults[0].Reason.Zh != c.zh {
			t.Errorf("%s: %s", path, got.text)
		}
	}
}

func TestPathsAndMethodsThatThereAreNotAreSaidInChineseToo(t *testing.T) {
	r := start(t, nil)
	for _, c := range []struct {
		method, path, body, zh string
		code                   int
	}{
		{"GET", "/v2/patents", "", "/v2/patents 不存在；接口见 /openapi.json", 404},
		{"DELETE", "/v1/patents/CN1", "", "/v1/patents/CN1 不接受 DELETE 方法；接口见 /openapi.json", 405},
		{"POST", "/openapi.json", "", "/openapi.json 不接受 POST 方法；接口见 /openapi.json", 405},
	} {
		got := r.call(c.method, c.path, c.body)
		var told struct {
			Details []struct{ Locale, Message string }
		}
		if err := json.Unmarshal([]byte(got.text), &told); err != nil || got.code != c.code || len(told.Details) != 1 ||
			told.Details[0].Locale != "zh-CN" || told.Details[0].Message != c.zh {
			t.Errorf("%s %s: %v: %d %s", c.method, c.path, err, got.code, got.text)
		}
	}
}

func TestHTTPIDsMayHoldSlashesColonsPercentsAndChinese(t *testing.T) {
	r := start(t, nil)
	for _, id := range []string{"甲/乙", "a:b", "x:withdraw", "50%2F", "一?二#三", "a+b", "//", "..", "é&=;"} {
		body, err := json.Marshal(map[string]any{"demand": map[string]any{"id": id, "title": "需求"}})
		r.ok(err)
		if got := r.call("POST", "/v1/demands", string(body)); got.code != 200 {
			t.Fatalf("%q: %s", id, got.text)
		}
		path := "/v1/demands/" + strings.ReplaceAll(url.PathEscape(id), ":", "%3A")
		if id == ".." { // clients take it for a folder's parent
			path = "/v1/demands/%2E%2E"
		}
		got := r.call("GET", path, "")
		if d, _ := got.body["demand"].(map[string]any); got.code != 200 || d["id"] != id {
			t.Errorf("%q: %d %s", id, got.code, got.text)
		}
		if got := r.call("POST", path+":withdraw", "{}"); got.code != 200 || !strings.Contains(got.text, id[:1]) {
			t.Errorf("%q withdrawn: %d %s", id, got.code, got.text)
		}
	}
}

func TestHTTPUpdatesByAMaskInEitherSpelling(t *testing.T) {
	r := start(t, nil)
	r.fill()
	for _, mask := range []string{"transfer_modes,sector", "transferModes,sector"} {
		got := r.call("PATCH", "/v1/patents/CN1", `{"patent": {"transfer_modes": ["TRANSFER_MODE_LICENCE"], "sector": "`+mask+`"}, "update_mask": "`+mask+`"}`)
		p, _ := got.body["patent"].(map[string]any)
		if got.code != 200 || p["sector"] != mask || p["region"] != "440300" || len(p["transfer_modes"].([]any)) != 1 {
			t.Errorf("%s: %d %s", mask, got.code, got.text)
		}
	}
}

func TestHTTPHasADescriptionAndAnIndex(t *testing.T) {
	r := start(t, nil)
	doc := r.call("GET", "/openapi.json", "")
	if paths, _ := doc.body["paths"].(map[string]any); doc.code != 200 || paths["/v1/match"] == nil {
		t.Errorf("openapi: %d, %d bytes", doc.code, len(doc.text))
	}
	index := r.call("GET", "/", "")
	if index.code != 200 || index.body["openapi"] != "/openapi.json" || index.body["version"] != "test" {
		t.Errorf("index: %s", index.text)
	}
}

func TestHTTPRefusesOtherSitesAndLargeBodies(t *testing.T) {
	r := start(t, nil)
	got := r.call("POST", "/v1/demands", `{"demand": {"id": "D1", "title": "t"}}`, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if got.code != 403 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("from another site: %d %s", got.code, got.text)
	}
	for name, body := range map[string]io.Reader{
		"told":     &sized{n: maxMessage + 1},
		"not told": io.MultiReader(&sized{n: maxMessage + 1}),
	} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", r.http+"/v1/match", body)
		r.ok(err)
		if name == "told" {
			req.ContentLength = maxMessage + 1
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			continue // the server has hung up in the middle of the body
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), "64 MiB") {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
		}
	}
}

// sized is a body of n spaces.
type sized struct{ n int }

func (s *sized) Read(p []byte) (int, error) {
	if s.n == 0 {
		return 0, io.EOF
	}
	n := min(len(p), s.n)
	for i := range p[:n] {
		p[i] = ' '
	}
	s.n -= n
	return n, nil
}

func TestEveryPathOfTheDescriptionLeadsToItsCall(t *testing.T) {
	r := start(t, nil)
	doc := r.call("GET", "/openapi.json", "")
	n := 0
	for path, item := range doc.body["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			path := strings.NewReplacer("{patent.number}", "x", "{demand.id}", "x", "{number}", "x", "{id}", "x", "{demand_id}", "x", "{patent_number}", "x").Replace(path)
			got := r.call(strings.ToUpper(method), path, "")
			if message, _ := got.body["message"].(string); got.code == 405 || got.code == 501 || strings.HasPrefix(message, "there is nothing at") {
				t.Errorf("%s %s: %d %s", method, path, got.code, got.text)
			}
			n++
		}
	}
	if want := 26; n < want {
		t.Errorf("%d paths, want %d", n, want)
	}
}
