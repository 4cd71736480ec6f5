package ingest

import (
	"reflect"
	"strings"
	"testing"
)

var objects = []string{
	`{}`, ` { } `, `{"a":1}`, `{"a":-0.5e+10,"b":[],"c":[1,"x",null,true,false],"d":{"e":{}}}`,
	`{"a":"\u00e9\n\"\\\/\ud83d\ude00"}`, `{"a":"\ud83d"}`, `{"a":"\udc00\ud800"}`, `{"a":1,"a":2}`,
	`{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":+1}`, `{"a":1e}`, `{"a":"x` + "\n" + `"}`, `{"a":"\x"}`, `{"a":"\u12"}`,
	`{"a":1,}`, `{"a" 1}`, `{a:1}`, `[1]`, `1`, ``, `{"a":1}x`, `{"a":tru}`, `{"a":nul`, "{\"a\":\"\xff\"}", "{\"a\":\"\x00\"}",
	`{"a":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`, `{"a":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`,
	`{"a":1}` + "\x00",
}

func checkParsers(t *testing.T, raw string) {
	t.Helper()
	got, ok := parseFast(raw)
	want, err := parseSlowly([]byte(raw))
	small := strings.Count(raw, ":") < maxFastMembers
	if ok && err != nil || !ok && err == nil && small {
		t.Fatalf("%q: fast %v, slow %v", raw, ok, err)
	}
	if ok && !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: fast %v, slow %v", raw, got, want)
	}
}

func TestTheFastParserAgreesWithTheSlowOne(t *testing.T) {
	for _, raw := range objects {
		checkParsers(t, raw)
	}
}

func FuzzParse(f *testing.F) {
	for _, raw := range objects {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) { checkParsers(t, raw) })
}

func TestAnObjectOfManyNamesIsStillRead(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"id":"1"`)
	for i := range 2 * maxFastMembers {
		b.WriteString(`,"k` + strings.Repeat("x", i) + `":1`)
	}
	o, err := parseObject([]byte(b.String() + "}"))
	if err != nil || len(o) != 2*maxFastMembers+1 {
		t.Errorf("%d members, error %v", len(o), err)
	}
}
