package distill

import (
	"context"
	"math"

	"github.com/duijie/duijie/internal/embed"
	"gonum.org/v1/gonum/mat"
)

// goals are what the model shall give for texts: a row of shares and the teacher's
// vector for each.
type goals struct {
	axes    *mat.Dense // from the teacher's dimensions to the model's
	shares  sparse
	vectors dense
	ofTexts int // rows that come from texts, not from words
}

// add appends the texts that have entries, each row times the root of weight. The
// teacher's vectors are centred on their own mean.
func (m *maker) add(step string, texts []string, weight float64) error {
	var kept []string
	var cuts [][]int32
	for i, cut := range m.cut(texts) {
		if len(cut) > 0 {
			kept, cuts = append(kept, texts[i]), append(cuts, cut)
		}
	}
	g := &m.goals
	if g.shares.starts == nil {
		g.shares = sparse{columns: len(m.entries), starts: []int{0}}
		g.vectors.columns = m.options.Dims
	}
	if len(kept) == 0 || weight == 0 {
		return nil
	}
	vectors, err := m.asker.ask(step, kept)
	if err != nil {
		return err
	}
	vectors.subtract(vectors.means(nil), nil)
	turned, root := vectors.times(g.axes), math.Sqrt(weight)
	turned.scale(float32(root))
	g.vectors.data = append(g.vectors.data, turned.data...)
	for _, cut := range cuts {
		g.shares.appendMean(cut, m.weights, root)
	}
	return nil
}

// asker asks the teacher.
type asker struct {
	ctx      context.Context
	teacher  embed.Embedder
	progress func(step string, done, total int)
}

const askAtOnce = 512

func (a asker) tell(step string, done, total int) {
	if a.progress != nil {
		a.progress(step, done, total)
	}
}

// ask gives the teacher's vector of each text.
func (a asker) ask(step string, texts []string) (dense, error) {
	out := newDense(len(texts), a.teacher.Dim())
	for from := 0; from < len(texts); from += askAtOnce {
		to := min(len(texts), from+askAtOnce)
		batch := make([]string, 0, askAtOnce)
		for _, t := range texts[from:to] {
			batch = append(batch, clean(t))
		}
		vectors, err := a.teacher.Embed(a.ctx, embed.Document, batch)
		if err != nil {
			return dense{}, err
		}
		for i, v := range vectors {
			copy(out.row(from+i), v)
		}
		a.tell(step, to, len(texts))
	}
	return out, nil
}
