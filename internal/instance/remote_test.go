package instance

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/match"
)

func TestTheURLOfAnIndexSaysNodesAndSettings(t *testing.T) {
	yes := true
	for raw, want := range map[string]servedIndex{
		"qdrant://localhost":        {Config: qdrant.Config{Addrs: []string{"localhost:6334"}}},
		"qdrant://h1:1,h2,h3:3":     {Config: qdrant.Config{Addrs: []string{"h1:1", "h2:6334", "h3:3"}}},
		"qdrant://[::1]:5?prefix=x": {Config: qdrant.Config{Addrs: []string{"[::1]:5"}, Prefix: "x"}},
		"qdrant://h?tls=true&ca=/etc/ca.pem&timeout=30s&ef=2048&words=local": {
			Config: qdrant.Config{Addrs: []string{"h:6334"}, TLS: true, CAFile: "/etc/ca.pem", Timeout: 30 * time.Second, Ef: 2048}, words: "local"},
		"qdrant://h?shards=4&replicas=3&write_consistency=2&quantize=none&on_disk=true": {
			Config: qdrant.Config{Addrs: []string{"h:6334"}, Settings: qdrant.Settings{Shards: 4, Replicas: 3, WriteConsistency: 2, Quantize: "none", OnDisk: &yes}}},
	} {
		got, err := parseRemote(raw)
		if d := cmp.Diff(want, got, cmp.AllowUnexported(servedIndex{}), cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", raw, err, d)
		}
	}
	for raw, part := range map[string]string{
		"":                         "form",
		"http://h":                 "form",
		"qdrant://":                "form",
		"qdrant://h/path":          "form",
		"qdrant://user@h":          "form",
		"qdrant://h,,i":            "host:port",
		"qdrant://h:port":          "host:port",
		"qdrant://h,h":             "twice",
		"qdrant://h?color=red":     "not known",
		"qdrant://h?tls=yes":       "true or false",
		"qdrant://h?ef=0":          "from 1 on",
		"qdrant://h?ef=100000":     "65536",
		"qdrant://h?shards=0":      "from 1 on",
		"qdrant://h?shards=many":   "from 1 on",
		"qdrant://h?shards=2000":   "shards",
		"qdrant://h?quantize=int4": "quantize",
		"qdrant://h?words=nowhere": "local or qdrant",
		"qdrant://h?timeout=soon":  "timeout",
		"qdrant://h?ca=x.pem":      "TLS",
		"qdrant://h?prefix=a/b":    "prefix",
		"qdrant://h?replicas=1&write_consistency=2": "write_consistency",
	} {
		if _, err := parseRemote(raw); match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v; want an error that says %q", raw, err, part)
		}
	}
}

func TestAValueThatCannotBeInTheURLIsToldInChinese(t *testing.T) {
	_, err := parseRemote("qdrant://h?ef=100000")
	if said := match.Localised(err); !strings.HasSuffix(said.ZH, "ef：100000 不在 1 到 65536 之间") || !strings.HasSuffix(said.EN, "ef: 100000 is not in 1 to 65536") {
		t.Errorf("%+v", said)
	}
}

func TestWordsAreWhereRecordsAreUnlessTheURLSaysOtherwise(t *testing.T) {
	const postgres = "postgres://host/duijie"
	for _, tt := range []struct {
		index, store string
		want         bool
	}{
		{"", "", false}, {"", postgres, false},
		{"qdrant://h", "", false}, {"qdrant://h", postgres, true},
		{"qdrant://h?words=qdrant", "", true}, {"qdrant://h?words=local", postgres, false},
	} {
		if got, err := (Config{Index: tt.index, Store: tt.store}).WordsServed(); got != tt.want || err != nil {
			t.Errorf("index %q, store %q: %v, %v", tt.index, tt.store, got, err)
		}
	}
}
