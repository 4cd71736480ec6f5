package server_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A name in an alert or on a dashboard that no server tells is silence, not an error.
func TestAlertsAndDashboardsNameMetricsThatThereAre(t *testing.T) {
	told := []string{"grpc_server_handled_total", "grpc_server_handling_seconds"}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"(duijie_[a-z_]+)"`)
	for _, path := range sources {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, found := range quoted.FindAllStringSubmatch(contentOf(t, path), -1) {
			told = append(told, found[1])
		}
	}
	name := regexp.MustCompile(`\b(?:duijie|grpc_server)_[a-z_]+`)
	for _, file := range []string{"prometheus/alerts.yml", "prometheus/alerts_test.yml", "grafana/duijie.json"} {
		asked := name.FindAllString(contentOf(t, filepath.Join("../../deploy", file)), -1)
		if len(asked) < 10 {
			t.Errorf("%s names %d metrics", file, len(asked))
		}
		for _, metric := range asked {
			base := metric
			for _, suffix := range []string{"_bucket", "_count", "_sum"} {
				base = strings.TrimSuffix(base, suffix)
			}
			if !slices.Contains(told, metric) && !slices.Contains(told, base) {
				t.Errorf("%s names %s, which the server does not tell", file, metric)
			}
		}
	}
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
