package distill

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
)

// Input is what a model is made from.
type Input struct {
	Words  []Word
	Texts  []Text
	Pieces []string // always entries: characters and Latin pieces; may be empty
}

// Options say how a model is made. Default gives those of the built-in model.
type Options struct {
	Name string
	Size int // entries at most
	Dims int // a multiple of 8, at most the teacher's

	SIF      float64 // a of the weights a/(a+p)
	Map      float64 // penalty of the linear map of all entries
	Ridge    float64 // penalty of each entry's own change
	Whiten   float64 // 0 leaves the axes as they are, 1 makes their variances equal
	Extra    int     // words of the list that are no entries, to learn from as texts
	ExtraBy  float64 // the weight of one; a text has 1
	Seed     uint64  // of drawing these words
	Progress func(step string, done, total int)
}

// Default are the options of the built-in model.
func Default() Options {
	return Options{Name: "model", Size: 33000, Dims: 256, SIF: 1e-4, Map: 10, Ridge: 0.1, Whiten: 0.45, Extra: 40000, ExtraBy: 0.3, Seed: 1}
}

func (o Options) validate(in Input, teacher embed.Embedder) error {
	switch {
	case o.Name == "":
		return match.Invalidf("name", "is empty")
	case o.Dims <= 0 || o.Dims%8 != 0 || o.Dims > teacher.Dim():
		return match.Invalidf("dims", fmt.Sprintf("%d is not a multiple of 8 up to the teacher's %d", o.Dims, teacher.Dim()))
	case o.Size <= 0 || o.Extra < 0 || o.ExtraBy < 0:
		return match.Invalidf("size", "must be above 0, and extra words not below")
	case !(o.SIF > 0) || !(o.Map > 0) || !(o.Ridge > 0) || !(o.Whiten >= 0):
		return match.Invalidf("sif", "and the penalties must be above 0, whiten not below")
	case len(in.Words) == 0:
		return match.Invalidf("words", "are none")
	case len(in.Texts) == 0:
		return match.Invalidf("texts", "are none")
	}
	return nil
}

// Result is a model, not yet written, and what it was learned from.
type Result struct {
	static.Content
	Texts, Extra int     // distinct texts learned from: of the input, and words
	Fit          float64 // share of the goals' variance that the model explains, of the texts of the input
}

// Make makes a model. It asks the teacher for about Options.Size + Extra short texts
// and the texts of the input with their parts. Errors are of kind Invalid, or the
// teacher's.
func Make(ctx context.Context, teacher embed.Embedder, in Input, o Options) (*Result, error) {
	if err := o.validate(in, teacher); err != nil {
		return nil, match.About("distillation", err)
	}
	if len(in.Pieces) == 0 {
		in.Pieces = characters(in.Words)
	}
	m := &maker{options: o, input: in, asker: asker{ctx, teacher, o.Progress}}
	if err := m.vocabulary(); err != nil {
		return nil, match.About("distillation", err)
	}
	if err := m.start(); err != nil {
		return nil, match.About("distillation", err)
	}
	if err := m.learn(); err != nil {
		return nil, match.About("distillation", err)
	}
	return m.result(), nil
}

// maker is a model that is being made.
type maker struct {
	options Options
	input   Input
	asker   asker

	entries []string
	words   *static.Vocabulary
	weights []float32
	goals   goals
	vectors dense
	fit     float64
}

func (m *maker) vocabulary() error {
	texts := wholes(m.input.Texts)
	m.entries = choose(m.options.Size, m.input, texts)
	if len(m.entries) > m.options.Size {
		return match.Invalidf("size", fmt.Sprintf("%d is too small: pieces, glossary and digits alone are %d", m.options.Size, len(m.entries)))
	}
	var err error
	if m.words, err = static.NewVocabulary(m.entries); err != nil {
		return err
	}
	m.weights = weights(m.entries, m.input, m.cut(texts), m.options.SIF)
	return nil
}

func (m *maker) cut(texts []string) [][]int32 {
	out := make([][]int32, len(texts))
	inParallel(len(texts), func(i int) { out[i] = m.words.Cut(nil, texts[i]) })
	return out
}

// start asks for the vectors of the entries and centres them. Latin words that the
// glossary does not give in Chinese lie together in the space of a Chinese teacher,
// whatever they mean; taking their own mean from them leaves the meaning.
func (m *maker) start() error {
	terms := glossary()
	vectors, err := m.entryVectors(terms)
	if err != nil {
		return err
	}
	foreign := func(i int) bool { return isLatinPiece(m.entries[i]) && terms[m.entries[i]] == nil }
	all, own := vectors.means(nil), vectors.means(foreign)
	vectors.subtract(all, nil)
	axes, _, err := axesOf(vectors, m.options.Dims)
	if err != nil {
		return err
	}
	for k := range own {
		own[k] -= all[k]
	}
	vectors.subtract(own, foreign)
	m.vectors = vectors.times(axes)
	m.goals.axes = axes
	return nil
}

