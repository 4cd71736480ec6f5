package static

import (
	"strings"
	"testing"
)

// abstract has 270 characters, as most abstracts of patents have.
var abstract = string([]rune(strings.Repeat("本发明公开了一种高能量密度锂离子电池正极材料及其制备方法，"+
	"将镍钴锰前驱体与锂源混合后在氧气气氛下于750℃烧结12h，再以纳米Al2O3包覆，"+
	"所得材料的振实密度高，在3.0~4.3V电压范围内1C循环500次后容量保持率大于92%，"+
	"适用于电动汽车的动力电池。污水经格栅进入膜生物反应器，控制器根据溶解氧传感器的信号调节曝气量。", 2))[:270])

func BenchmarkEmbed(b *testing.B) {
	m := builtinModel(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(abstract)))
	b.RunParallel(func(pb *testing.PB) {
		v := make([]float32, m.Dim())
		for pb.Next() {
			m.EmbedInto(v, abstract)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(builtin); err != nil {
			b.Fatal(err)
		}
	}
}

func TestEmbedIntoAllocatesNothing(t *testing.T) {
	m := builtinModel(t)
	v := make([]float32, m.Dim())
	m.EmbedInto(v, abstract)
	if n := testing.AllocsPerRun(200, func() { m.EmbedInto(v, abstract) }); n != 0 && !raceEnabled {
		t.Errorf("%v allocations for each text", n)
	}
}
