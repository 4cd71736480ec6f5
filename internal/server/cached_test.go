package server

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/cache"
)

func TestMetricsTellHowFarTheNextModelIs(t *testing.T) {
	done, total := int64(0), int64(0)
	r := start(t, func(c *Config) { c.Building = func() (int64, int64) { return done, total } })
	if text := r.scrape("/metrics"); strings.Contains(text, "duijie_reembed_writes") {
		t.Error("there is a progress of nothing")
	}
	done, total = 30, 400
	text := r.scrape("/metrics")
	for _, want := range []string{`duijie_reembed_writes{state="done"} 30`, `duijie_reembed_writes{state="total"} 400`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestMetricsTellOfTheCacheBeforeTheEmbedder(t *testing.T) {
	model, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	cached, err := cache.New(model, cache.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer cached.Close()
	r := start(t, func(c *Config) { c.Cache = cached })
	for range 2 {
		if _, err := cached.Embed(t.Context(), embed.Query, []string{"电池", "电池"}); err != nil {
			t.Fatal(err)
		}
	}
	text := r.scrape("/metrics")
	for _, want := range []string{
		`duijie_embed_cache_texts_total{result="miss"} 1`,
		`duijie_embed_cache_texts_total{result="shared"} 1`,
		`duijie_embed_cache_texts_total{result="memory"} 2`,
		`duijie_embed_cache_texts_total{result="disk"} 0`,
		`duijie_embed_cache_faults_total{fault="corrupt"} 0`,
		`duijie_embed_cache_entries 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}