// entryVectors are the teacher's vectors of the entries; of a term of the glossary,
// the mean of those of its Chinese words, scaled to length 1.
func (m *maker) entryVectors(terms map[string][]string) (dense, error) {
	var asked distinct
	texts := make([][]string, len(m.entries))
	for i, e := range m.entries {
		if texts[i] = terms[e]; texts[i] == nil {
			texts[i] = []string{e}
		}
		for _, t := range texts[i] {
			asked.addAny(t)
		}
	}
	vectors, err := m.asker.ask("entries", asked.texts)
	if err != nil {
		return dense{}, err
	}
	places := make(map[string]int, len(asked.texts))
	for i, t := range asked.texts {
		places[t] = i
	}
	out := newDense(len(m.entries), vectors.columns)
	for i := range m.entries {
		row := out.row(i)
		for _, t := range texts[i] {
			blas.Saxpy(len(row), 1, vectors.row(places[t]), 1, row, 1)
		}
		if length := float64(blas.Snrm2(len(row), row, 1)); length > 0 {
			blas.Sscal(len(row), float32(1/length), row, 1)
		}
	}
	return out, nil
}

// learn moves the vectors towards the goals, and then settles their axes.
func (m *maker) learn() error {
	learned := parts(m.input.Texts)
	if err := m.add("texts", learned, 1); err != nil {
		return err
	}
	if m.goals.shares.rows() == 0 {
		return match.Invalidf("texts", "have no entry")
	}
	m.goals.ofTexts = m.goals.shares.rows()
	if err := m.add("words", m.extra(), m.options.ExtraBy); err != nil {
		return err
	}
	x, goals := &m.goals.shares, m.goals.vectors
	image := newDense(x.rows(), m.options.Dims)
	x.times(image, m.vectors)
	a, err := linearMap(image, goals, m.options.Map)
	if err != nil {
		return err
	}
	m.vectors = ridge(x, m.vectors.times(a), goals, float32(m.options.Ridge), func(done, total int) { m.asker.tell("learning", done, total) })
	x.times(image, m.vectors)
	m.fit = fit(image, goals, m.goals.ofTexts)
	return m.whiten(image)
}

// whiten turns the vectors to the principal axes of the texts' vectors, and divides
// each by its variance to the power of half of Whiten.
func (m *maker) whiten(image dense) error {
	image.subtract(image.means(nil), nil)
	axes, variances, err := axesOf(image, m.options.Dims)
	if err != nil {
		return err
	}
	for k, v := range variances {
		by := math.Pow(v+1e-6, -m.options.Whiten/2)
		for i := range m.options.Dims {
			axes.Set(i, k, axes.At(i, k)*by)
		}
	}
	m.vectors = m.vectors.times(axes)
	return nil
}

// extra are words of the list that are no entries, drawn by the seed. They teach what
// the entries that they are made of mean together.
func (m *maker) extra() []string {
	known := make(map[string]bool, len(m.entries))
	for _, e := range m.entries {
		known[e] = true
	}
	var out []string
	for _, w := range m.input.Words {
		if w.fit() && !known[w.Text] && len(m.words.Cut(nil, w.Text)) > 1 {
			out = append(out, w.Text)
		}
	}
	draw := rand.New(rand.NewPCG(m.options.Seed, 0))
	draw.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(len(out), m.options.Extra)]
}

func (m *maker) result() *Result {
	r := &Result{Texts: m.goals.ofTexts, Extra: m.goals.shares.rows() - m.goals.ofTexts, Fit: m.fit}
	r.Content = static.Content{Name: m.options.Name, Dims: m.options.Dims, Entries: m.entries, Weights: m.weights, Vectors: m.vectors.data}
	return r
}

// fit is the share of the variance of the first rows of goals that image explains.
func fit(image, goals dense, rows int) float64 {
	left, all := 0.0, 0.0
	for i, g := range goals.data[:rows*goals.columns] {
		d := float64(g) - float64(image.data[i])
		left, all = left+d*d, all+float64(g)*float64(g)
	}
	return 1 - left/max(all, 1e-30)
}

// clean is a text as the teacher reads it. Teachers of Chinese know Latin words in
// lower case alone, and the model folds case as well.
func clean(text string) string { return strings.ToLower(text) }
