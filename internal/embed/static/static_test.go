package static

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/embedtest"
)

func builtinModel(t testing.TB) *Model {
	t.Helper()
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func vector(t testing.TB, text string) []float32 {
	t.Helper()
	m := builtinModel(t)
	v := make([]float32, m.Dim())
	m.EmbedInto(v, text)
	return v
}

func cosine(a, b []float32) float64 {
	ab, aa, bb := 0.0, 0.0, 0.0
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	if aa == 0 && bb == 0 {
		return 1
	}
	return ab / math.Sqrt(aa*bb)
}

func TestModelPassesTheSuite(t *testing.T) {
	embedtest.Run(t, func(t *testing.T) embed.Embedder { return builtinModel(t) })
}

// The cases were written by evaluation/distill/distill.py.
func TestVectorsAndTokensAreThoseOfTheScript(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text   string
		Tokens [][3]any
		Vector []float32
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 20 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		got := vector(t, c.Text)
		if similar := cosine(got, c.Vector); similar < 0.99999 {
			t.Errorf("%.40q: cosine %v with the recorded vector", c.Text, similar)
		}
		compareTokens(t, c.Text, c.Tokens)
	}
}

// compareTokens compares with tokens recorded as [entry, start, end], the places
// in characters.
func compareTokens(t *testing.T, text string, want [][3]any) {
	t.Helper()
	tokens := builtinModel(t).Tokens(text)
	if len(tokens) != len(want) {
		t.Errorf("%.40q: %d tokens, want %d", text, len(tokens), len(want))
		return
	}
	for i, token := range tokens {
		start, end := len([]rune(text[:token.Start])), len([]rune(text[:token.End]))
		if float64(start) != want[i][1] || float64(end) != want[i][2] {
			t.Errorf("%.40q: token %d is [%d,%d), want %v", text, i, start, end, want[i])
		}
	}
}

func TestRelatedTextsAreCloserThanUnrelatedOnes(t *testing.T) {
	cases := []struct{ text, related, unrelated string }{
		{"锂电池", "锂离子电池", "水稻育种"},
		{"污水处理", "废水净化", "图像识别"},
		{"焊接机器人", "自动焊接设备", "疫苗制备"},
		{"石墨烯导热膜", "石墨散热材料", "物流调度系统"},
		{"lithium battery recycling", "废旧锂电池回收", "小麦种植"},
		{"LED lighting", "发光二极管照明", "猪饲料"},
		{"光伏发电", "太阳能电站", "中药提取"},
		{"抗冲击韧性≥67%", "冲击韧性", "数据加密"},
	}
	for _, c := range cases {
		v := vector(t, c.text)
		near, far := cosine(v, vector(t, c.related)), cosine(v, vector(t, c.unrelated))
		if near < far+0.2 {
			t.Errorf("%s: %.3f with %s, %.3f with %s", c.text, near, c.related, far, c.unrelated)
		}
	}
}

func TestWidthAndCaseMakeNoDifference(t *testing.T) {
	for a, b := range map[string]string{
		"ＬＥＤ照明１２３":     "led照明123",
		"TiO₂":         "tio2",
		"µm级":          "μM级",
		"能量密度，高":       "能量密度,高",
		"Battery CELL": "battery cell",
	} {
		if !slices.Equal(vector(t, a), vector(t, b)) {
			t.Errorf("%q and %q have different vectors", a, b)
		}
	}
}

func TestTokensAddUpToTheVector(t *testing.T) {
	m := builtinModel(t)
	text := "PCD刀片的横向断裂强度≥70%，用于 lithium-ion 电池µm级"
	sum := make([]float64, m.Dim())
	query, product := vector(t, "聚晶金刚石刀片"), 0.0
	for _, token := range m.Tokens(text) {
		m.Add(sum, token.Entry)
		product += m.Similarity(query, token.Entry)
	}
	length := 0.0
	for _, x := range sum {
		length += x * x
	}
	length = math.Sqrt(length)
	want, dot := vector(t, text), 0.0
	for i, x := range sum {
		if math.Abs(x/length-float64(want[i])) > 1e-6 {
			t.Fatalf("dimension %d: tokens give %v, the vector has %v", i, x/length, want[i])
		}
		dot += float64(want[i]) * float64(query[i])
	}
	if math.Abs(product/length-dot) > 1e-6 {
		t.Errorf("the tokens' similarities add up to %v, want %v", product/length, dot)
	}
}

func TestTokensNameTheirPlaces(t *testing.T) {
	text := "µm级  锂离子，电池 batteries"
	var got []string
	for _, token := range builtinModel(t).Tokens(text) {
		got = append(got, text[token.Start:token.End])
		if token.Weight <= 0 || token.Weight > 1 {
			t.Errorf("%s has weight %v", text[token.Start:token.End], token.Weight)
		}
	}
	if want := []string{"µm", "级", "锂离子", "电池", "batteries"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLongTextsAreSummedWithoutOverflow(t *testing.T) {
	m := builtinModel(t)
	s := newScratch(m.Dim())
	for range 5*flushAfter + 7 {
		s.spans = append(s.spans, span{entry: largestStep(m)})
	}
	s.sum(m)
	row := m.row(largestStep(m))
	for i, got := range s.sums {
		if want := int64(len(s.spans)) * topStep * int64(int8(row[i])); got != want {
			t.Fatalf("dimension %d: %d, want %d", i, got, want)
		}
	}
}

func largestStep(m *Model) int32 {
	return int32(slices.Index(m.steps, topStep))
}
