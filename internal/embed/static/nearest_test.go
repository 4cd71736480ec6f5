package static

import (
	"math"
	"testing"

	"github.com/duijie/duijie/internal/rank"
)

func TestNearestIsTheLargestCosineOfTheWordsVectors(t *testing.T) {
	m := builtinModel(t)
	need, have := m.Words(nil, "锂电池隔膜的涂覆设备"), m.Words(nil, "一种动力电池用陶瓷涂层隔膜")
	out := make([]float32, len(need))
	m.Nearest(need, have, out)
	vector := func(w rank.Word) []float64 {
		v := make([]float64, m.Dim())
		m.Add(v, int(w.Entry))
		return v
	}
	for i, n := range need {
		best := -1.0
		for _, h := range have {
			a, b := vector(n), vector(h)
			var ab, aa, bb float64
			for d := range a {
				ab, aa, bb = ab+a[d]*b[d], aa+a[d]*a[d], bb+b[d]*b[d]
			}
			best = max(best, ab/math.Sqrt(aa*bb))
		}
		if math.Abs(best-float64(out[i])) > 1e-5 {
			t.Errorf("word %d: %v, want %v", i, out[i], best)
		}
	}
	m.Nearest(need, nil, out)
	for i, x := range out {
		if x != -1 {
			t.Errorf("word %d is %v near to nothing", i, x)
		}
	}
}

func TestWordsAreDistinctAndInTheOrderOfTheirEntries(t *testing.T) {
	m := builtinModel(t)
	words := m.Words([]rank.Word{{Entry: 7}}, "隔膜与隔膜，电池与电池 battery battery 3.5%")
	if words[0].Entry != 7 {
		t.Fatal("what was there is gone")
	}
	seen := map[int]bool{}
	for _, token := range m.Tokens("隔膜与隔膜，电池与电池 battery battery 3.5%") {
		seen[token.Entry] = true
	}
	words = words[1:]
	if len(words) != len(seen) {
		t.Errorf("%d words, want %d", len(words), len(seen))
	}
	for i, w := range words {
		if !seen[int(w.Entry)] || w.Weight <= 0 || w.Weight > 1 || i > 0 && w.Entry <= words[i-1].Entry {
			t.Errorf("word %d is %+v", i, w)
		}
	}
}

func TestPassagesAreAsNearAsTheirVectors(t *testing.T) {
	m := builtinModel(t)
	texts := []string{"提高电池的低温放电容量。", "面包的烘焙方法", "", "🔋"}
	other := []string{"一种低温性能好的锂离子电池", "烤箱"}
	a, b := m.Passages(texts), m.Passages(other)
	out := make([]float32, len(texts))
	m.NearestPassages(a, b, out)
	vector := func(s string) []float32 {
		v := make([]float32, m.Dim())
		m.EmbedInto(v, s)
		return v
	}
	for i, s := range texts {
		best := -1.0
		for _, o := range other {
			best = max(best, rank.Cosine(vector(s), vector(o)))
		}
		if math.Abs(best-float64(out[i])) > 0.01 { // a byte a dimension
			t.Errorf("%q: %v, want %v", s, out[i], best)
		}
	}
	m.NearestPassages(a, rank.Passages{}, out)
	if out[0] != -1 {
		t.Errorf("%v near to nothing", out[0])
	}
}

func BenchmarkNearest(b *testing.B) {
	m := builtinModel(b)
	need := m.Words(nil, "一种动力电池用陶瓷涂层隔膜及其制备方法")
	have := m.Words(nil, "冷库叉车用锂电池低温放不出电，要求-40℃放电容量不低于70%，循环寿命不少于2000次，充电时间不超过两小时，通过针刺、过充和短路试验，整包重量不超过350公斤，供应商须有量产经验。")
	out := make([]float32, len(need))
	for b.Loop() {
		m.Nearest(need, have, out)
	}
}
