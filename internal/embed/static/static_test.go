package static

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/embedtest"
	"github.com/google/go-cmp/cmp"
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

var update = flag.Bool("update", false, "rewrite testdata/vectors.json for the built-in model")

// recorded is a text with its tokens as [entry, start, end], the places in characters,
// and its vector. When the reader, the cutting or the arithmetic changes, the vectors
// must not: records hold many of them.
type recorded struct {
	Text   string    `json:"text"`
	Tokens [][3]int  `json:"tokens"`
	Vector []float32 `json:"vector"`
}

const recordedFile = "testdata/vectors.json"

func TestVectorsAndTokensAreThoseRecorded(t *testing.T) {
	data, err := os.ReadFile(recordedFile)
	if err != nil {
		t.Fatal(err)
	}
	var cases []recorded
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 20 {
		t.Fatalf("only %d cases", len(cases))
	}
	now := make([]recorded, len(cases))
	for i, c := range cases {
		now[i] = recorded{c.Text, tokensOf(t, c.Text), vector(t, c.Text)}
		if diff := cmp.Diff(c, now[i]); diff != "" && !*update {
			t.Errorf("%.40q: %s", c.Text, diff)
		}
	}
	if *update {
		record(t, now)
	}
}

func tokensOf(t *testing.T, text string) [][3]int {
	t.Helper()
	out := [][3]int{}
	for _, token := range builtinModel(t).Tokens(text) {
		start, end := utf8.RuneCountInString(text[:token.Start]), utf8.RuneCountInString(text[:token.End])
		out = append(out, [3]int{token.Entry, start, end})
	}
	return out
}

func record(t *testing.T, cases []recorded) {
	t.Helper()
	var b strings.Builder
	for i, c := range cases {
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString([]string{"[\n", ",\n"}[min(i, 1)])
		b.Write(line)
	}
	b.WriteString("\n]\n")
	if err := os.WriteFile(recordedFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
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
	s := newScratch(m.Dim(), m.Size())
	for range 5*flushAfter + 7 {
		s.spans = append(s.spans, span{entry: largestStep(m)})
	}
	s.sum(m)
	row := m.row(largestStep(m))
	for i, got := range s.sums {
		if want := float64(len(s.spans) * topStep * int(int8(row[i]))); got != want {
			t.Fatalf("dimension %d: %v, want %v", i, got, want)
		}
	}
}

func largestStep(m *Model) int32 {
	return int32(slices.Index(m.steps, topStep))
}

func TestTheCardBesideTheModelIsTheOneInIt(t *testing.T) {
	m := builtinModel(t)
	card, err := os.ReadFile("model/" + m.Name() + ".md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.Card(), string(card)); diff != "" {
		t.Error(diff)
	}
}

func TestTheFirst128DimensionsWorkAlone(t *testing.T) {
	for _, c := range []struct{ text, related, unrelated string }{
		{"锂电池", "锂离子电池", "水稻育种"},
		{"污水处理", "废水净化", "图像识别"},
		{"光伏发电", "太阳能电站", "中药提取"},
		{"LED lighting", "发光二极管照明", "猪饲料"},
	} {
		v := vector(t, c.text)[:128]
		near, far := cosine(v, vector(t, c.related)[:128]), cosine(v, vector(t, c.unrelated)[:128])
		if near < far+0.2 {
			t.Errorf("%s: %.3f with %s, %.3f with %s", c.text, near, c.related, far, c.unrelated)
		}
	}
}

func TestAVectorIsTheSameBehindThatOfItsTitle(t *testing.T) {
	m := builtinModel(t)
	texts := []string{"锂电池", "锂电池\n锂电池正极材料", "LED", "LED\nlighting 5G", "5", "5\n6", "", "\n电", "电\n", "电\n\n池", "电\n池\xe7", "\xe7", "\xe7\n\x94", "锂电池\n锂电池"}
	texts = append(texts, abstract, abstract+"\n"+abstract)
	got, err := m.Embed(t.Context(), embed.Document, texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if !slices.Equal(got[i], vector(t, text)) {
			t.Errorf("%q has another vector behind %q", text, texts[max(i-1, 0)])
		}
	}
}

func TestAWordWithALineBreakIsFoundBehindItsBeginning(t *testing.T) {
	c := smallContent()
	c.Entries = []string{"a", "池", "电", "电\n池"}
	var file bytes.Buffer
	if err := Write(&file, c); err != nil {
		t.Fatal(err)
	}
	m, err := Open(file.String())
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Embed(t.Context(), embed.Document, []string{"电", "电\n池"})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float32, m.Dim())
	if m.EmbedInto(want, "电\n池"); !slices.Equal(got[1], want) {
		t.Errorf("%v behind its title, %v alone", got[1], want)
	}
}
