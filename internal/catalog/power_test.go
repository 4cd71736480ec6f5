package catalog_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/index/flat/flattest"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// turned embeds a text as a direction of its own.
type turned struct{}

func (turned) Identity() string { return "turned/1" }
func (turned) Dim() int         { return 2 }
func (turned) Embed(_ context.Context, _ embed.Role, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, s := range texts {
		h := fnv.New64a()
		h.Write([]byte(s))
		sin, cos := math.Sincos(float64(h.Sum64() % 100_000))
		out[i] = []float32{float32(cos), float32(sin)}
	}
	return out, nil
}

// onDisk opens a catalog whose vectors are on a disk that may fail.
func onDisk(t *testing.T, f *fixture, disk *flattest.Disk) (*catalog.Catalog, error) {
	t.Helper()
	f.vectors = map[match.Kind]index.Index{}
	f.words = map[match.Kind]lexical.Index{match.PatentKind: bigram.New(), match.DemandKind: bigram.New()}
	for kind := range f.words {
		ix, err := flat.OpenOn(disk, "d", index.Spec{Collection: string(kind) + "s", Model: "turned/1", Dim: 2, Vectors: retrieve.VectorNames()})
		if err != nil {
			return nil, err
		}
		f.vectors[kind] = ix
	}
	return catalog.Open(context.Background(), catalog.Config{Store: f.store, Embedder: turned{}, Vectors: f.vectors, Words: f.words})
}

// history writes, updates and withdraws while the disk may fail, and returns what
// is live in the end with its text. The store loses nothing.
func history(t *testing.T, c *catalog.Catalog, random *rand.Rand) map[string]string {
	t.Helper()
	live := map[string]string{}
	for step := range 8 {
		var items []store.Item
		for range 1 + random.IntN(12) {
			r := patent(random.IntN(30), fmt.Sprint("电池 ", step, random.IntN(1000)))
			if _, ok := live[r.ID]; ok && random.IntN(4) == 0 {
				r.Withdrawn = true
				delete(live, r.ID)
			} else {
				live[r.ID] = r.Patent.Title
			}
			items = append(items, store.Item{Record: r})
		}
		if _, err := c.Write(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		_ = c.Await(ctx) // it cannot where the disk is gone
		cancel()
		time.Sleep(time.Duration(random.IntN(3)) * time.Millisecond) // now and then it is idle, and secures
	}
	return live
}

func TestAfterPowerLossTheCatalogMakesAgainWhatTheVectorLogHasLost(t *testing.T) {
	for name, fault := range map[string]flattest.Fault{"power loss": flattest.Power, "full disk": flattest.Full, "failed sync": flattest.BadSync} {
		struck := 0
		for seed := range uint64(25) {
			f, random, disk := newFixture(t), rand.New(rand.NewPCG(seed, 2)), flattest.New(seed)
			disk.Plan(1+random.IntN(40), fault)
			live := map[string]string{}
			c, err := onDisk(t, f, disk)
			if err == nil {
				live = history(t, c, random)
				if c.Close() != nil {
					struck++
				}
			} else {
				struck++
			}
			if c, err = onDisk(t, f, disk.AfterPowerLoss()); err != nil {
				t.Fatalf("%s, seed %d: %v", name, seed, err)
			}
			if err := c.Await(context.Background()); err != nil {
				t.Fatalf("%s, seed %d: %v", name, seed, err)
			}
			f.wantTexts(t, fmt.Sprintf("%s, seed %d", name, seed), live)
			closed(t, c)
			if t.Failed() {
				return
			}
		}
		t.Logf("%s: %d of 25 catalogs were stopped by it", name, struck)
	}
}

// wantTexts checks that exactly the live records have vectors, those of their
// newest texts, and words.
func (f *fixture) wantTexts(t *testing.T, when string, live map[string]string) {
	t.Helper()
	vectors, words := f.counts(t)
	if vectors != len(live) || words != len(live) {
		t.Errorf("%s: %d vectors and %d words of %d live records", when, vectors, words, len(live))
	}
	for id, title := range live {
		points, err := f.vectors[match.PatentKind].Vectors(context.Background(), []string{match.DefaultTenant + "/" + id})
		want, _ := turned{}.Embed(context.Background(), embed.Document, []string{title})
		if err != nil || fmt.Sprint(points[0].Vectors[retrieve.TextVector]) != fmt.Sprint(quant.Round(want[0])) {
			t.Errorf("%s: %s has the vectors %v, %v; want that of %q", when, id, points[0].Vectors, err, title)
		}
	}
}
