package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// offered are patents of which CN1 offers an open licence, in Zhejiang.
func (r *rig) offered() {
	r.Helper()
	for i, more := range []string{`"region":"33","transfer_modes":["open_licence"],"legal_status":"有效"`, `"region":"44","transfer_modes":["TRANSFER_MODE_ASSIGNMENT"],"legalStatus":"granted"`} {
		got := r.call("POST", "/v1/patents", fmt.Sprintf(`{"patent":{"number":"CN%d","title":"一种锂离子电池的正极材料",%s}}`, i+1, more))
		if got.code != http.StatusOK {
			r.Fatal(got.text)
		}
	}
	r.ok(r.config.Catalog.Await(r.Context()))
}

func TestFiltersOverHTTPTakeNamesInBothLanguages(t *testing.T) {
	r := start(t, nil)
	r.offered()
	for _, filter := range []string{
		`"transfer_modes":["TRANSFER_MODE_OPEN_LICENCE"]`, `"transfer_modes":["open_licence"]`, `"transferModes":["开放许可"]`,
		`"transfer_modes":["Open Licence"],"legal_statuses":["有效"]`, `"regions":["浙江"]`, `"regions":["Zhejiang"]`, `"transfer_modes":[3]`,
	} {
		got := r.call("POST", "/v1/match", `{"text":{"kind":"demand","body":"锂离子电池正极材料"},"filter":{`+filter+`}}`)
		if got.code != http.StatusOK || strings.Count(got.text, `"number"`) != 1 || !strings.Contains(got.text, `"CN1"`) {
			t.Errorf("%s: %d %s", filter, got.code, got.text)
		}
	}
	if got := r.call("POST", "/v1/demands", `{"demand":{"id":"D1","title":"需要锂离子电池正极材料"}}`); got.code != http.StatusOK {
		t.Fatal(got.text)
	}
	for _, query := range []string{"filter.transfer_modes=open_licence", "filter.transfer_modes=" + url.QueryEscape("开放许可"), "filter.transferModes=3", "filter.regions=" + url.QueryEscape("浙江省")} {
		got := r.call("GET", "/v1/demands/D1/matches?"+query, "")
		if got.code != http.StatusOK || strings.Count(got.text, `"number"`) != 1 || !strings.Contains(got.text, `"CN1"`) {
			t.Errorf("%s: %d %s", query, got.code, got.text)
		}
	}
}

func TestAnUnknownWordNamesThePathOfItsField(t *testing.T) {
	r := start(t, nil)
	r.offered()
	for body, field := range map[string]string{
		`{"text":{"body":"电池"},"filter":{"transfer_modes":["open_licence","送"]}}`: "filter.transfer_modes[1]",
		`{"text":{"body":"电池","kind":"thing"}}`:                                   "text.kind",
		`{"text":{"body":"电池"},"filter":{"regions":["33","火星"]}}`:                 "filter.regions[1]",
		`{"text":{"body":"电池"},"filter":{"legal_statuses":["LEGAL_STATUS_X"]}}`:   "filter.legal_statuses[0]",
	} {
		got := r.call("POST", "/v1/match", body)
		if got.code != http.StatusBadRequest || !strings.Contains(got.text, fmt.Sprintf(`"field":"%s"`, field)) && !strings.Contains(got.text, fmt.Sprintf(`"field": "%s"`, field)) {
			t.Errorf("%s: %d %s", body, got.code, got.text)
		}
	}
	got := r.call("GET", "/v1/patents/CN1/matches?filter.demand_states=zu", "")
	if got.code != http.StatusBadRequest || !strings.Contains(got.text, `filter.demand_states: \"zu\" is not one of open, paused, closed`) {
		t.Errorf("%d %s", got.code, got.text)
	}
}

func TestRecordsOverHTTPTakeNamesOfRegionsAndIndustries(t *testing.T) {
	r := start(t, nil)
	for path, c := range map[string]struct{ body, want string }{
		"/v1/demands": {`{"demand":{"id":"D1","title":"需要电池","enterprise":{"name":"甲","region":"浙江","industry":"制造业"}}}`, `"region":"33","industry":"C"`},
		"/v1/patents": {`{"patent":{"number":"CN1","title":"电池","region":"Zhejiang"}}`, `"region":"33"`},
	} {
		got := r.call("POST", path, c.body)
		if got.code != http.StatusOK || !strings.Contains(strings.ReplaceAll(got.text, " ", ""), c.want) {
			t.Errorf("%s: %d %s", path, got.code, got.text)
		}
	}
	got := r.call("POST", "/v1/demands", `{"demand":{"id":"D2","title":"需要电池","enterprise":{"region":"火星"}}}`)
	if got.code != http.StatusBadRequest || !strings.Contains(got.text, "demand.enterprise.region") {
		t.Errorf("%d %s", got.code, got.text)
	}
}

func TestLabelsOverHTTPTakeLevelsInWords(t *testing.T) {
	r := start(t, nil)
	for i, word := range []string{`"较强"`, `"rather strong"`, `"LEVEL_RATHER_STRONG"`, `"3"`, `3`} {
		body := fmt.Sprintf(`{"labels":[{"demand_id":"D%d","patent_number":"CN1","rater":"甲","level":%s}]}`, i, word)
		if got := r.call("POST", "/v1/labels:batchWrite", body); got.code != http.StatusOK {
			t.Errorf("%s: %d %s", word, got.code, got.text)
		}
	}
	if got := r.call("GET", "/v1/labels", ""); strings.Count(got.text, "LEVEL_RATHER_STRONG") != 5 {
		t.Error(got.text)
	}
}
