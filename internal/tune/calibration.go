package tune

import (
	"fmt"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// calibration measures the probabilities of level 3 and 4: each half of the demands, near
// twins together, by a stack that was fitted on the other one. trees says whether the model
// that is measured has them. Nil where there is one group of demands alone.
func (w *work) calibration(v *validation, trees bool) *Calibration {
	half := map[int32]int{}
	for _, r := range v.rows {
		group := w.twins[w.set.Labels[r].Demand]
		if _, known := half[group]; !known {
			half[group] = len(half) % 2
		}
	}
	if len(half) < 2 {
		return nil
	}
	var parts [2]validation
	for i := range parts {
		parts[i] = *v
		parts[i].rows = nil
	}
	for _, r := range v.rows {
		p := &parts[half[w.twins[w.set.Labels[r].Demand]]]
		p.rows = append(p.rows, r)
	}
	m := measuredPairs{w: w}
	for i := range parts {
		s := w.stack(&parts[1-i], trees)
		for _, r := range parts[i].rows {
			m.add(r, s.probabilities(s.score(v.in[r])))
		}
	}
	return m.calibration()
}

// measuredPairs are pairs with their chance of level 3 or 4.
type measuredPairs struct {
	w      *work
	chance []float64
	good   []bool
	twins  []int32
}

func (m *measuredPairs) add(row int32, p [levels]float64) {
	l := m.w.set.Labels[row]
	m.chance, m.good = append(m.chance, p[2]+p[3]), append(m.good, l.Level >= 3)
	m.twins = append(m.twins, m.w.twins[l.Demand])
}

func (m *measuredPairs) calibration() *Calibration {
	ece := func(weights []uint16) float64 {
		bins := make([]metric.Bin, metric.Bins)
		for i, p := range m.chance {
			times := 1.0
			if weights != nil {
				times = float64(weights[i])
			}
			b := &bins[metric.BinOf(p)]
			b.Count += times
			b.Predicted += times * p
			if m.good[i] {
				b.Observed += times
			}
		}
		return metric.ECE(bins)
	}
	c := &Calibration{Pairs: len(m.chance), ECE: ece(nil)}
	good := 0
	for _, is := range m.good {
		if is {
			good++
		}
	}
	c.Share = float64(good) / float64(len(m.good))
	drawn := statistic.Bootstrap(statistic.GroupBy(m.twins), len(m.chance), calibrationSamples, m.w.o.Seed, ece)
	if interval, ok := statistic.Percentile(drawn); ok {
		c.Low, c.High = interval.Low, interval.High
	}
	return c
}

// calibrationSamples of the bootstrap: each looks at all pairs.
const calibrationSamples = 500

// Calibration says what the probabilities of levels mean for a demand: it has labels, or is
// an unseen one. Of any demand, where demand is nil, it is told of both, with the larger
// error, and the cuts differ from hit to hit. Nil where it was not measured. What the
// probabilities would be in a whole catalog is not known.
func (m *Model) Calibration(demand rank.Prepared, _ int) *match.Calibration {
	if demand != nil {
		kind := demand.(*preparedDemand).first.kind
		return m.calibrationOf(kind)
	}
	known, strange := m.calibrationOf(seen), m.calibrationOf(unseen)
	if known == nil || strange == nil {
		return nil
	}
	out := *known
	if strange.ECE > out.ECE {
		out = *strange
	}
	out.Cuts = nil
	out.Population = m.population(match.LocalText{ZH: "有标注的需求或新需求（取误差较大者）", EN: "of demands with labels or of unseen ones, whichever error is larger"})
	return &out
}

func (m *Model) calibrationOf(kind regime) *match.Calibration {
	if m.Card.Report == nil {
		return nil
	}
	measured, of := m.Card.Report.Seen, match.LocalText{ZH: "有标注的需求", EN: "of demands with labels"}
	if kind == unseen {
		measured, of = m.Card.Report.Unseen, match.LocalText{ZH: "新需求", EN: "of unseen demands"}
	}
	if measured == nil || measured.Calibration == nil {
		return nil
	}
	c, cuts := measured.Calibration, m.stacks[kind].Cuts
	out := &match.Calibration{
		Ranker: m.identity, Population: m.population(of), Pairs: c.Pairs, Share: c.Share, ECE: c.ECE, ECELow: c.Low, ECEHigh: c.High,
	}
	for _, cut := range cuts {
		out.Cuts = append(out.Cuts, cut-cuts[1]) // the logit is 0 at the middle one
	}
	return out
}

// population names the pairs of demands on which the levels were measured.
func (m *Model) population(of match.LocalText) match.LocalText {
	return match.LocalText{
		ZH: fmt.Sprintf("模型 %s 的训练标注（%d 个需求、%d 条标注）的交叉验证，%s；人工挑选的候选中好的配对比整个目录中多得多", m.Card.Name, m.Card.Demands, m.Card.Labels, of.ZH),
		EN: fmt.Sprintf("labels that %s was trained on (%s of %s), cross-validated, %s: candidates that people chose, far richer in good pairs than a catalog is",
			m.Card.Name, match.Counted(m.Card.Labels, "label"), match.Counted(m.Card.Demands, "demand"), of.EN),
	}
}
