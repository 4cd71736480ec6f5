package distill

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/cache"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
)

const characterSet = "锂离子电池正极材料制备方法污水处理膜生物反应器图像识别算法机器人焊接工艺石墨烯导热疫苗水稻育种"

// smallInput has words of two characters, and texts of words.
func smallInput() Input {
	draw, set := rand.New(rand.NewPCG(7, 7)), []rune(characterSet)
	var in Input
	for n := range 300 {
		word := string([]rune{set[draw.IntN(len(set))], set[draw.IntN(len(set))]})
		in.Words = append(in.Words, Word{Text: word, Count: 1000 - n})
	}
	for _, r := range set {
		in.Words = append(in.Words, Word{Text: string(r), Count: 50})
	}
	for range 400 {
		var b strings.Builder
		for range 3 + draw.IntN(5) {
			b.WriteString(in.Words[draw.IntN(300)].Text)
		}
		in.Texts = append(in.Texts, Text{Title: b.String(), Body: "一种LED的" + b.String() + "，耐压≥60MPa。"})
	}
	return in
}

func smallOptions() Options {
	o := Default()
	o.Name, o.Size, o.Dims, o.Extra = "small", 4200, 16, 50
	return o
}

func made(t *testing.T, ctx context.Context, teacher embed.Embedder, o Options) ([]byte, error) {
	t.Helper()
	r, err := Make(ctx, teacher, smallInput(), o)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := static.Write(&file, r.Content); err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), nil
}

func TestTheSameInputGivesTheSameBytesOnOneThreadAndOnMany(t *testing.T) {
	one, err := made(t, context.Background(), &fakeTeacher{dim: 24}, smallOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, err := made(t, context.Background(), &fakeTeacher{dim: 24}, smallOptions())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, again) {
		t.Error("two runs gave different files")
	}
	o := smallOptions()
	o.Seed = 2
	other, err := made(t, context.Background(), &fakeTeacher{dim: 24}, o)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(one, other) {
		t.Error("another seed gave the same file")
	}
}

func TestAStoppedRunGoesOnFromItsCache(t *testing.T) {
	whole := &fakeTeacher{dim: 24}
	want, err := made(t, context.Background(), whole, smallOptions())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	first := &fakeTeacher{dim: 24, limit: 2000, stop: stop}
	if _, err := made(t, ctx, cached(t, first, dir), smallOptions()); !errors.Is(err, context.Canceled) {
		t.Fatalf("the stopped run's error is %v", err)
	}
	second := &fakeTeacher{dim: 24}
	got, err := made(t, context.Background(), cached(t, second, dir), smallOptions())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the run that went on gave another file")
	}
	if n := second.asked.Load(); n > whole.asked.Load()-1000 {
		t.Errorf("it asked the teacher again for %d of %d texts", n, whole.asked.Load())
	}
}

func cached(t *testing.T, teacher embed.Embedder, dir string) embed.Embedder {
	t.Helper()
	c, err := cache.New(teacher, cache.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestTheModelFindsWhatTheTeacherFinds(t *testing.T) {
	teacher := &fakeTeacher{dim: 24}
	file, err := made(t, context.Background(), teacher, smallOptions())
	if err != nil {
		t.Fatal(err)
	}
	m, err := static.Open(string(file))
	if err != nil {
		t.Fatal(err)
	}
	texts := smallInput().Texts
	right := 0
	for i := range 100 {
		// The half of a text is nearest to its whole, among ten others.
		runes := []rune(texts[i].Title)
		half := embedded(t, m, string(runes[:len(runes)/2+1]))
		best, near := -1, -2.0
		for j := range 10 {
			other := embedded(t, m, texts[(i+j*17)%len(texts)].Title)
			if c := dot(half, other); c > near {
				best, near = j, c
			}
		}
		if best == 0 {
			right++
		}
	}
	if right < 70 {
		t.Errorf("%d of 100 halves found their wholes", right)
	}
}

func embedded(t *testing.T, m *static.Model, text string) []float32 {
	v := make([]float32, m.Dim())
	if !m.EmbedInto(v, text) {
		t.Fatalf("%s has no entry", text)
	}
	return v
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestFirstDimensionsTellMost(t *testing.T) {
	o := smallOptions()
	o.Whiten = 0
	r, err := Make(context.Background(), &fakeTeacher{dim: 24}, smallInput(), o)
	if err != nil {
		t.Fatal(err)
	}
	words, err := static.NewVocabulary(r.Entries)
	if err != nil {
		t.Fatal(err)
	}
	x := sparse{columns: len(r.Entries), starts: []int{0}}
	for _, p := range parts(smallInput().Texts) {
		x.appendMean(words.Cut(nil, p), r.Weights, 1)
	}
	image := newDense(x.rows(), r.Dims)
	x.times(image, dense{r.Dims, r.Vectors})
	image.subtract(image.means(nil), nil)
	squares := productOfColumns(image, image)
	for k := 1; k < r.Dims; k++ {
		if squares.At(k, k) > squares.At(k-1, k-1)*1.05 {
			t.Errorf("dimension %d varies more than the one before: %g, %g", k, squares.At(k, k), squares.At(k-1, k-1))
		}
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Options, *Input){
		"no name":                   func(o *Options, _ *Input) { o.Name = "" },
		"dimensions not by 8":       func(o *Options, _ *Input) { o.Dims = 12 },
		"more than the teacher has": func(o *Options, _ *Input) { o.Dims = 32 },
		"a size below the pieces":   func(o *Options, _ *Input) { o.Size = 100 },
		"no words":                  func(_ *Options, in *Input) { in.Words = nil },
		"no texts":                  func(_ *Options, in *Input) { in.Texts = nil },
		"texts without an entry":    func(_ *Options, in *Input) { in.Texts = []Text{{Body: "！！！"}} },
		"a penalty of 0":            func(o *Options, _ *Input) { o.Ridge = 0 },
		"a SIF below 0":             func(o *Options, _ *Input) { o.SIF = -1 },
	} {
		o, in := smallOptions(), smallInput()
		spoil(&o, &in)
		if _, err := Make(context.Background(), &fakeTeacher{dim: 24}, in, o); match.KindOf(err) != match.Invalid {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestProgressOfEachStepEndsAtItsTotal(t *testing.T) {
	o, last := smallOptions(), map[string]string{}
	o.Progress = func(step string, done, total int) { last[step] = fmt.Sprintf("%v", done == total) }
	if _, err := Make(context.Background(), &fakeTeacher{dim: 24}, smallInput(), o); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"entries", "texts", "words"} {
		if last[step] != "true" {
			t.Errorf("step %s ended early", step)
		}
	}
}

func TestTheCardNamesWhatTheModelWasMadeFrom(t *testing.T) {
	r, err := Make(context.Background(), &fakeTeacher{dim: 24}, smallInput(), smallOptions())
	if err != nil {
		t.Fatal(err)
	}
	card := Card(r, smallOptions(), []Source{
		{What: "teacher", Name: "fake/teacher/1", Licence: "MIT"},
		{What: "texts", Name: "a|b.jsonl", Digest: strings.Repeat("ab", 32)},
	}, "## Measured\nnothing")
	for _, want := range []string{"# small,", "| teacher | fake/teacher/1 |  | MIT |", `a\|b.jsonl | abababababababab | not stated |`, "## Measured\nnothing"} {
		if !strings.Contains(card, want) {
			t.Errorf("the card lacks %q:\n%s", want, card)
		}
	}
}
