package registry

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
	"github.com/duijie/duijie/internal/tune"
)

// A world in which there is something to learn: patents for devices serve every demand,
// patents for methods none, and the zero-shot ranker cannot know.

var (
	sectors = []string{"battery", "water", "farm", "steel"}
	things  = map[string][]string{
		"battery": {"锂离子电池", "电池隔膜", "正极材料", "电解液", "电池热管理", "负极石墨"},
		"water":   {"污水处理", "膜过滤", "海水淡化", "污泥脱水", "氨氮去除", "循环水"},
		"farm":    {"水稻收割", "温室大棚", "果树修剪", "饲料加工", "水产养殖", "秸秆还田"},
		"steel":   {"高炉炼铁", "轧钢", "连铸", "钢渣处理", "表面除鳞", "冷轧带钢"},
	}
	wishes = []string{"提高效率", "降低成本", "减少能耗", "延长寿命", "提高精度", "减少污染", "缩短时间", "便于维护"}
)

const demandsOfSector, patentsOfDemand = 24, 8

// world puts demands and patents of all sectors into a store, and labels of experts.
func world(t testing.TB, s store.Store) []match.Label {
	t.Helper()
	var items []store.Item
	var labels []match.Label
	for _, sector := range sectors {
		for n := range demandsOfSector {
			thing, wish := things[sector][n%6], wishes[(n*5+n/6)%len(wishes)]
			id := fmt.Sprintf("D-%s-%02d", sector, n)
			items = append(items, store.Item{Record: match.NewDemand(match.DefaultTenant, match.Demand{
				ID: id, Title: fmt.Sprintf("%s%s（%d号）", thing, wish, n), Text: fmt.Sprintf("我公司的%s需要%s，编号%d，求合作。", thing, wish, n*7919%1000), Sector: sector,
			})})
			for p := range patentsOfDemand {
				number := fmt.Sprintf("CN-%s-%02d-%d", sector, n, p)
				kind, level := "装置及设备", match.StrongFit
				if p%2 == 1 {
					kind, level = "方法及工艺", match.NoFit
				}
				items = append(items, store.Item{Record: match.NewPatent(match.DefaultTenant, match.Patent{
					Number: number, Title: fmt.Sprintf("一种%s的%s", thing, kind), Sector: sector,
					Abstract: fmt.Sprintf("本发明公开了%s用%s，第%d型，可%s。", thing, kind, p/2, wishes[(n+p)%len(wishes)]),
				})})
				labels = append(labels, match.Label{Tenant: match.DefaultTenant, Demand: id, Patent: number, Level: level, Rater: "expert", Source: match.ExpertSource})
			}
		}
	}
	for from := 0; from < len(items); from += 500 {
		outcomes, err := s.Put(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: items[from:min(len(items), from+500)]})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range outcomes {
			if o.Err != nil {
				t.Fatal(o.Err)
			}
		}
	}
	if err := s.PutLabels(context.Background(), labels); err != nil {
		t.Fatal(err)
	}
	return labels
}

func builtin(t testing.TB) *static.Model {
	t.Helper()
	e, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func openStore(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func open(t testing.TB, s store.Store) *Registry {
	t.Helper()
	e := builtin(t)
	r, err := Open(context.Background(), Config{Store: s, Embedder: func() embed.Embedder { return e }, Builtin: func() rank.Ranker { return rank.NewFusion(e) }, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// goodFile is what is learned of the labels that prepared does not freeze. It is the same
// for every store with this world, and is made once.
var goodFile struct {
	once sync.Once
	file []byte
}

func good(t testing.TB, r *Registry) []byte {
	goodFile.once.Do(func() { goodFile.file = trained(t, r, "good", nil) })
	return goodFile.file
}

// small is a model that has learned of one sector's first demands, fast and little.
func small(t testing.TB, r *Registry, name string) []byte {
	return trained(t, r, name, func(l *match.Label) {
		if !strings.HasPrefix(l.Demand, "D-battery-0") {
			l.Level = 0
		}
	})
}

// trained learns from the labels that are not frozen, after change has had them. Those
// that it gives the level 0 are left out.
func trained(t testing.TB, r *Registry, name string, change func(*match.Label)) []byte {
	t.Helper()
	ctx := context.Background()
	frozen, err := r.Frozen(ctx, match.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	labels, err := expertLabels(ctx, r.config.Store, match.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	records, err := recordsOf(ctx, r.config.Store, match.DefaultTenant, labels)
	if err != nil {
		t.Fatal(err)
	}
	set := &tune.Set{}
	places := map[match.Ref]int32{}
	place := func(list *[]tune.Record, at match.Ref) int32 {
		i, ok := places[at]
		if !ok {
			texts := records[at].Texts()
			i = int32(len(*list))
			*list = append(*list, tune.Record{ID: at.ID, Title: texts.Title, Text: texts.Body})
			places[at] = i
		}
		return i
	}
	for _, l := range labels {
		if frozen[[2]string{l.Demand, l.Patent}] {
			continue
		}
		if change != nil {
			if change(&l); l.Level == 0 {
				continue
			}
		}
		set.Labels = append(set.Labels, tune.Label{
			Demand: place(&set.Demands, ref(match.DefaultTenant, match.DemandKind, l.Demand)),
			Patent: place(&set.Patents, ref(match.DefaultTenant, match.PatentKind, l.Patent)), Level: int8(l.Level),
		})
	}
	m, err := tune.Train(ctx, name, set, builtin(t), tune.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	file, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return file
}
