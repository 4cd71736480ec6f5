package bigram_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
)

// Sentences are put together from these, so that the frequencies of bigrams have
// a long tail, as those of patents do.
var (
	openings = strings.Fields(`本发明公开了一种 本实用新型涉及一种 本申请提供一种 本发明属于材料领域，具体为一种 所述方法制备的
		为解决现有技术中的不足，提出一种 进一步地，采用 优选地，使用 实验结果表明，该 其特征在于，包括`)
	qualities = strings.Fields(`高强度 耐腐蚀 低成本 可回收 超疏水 高导热 轻量化 自修复 抗冲击 耐高温 柔性 智能 微型 绿色环保 阻燃 抗菌 高精度
		宽温区 低功耗 模块化 防爆 可降解 高比能 快充型 远程控制的 全自动 双工位 多通道 分布式 非接触式`)
	things = strings.Fields(`锂离子电池正极材料 石墨烯复合涂层 铜合金带材 永磁同步电机 污水处理装置 激光焊接设备 工业机器人夹爪 碳纤维预浸料
		半导体晶圆清洗机 光伏组件背板 氢燃料电池双极板 医用导管 水稻插秧机 混凝土外加剂 风力发电机叶片 陶瓷刀具 血糖检测试纸 无人机巡检系统
		变压器绝缘油 数控机床主轴 中药提取物 聚氨酯泡沫 汽车制动盘 冷链物流箱 钢渣微粉 隧道掘进机刀盘 智能电表 压力传感器 生物质锅炉 纺织印染助剂
		LiFePO4电芯 CBN砂轮 5G基站滤波器 PTFE密封圈 IGBT模块 OLED显示屏`)
	effects = strings.Fields(`能够显著提高使用寿命 解决了易开裂的问题 降低了能耗与排放 使生产效率提升百分之三十 满足了严苛工况下的要求
		便于安装和维护 抗冲击韧性不低于67% 具有良好的市场前景 减少了人工干预 避免了二次污染 提高了检测的准确性 循环稳定性优异`)
)

// texts300 makes texts of about 300 code points: sentences about two or three
// things, with names of parts that few texts share.
func texts300(seed uint64, n int) []string {
	rnd := rand.New(rand.NewPCG(seed, 300))
	of := func(list []string) string { return list[rnd.IntN(len(list))] }
	out := make([]string, n)
	for i := range out {
		about := []string{of(things), of(things), of(things)}
		var b strings.Builder
		for utf8.RuneCountInString(b.String()) < 290 {
			fmt.Fprintf(&b, "%s%s%s，包括%s，%s。", of(openings), of(qualities), of(about), part(rnd), of(effects))
		}
		out[i] = b.String()
	}
	return out
}

// part makes up a name of ideographs that are rarer the later they come.
func part(rnd *rand.Rand) string {
	name := make([]rune, 3+rnd.IntN(6))
	for i := range name {
		u := rnd.Float64()
		name[i] = 0x4E00 + rune(u*u*u*3000)
	}
	return string(name)
}

func benchmarkDocs(n int) []lexical.Doc {
	docs := make([]lexical.Doc, n)
	for i, text := range texts300(1, n) {
		docs[i] = lexical.Doc{Key: fmt.Sprintf("CN%09dA", i), Text: text, Payload: match.Payload{
			Tokens: map[string][]string{
				match.FieldTenant:      {"default"},
				match.FieldRegion:      {"44", fmt.Sprintf("44%02d", i%20)},
				match.FieldIPC:         {"H", "H01", "H01M", fmt.Sprintf("H01M %d", i%50)},
				match.FieldLegalStatus: {"granted"},
			},
			Numbers: map[string]int64{match.FieldFilingDate: 20200101 + int64(i%28)},
		}}
	}
	return docs
}

const benchmarkSize = 20_000

func BenchmarkUpsert(b *testing.B) {
	docs := benchmarkDocs(benchmarkSize)
	before := heap()
	var x *bigram.Index
	b.ResetTimer()
	for b.Loop() {
		x = bigram.New()
		if err := x.Upsert(context.Background(), docs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*benchmarkSize/b.Elapsed().Seconds(), "docs/s")
	b.ReportMetric(float64(heap()-before)/benchmarkSize, "B/doc")
	runtime.KeepAlive(x)
	runtime.KeepAlive(docs)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkSearch(b *testing.B) {
	ctx, x := context.Background(), bigram.New()
	if err := x.Upsert(ctx, benchmarkDocs(benchmarkSize)); err != nil {
		b.Fatal(err)
	}
	long := texts300(2, 64)
	short := []string{"石墨烯复合涂层", "IGBT模块散热", "抗冲击韧性不低于67%", "水稻插秧机"}
	narrow := []match.Condition{{Field: match.FieldRegion, AnyOf: []string{"4403"}}, {Field: match.FieldIPC, AnyOf: []string{"H01M 3"}}}
	wide := []match.Condition{{Field: match.FieldIPC, AnyOf: []string{"H"}}, {Field: match.FieldLegalStatus, NoneOf: []string{"expired"}}}
	for _, c := range []struct {
		name       string
		texts      []string
		conditions []match.Condition
	}{
		{"query=300", long, nil},
		{"query=300,filter=wide", long, wide},
		{"query=300,filter=narrow", long, narrow},
		{"query=short", short, nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				hits, err := x.Search(ctx, lexical.Query{Text: c.texts[i%len(c.texts)], Conditions: c.conditions, Limit: 100})
				if err != nil || len(hits) == 0 {
					b.Fatal(len(hits), err)
				}
			}
		})
	}
	b.Run("score=100", func(b *testing.B) {
		keys := make([]string, 100)
		for i := range keys {
			keys[i] = fmt.Sprintf("CN%09dA", i*197)
		}
		for i := 0; b.Loop(); i++ {
			if _, err := x.Score(ctx, long[i%len(long)], keys); err != nil {
				b.Fatal(err)
			}
		}
	})
}
