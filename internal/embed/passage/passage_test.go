package passage

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/embedtest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/text"
)

// short is an embedder of counted characters that refuses texts of more than limit
// code points, and those that contain "bad".
type short struct{ limit int }

func (s short) Identity() string { return "short/1" }
func (s short) Dim() int         { return 16 }
func (s short) Limit() int       { return s.limit }

func (s short) Embed(ctx context.Context, _ embed.Role, texts []string) ([][]float32, error) {
	out, errs := make([][]float32, len(texts)), map[int]error{}
	for i, t := range texts {
		if utf8.RuneCountInString(t) > s.limit || strings.Contains(t, "bad") {
			errs[i] = match.Invalidf("text", "is refused")
			continue
		}
		out[i] = counted(t)
	}
	if len(errs) > 0 {
		return out, &embed.PartialError{Errs: errs}
	}
	return out, ctx.Err()
}

// counted gives each code point a direction, and adds those up.
func counted(s string) []float32 {
	sum, length := make([]float64, 16), 0.0
	for _, r := range strings.Join(strings.Fields(s), "") {
		for d := range sum {
			sum[d] += math.Sin(float64(int(r)*(d+3)) * 0.7)
		}
	}
	for _, x := range sum {
		length += x * x
	}
	out := make([]float32, 16)
	if length > 0 {
		for d := range out {
			out[d] = float32(sum[d] / math.Sqrt(length))
		}
	}
	return out
}

func cosine(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestConformance(t *testing.T) {
	embedtest.Run(t, func(*testing.T) embed.Embedder { return Over(short{limit: 8}) })
}

func TestPassagesEndWhereSentencesEnd(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		limit int
		want  []string
	}{
		{"what fits stays whole", "甲乙。丙丁。", 6, []string{"甲乙。丙丁。"}},
		{"cut after a sentence", "甲乙。丙丁。戊己。", 7, []string{"甲乙。丙丁。", "戊己。"}},
		{"white space between passages goes", "甲乙。\n\n  丙丁。", 5, []string{"甲乙。", "丙丁。"}},
		{"a long sentence is cut inside", "甲乙丙丁戊己庚。辛。", 3, []string{"甲乙丙", "丁戊己", "庚。", "辛。"}},
		{"a limit of one", "甲乙", 1, []string{"甲", "乙"}},
		{"nothing to read", " …… ——\n", 3, nil},
		{"empty", "", 3, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, r := range Split(test.text, test.limit) {
				got = append(got, text.Slice(test.text, r))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPassagesCoverAllThatSentencesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("电池材料ab1 。；\n，.!—")), 0, 700, -1).Draw(t, "text")
		limit := rapid.IntRange(1, 400).Draw(t, "limit")
		parts := Split(s, limit)
		at := 0
		for _, p := range parts {
			if p.Start < at || p.End <= p.Start || p.End-p.Start > limit {
				t.Fatalf("passage %v after %d with limit %d", p, at, limit)
			}
			at = p.End
		}
		for _, sentence := range text.Sentences(s) {
			for i := sentence.Start; i < sentence.End; i++ {
				if !covered(parts, i) {
					t.Fatalf("code point %d of sentence %v is in no passage", i, sentence)
				}
			}
		}
	})
}

func covered(parts []text.Range, at int) bool {
	for _, p := range parts {
		if p.Start <= at && at < p.End {
			return true
		}
	}
	return false
}

func TestATextWithinTheLimitHasTheVectorOfTheEmbedderBelow(t *testing.T) {
	e := Over(short{limit: 10})
	out, err := e.Embed(t.Context(), embed.Document, []string{"高能量密度电池材料十", "", "超过限制的文本。要分成几段。"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(counted("高能量密度电池材料十"), out[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(make([]float32, 16), out[1]); diff != "" {
		t.Errorf("the empty text (-want +got):\n%s", diff)
	}
}

func TestALongTextHasTheWeightedMeanOfItsPassages(t *testing.T) {
	out, err := Over(short{limit: 8}).Embed(t.Context(), embed.Document, []string{"甲乙丙丁戊己。辛壬。"})
	if err != nil {
		t.Fatal(err)
	}
	a, b := counted("甲乙丙丁戊己。"), counted("辛壬。")
	sum, length := make([]float64, 16), 0.0
	for d := range sum {
		sum[d] = 7*float64(a[d]) + 3*float64(b[d])
		length += sum[d] * sum[d]
	}
	for d := range sum {
		if math.Abs(sum[d]/math.Sqrt(length)-float64(out[0][d])) > 1e-6 {
			t.Fatalf("dimension %d: %v, want %v", d, out[0][d], sum[d]/math.Sqrt(length))
		}
	}
}

func TestALongTextWithoutSentencesIsCutOff(t *testing.T) {
	out, err := Over(short{limit: 5}).Embed(t.Context(), embed.Document, []string{strings.Repeat("—", 50)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(counted("—————"), out[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFailedPassageFailsItsTextAlone(t *testing.T) {
	out, err := Over(short{limit: 8}).Embed(t.Context(), embed.Document,
		[]string{"好的。", "第一段文字。第二段 bad。第三段 bad。", "另一段好的文字。再一段。"})
	var partial *embed.PartialError
	if !errors.As(err, &partial) || len(partial.Errs) != 1 {
		t.Fatalf("error %v, want one failed text", err)
	}
	if got := partial.Errs[1].Error(); !strings.HasPrefix(got, "passage 2 of 3: ") || match.KindOf(partial.Errs[1]) != match.Invalid {
		t.Errorf("the reason is %q", got)
	}
	if out[0] == nil || out[1] != nil || out[2] == nil {
		t.Errorf("vectors %v", out)
	}
}

func TestAnEmbedderWithoutALimitIsLeftAlone(t *testing.T) {
	if got := Over(short{}); got != embed.Embedder(short{}) {
		t.Errorf("%T stands before it", got)
	}
}

func TestTheIdentityTellsTheLimit(t *testing.T) {
	if got, want := Over(short{limit: 8}).Identity(), "short/1/passages-8"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestPoolingIsNearToReadingTheWhole compares passages of the built-in model with
// its vector of the whole text, which it can read.
func TestPoolingIsNearToReadingTheWhole(t *testing.T) {
	whole := long(t)
	for _, limit := range []int{500, 2000, 6000} {
		pooled := limitedStatic(t, limit)
		a, err := pooled.Embed(t.Context(), embed.Document, []string{whole})
		if err != nil {
			t.Fatal(err)
		}
		b, err := builtin(t).Embed(t.Context(), embed.Document, []string{whole})
		if err != nil {
			t.Fatal(err)
		}
		if c := cosine(a[0], b[0]); c < 0.99 {
			t.Errorf("passages of %d: cosine %.4f with the whole text's vector, want 0.99", limit, c)
		} else {
			t.Logf("passages of %d: cosine %.4f", limit, c)
		}
	}
}

// long is a text of 50,000 code points: abstracts of the sample, one after the other.
func long(t *testing.T) string {
	t.Helper()
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range s.Patents {
		b.WriteString(p.Abstract + "\n")
	}
	return string([]rune(b.String())[:50_000])
}
