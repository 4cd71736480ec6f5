package quantity

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "抗冲击韧性≥67%", "（12~36)V", "±±±5%", "1×10^-6 Pa·m³/s", "一千零一夜", "5mm<d<10mm", "\xff\xfe5%", "😀3😀%", "1200×800×600mm",
		"每秒每秒1mm", "百分之百分之三", "9999999999999999999999%", "1e308万亿亿", "三分之零", "1:0", "-−﹣5℃", "5kg/(m·", "..5", "第第三3",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		runes := []rune(s)
		last := 0
		for _, q := range Parse(s) {
			if q.Start < last || q.End <= q.Start || q.End > len(runes) {
				t.Fatalf("%q: span %v after %d of %d", s, q.Span, last, len(runes))
			}
			last = q.End
			for _, v := range []float64{q.Low, q.High, q.Tolerance} {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%q: value %v", s, v)
				}
			}
			if q.Low > q.High || q.Tolerance < 0 || !q.Unit.isSet() || q.Unit.Symbol == "" || q.Comparison == "" || q.Role == "" {
				t.Fatalf("%q: %+v", s, q)
			}
			if p := q.PropertySpan; utf8.ValidString(s) && p.Start < p.End && string(flattened(string(runes[p.Start:p.End]))) != q.Property {
				t.Fatalf("%q: property %q is not at %v", s, q.Property, p)
			}
		}
	})
}

// TestTimeGrowsWithTheLengthAlone would not end in the time of a test run were it
// otherwise.
func TestLongTextsAreRead(t *testing.T) {
	for _, part := range []string{"5", "五", "5-", "±", "1×", "(", "每", "mm", "≥", "5%、", "十万", "1,000,", "降低", "比1:", "现有", "。", "约约", " ", "A1-", "😀"} {
		s := strings.Repeat(part, 100_000)
		for _, q := range Parse(s) {
			if q.End > 100_000*len([]rune(part)) {
				t.Fatalf("%q: %v", part, q.Span)
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	s := strings.Repeat("100/120粒度的抗冲击韧性≥67%，堆积密度≥1.80克/立方厘米，产品粒度峰值分布较好，转变在73%以上。现有标准化厂房3栋，2018年度实现销售收入2002万元。\n", 20)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Parse(s)
	}
}
