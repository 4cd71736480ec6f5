package server

import (
	"encoding/json"
	"net/http"
	"testing"
)

// echo is a console that tells which path it was asked for.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	json.NewEncoder(w).Encode(map[string]string{"console": r.URL.Path})
})

const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestBrowsersAreLedToTheConsoleAndProgramsAreNot(t *testing.T) {
	r := start(t, func(c *Config) { c.Console = echo })
	r.fill()
	for path, want := range map[string]string{"/": "/console/", "/console": "/console", "/console/": "/console/", "/console/app.js": "/console/app.js"} {
		got := r.call("GET", path, "", "Accept", browserAccept)
		if got.code != 200 || got.body["console"] != want || got.header.Get("X-Request-Id") == "" {
			t.Errorf("a browser at %s: %d %s", path, got.code, got.text)
		}
	}
	for name, headers := range map[string][]string{"none": nil, "anything": {"Accept", "*/*"}, "JSON": {"Accept", "application/json"}} {
		got := r.call("GET", "/", "", headers...)
		if got.code != 200 || got.body["openapi"] != "/openapi.json" || got.header.Get("Vary") != "Accept" {
			t.Errorf("a program that accepts %s at /: %d %s", name, got.code, got.text)
		}
	}
	for _, c := range []struct {
		method, path, body string
		code               int
		field              string
	}{
		{"GET", "/v1/demands/D1", "", 200, "demand"}, {"POST", "/v1/match", `{"demand_id": "D1"}`, 200, "hits"},
		{"GET", "/openapi.json", "", 200, "paths"}, {"GET", "/consoles", "", 404, "message"}, {"GET", "/v1/console", "", 404, "message"}, {"POST", "/", "{}", 405, "message"},
	} {
		got := r.call(c.method, c.path, c.body, "Accept", browserAccept)
		if got.code != c.code || got.body[c.field] == nil || got.header.Get("Content-Security-Policy") != "" {
			t.Errorf("%s %s: %d %s", c.method, c.path, got.code, got.text)
		}
	}
}

func TestWithoutAConsoleABrowserGetsTheIndex(t *testing.T) {
	r := start(t, nil)
	if got := r.call("GET", "/", "", "Accept", browserAccept); got.code != 200 || got.body["openapi"] != "/openapi.json" {
		t.Errorf("%d %s", got.code, got.text)
	}
	for _, path := range []string{"/console", "/console/"} {
		if got := r.call("GET", path, "", "Accept", browserAccept); got.code != 404 || got.body["code"] != 5.0 {
			t.Errorf("%s: %d %s", path, got.code, got.text)
		}
	}
}
