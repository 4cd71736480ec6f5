package static

import (
	"encoding/json"
	"os"
	"path/filepath"
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

// BenchmarkEmbedAbstracts embeds the titles and abstracts of real patents by all
// processors; contest measures the same beside other programs.
func BenchmarkEmbedAbstracts(b *testing.B) {
	m, texts := builtinModel(b), abstracts(b)
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	b.ReportAllocs()
	b.SetBytes(int64(size))
	b.RunParallel(func(pb *testing.PB) {
		v := make([]float32, m.Dim())
		for pb.Next() {
			for _, text := range texts {
				m.EmbedInto(v, text)
			}
		}
	})
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "texts/s")
}

// abstracts are those of the patents in DUIJIE_DATA, each behind its title.
func abstracts(b *testing.B) []string {
	b.Helper()
	data := os.Getenv("DUIJIE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(data, "bdci2022", "patents.jsonl"))
	if err != nil {
		b.Skip("DUIJIE_DATA has no bdci2022/patents.jsonl")
	}
	defer file.Close()
	var out []string
	for lines := json.NewDecoder(file); lines.More(); {
		var patent struct{ Title, Abstract string }
		if err := lines.Decode(&patent); err != nil {
			b.Fatal(err)
		}
		out = append(out, patent.Title+" "+patent.Abstract)
	}
	return out
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
