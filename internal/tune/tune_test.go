package tune

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// topics of the made records; two records fit when their topics do.
var topics = []string{
	"锂离子电池正极材料", "污水处理膜", "数控机床主轴", "中药提取物", "激光焊接设备", "光伏组件回收",
	"水稻育种", "工业机器人减速器", "燃料电池催化剂", "图像识别算法", "混凝土外加剂", "疫苗冷链运输",
}

var words = []string{"制备", "方法", "装置", "系统", "研究", "高性能", "低成本", "工艺", "控制", "检测", "优化", "复合"}

// made is a set of pairs whose level is high where the topics fit, with demands
// that each like other topics more than the texts tell.
func made(demands, each int, seed uint64) *Set {
	random := rand.New(rand.NewPCG(seed, 1))
	pick := func(from []string) int { return random.IntN(len(from)) }
	s := &Set{}
	for d := range demands {
		topic, liked := pick(topics), pick(topics)
		s.Demands = append(s.Demands, Record{
			ID: fmt.Sprintf("d%d", d), Title: topics[topic] + "需求" + fmt.Sprint(d),
			Text: "企业需要" + topics[topic] + "方面的" + words[pick(words)] + "技术。希望降低成本。",
		})
		for range each {
			about, level := pick(topics), 1
			if about == topic {
				level++
			}
			if (about+len(topics)-liked)%len(topics) < 4 {
				level += 2
			}
			s.Labels = append(s.Labels, Label{int32(d), int32(len(s.Patents)), int8(level)})
			s.Patents = append(s.Patents, Record{
				ID: fmt.Sprintf("p%d", len(s.Patents)), Title: words[pick(words)] + topics[about] + fmt.Sprint(len(s.Patents)),
			})
		}
	}
	return s
}

func builtin(t testing.TB) embed.Embedder {
	t.Helper()
	e, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func train(t testing.TB, s *Set, o Options) *Model {
	t.Helper()
	m, err := Train(context.Background(), "test", s, builtin(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// trained is a model with trees on made pairs, made once.
var trained = sync.OnceValues(func() (*Model, error) {
	e, err := static.Builtin()
	if err != nil {
		return nil, err
	}
	return Train(context.Background(), "test", made(20, 20, 1), e, Options{Seed: 1, rounds: 60, limit: 128})
})

func once(t testing.TB) (*Model, *Set) {
	t.Helper()
	m, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	return m, made(20, 20, 1)
}

// ask prepares a demand and a patent of a set.
func ask(t testing.TB, m *Model, d, p Record) (*Query, *Patent) {
	t.Helper()
	vectors := func(role embed.Role, r Record) [][]float32 {
		v, err := builtin(t).Embed(context.Background(), role, EmbeddedTexts(r))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	dv, pv := vectors(embed.Query, d), vectors(embed.Document, p)
	return m.Demand(d, dv[0], dv[1]), m.Patent(p, pv[0], pv[1])
}

func TestLabelsBeatTheZeroShotFusionOnDemandsThatHaveThem(t *testing.T) {
	m, _ := once(t)
	r := m.Card.Report
	if r.Seen.Low <= 0 || r.Seen.Official <= r.Seen.Constant {
		t.Errorf("%+v", *r.Seen)
	}
	if r.Unseen == nil || r.Unseen.Lists == 0 {
		t.Error("unseen demands were not measured")
	}
}

func TestTheLearningCurveHasIntervalsThatHoldTheirPoints(t *testing.T) {
	m, s := once(t)
	curve := m.Card.Report.Curve
	if len(curve) < 3 {
		t.Fatalf("%d points of %d labels", len(curve), len(s.Labels))
	}
	for i, p := range curve {
		if !(p.Low <= p.NDCG && p.NDCG <= p.High && p.Low < p.High && p.Low > 0 && p.High <= 1) {
			t.Errorf("%d labels: %v is not in [%v, %v]", p.Labels, p.NDCG, p.Low, p.High)
		}
		if i > 0 && p.Labels <= curve[i-1].Labels {
			t.Errorf("%d labels come after %d", p.Labels, curve[i-1].Labels)
		}
	}
}

func TestTheModelDoesNotDependOnTheNumberOfGoroutines(t *testing.T) {
	var want []byte
	for _, workers := range []int{1, 2, 5} {
		got, err := train(t, made(16, 20, 2), Options{Seed: 3, Workers: workers, rounds: 5, limit: 64}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		} else if !bytes.Equal(want, got) {
			t.Fatalf("%d goroutines give another model", workers)
		}
	}
}

func TestContributionsAddUpToTheLogitExactly(t *testing.T) {
	m, s := once(t)
	for i := range 40 {
		d := s.Demands[i%len(s.Demands)]
		if i%2 == 0 {
			d.ID = "another"
		}
		q, p := ask(t, m, d, s.Patents[7*i])
		want := q.Score(p)
		got, bias, contributions := q.Explain(p)
		sum := bias
		for _, c := range contributions {
			sum += c.Amount
		}
		if sum != got.Logit || math.Abs(got.Logit-want.Logit) > 1e-9 {
			t.Errorf("contributions add up to %v, explained %v, scored %v", sum, got.Logit, want.Logit)
		}
	}
}

func TestTheLevelsNameThePairsThatTheyHoldFor(t *testing.T) {
	m, s := once(t)
	for _, c := range []struct {
		name, population string
		id               string
		cuts             int
	}{
		{"a demand with labels", "of demands with labels", s.Demands[0].ID, 3},
		{"an unseen one", "of unseen demands", "another", 3},
		{"any of them", "whichever error is larger", "", 0},
	} {
		var demand rank.Prepared
		if c.id != "" {
			d := s.Demands[0]
			d.ID = c.id
			q, _ := ask(t, m, d, s.Patents[0])
			demand = &preparedDemand{first: q}
		}
		got := m.Calibration(demand, 252)
		if got == nil {
			t.Fatalf("%s: nothing is known", c.name)
		}
		if got.Ranker != m.Identity() || !strings.Contains(got.Population.EN, c.population) || got.Population.ZH == "" || len(got.Cuts) != c.cuts {
			t.Errorf("%s: %+v", c.name, got)
		}
		if got.Pairs != len(s.Labels) || !(got.Share > 0 && got.Share < 1) || !(got.ECELow <= got.ECE && got.ECE <= got.ECEHigh) || got.ECE > 0.2 || got.CatalogSize != 0 {
			t.Errorf("%s: %+v", c.name, got)
		}
		if c.cuts > 0 && got.Cuts[1] != 0 {
			t.Errorf("%s: level 3 is as likely as not at logit %v", c.name, got.Cuts[1])
		}
	}
}

func TestProbabilitiesAddUpAndGrowWithTheScore(t *testing.T) {
	m, s := once(t)
	last := map[bool]Prediction{}
	for i := range 60 {
		d := s.Demands[0]
		if i%2 == 0 {
			d.ID = "another"
		}
		q, p := ask(t, m, d, s.Patents[i])
		got := q.Score(p)
		sum := 0.0
		for _, v := range got.P {
			sum += v
		}
		if math.Abs(sum-1) > 1e-9 || got.Level < 1 || got.Level > 4 || math.Abs(got.P[2]+got.P[3]-1/(1+math.Exp(-got.Logit))) > 1e-9 {
			t.Fatalf("%+v", got)
		}
		before, ok := last[q.Known()]
		if a, b := got.P[3]-before.P[3], got.Logit-before.Logit; ok && a*b < 0 {
			t.Errorf("%+v and %+v", before, got)
		}
		last[q.Known()] = got
	}
}

func TestADemandIsKnownByItsIDAndItsTextsTogether(t *testing.T) {
	m, s := once(t)
	same := s.Demands[0]
	renamed, rewritten := same, same
	renamed.ID, rewritten.Text = "another", "完全不同的文本"
	for _, c := range []struct {
		record Record
		want   bool
	}{{same, true}, {renamed, false}, {rewritten, false}} {
		if q, _ := ask(t, m, c.record, s.Patents[0]); q.Known() != c.want {
			t.Errorf("%+v: known is %v", c.record, q.Known())
		}
	}
}

func TestALabelIsMaskedWhereItsOwnPairIsMeasured(t *testing.T) {
	m, s := once(t)
	l := s.Labels[3]
	q, p := ask(t, m, s.Demands[l.Demand], s.Patents[l.Patent])
	if _, masked := q.ScoreUnlabelled(p); !masked {
		t.Error("the label was not masked")
	}
	_, other := ask(t, m, s.Demands[l.Demand], Record{ID: "new", Title: s.Patents[l.Patent].Title})
	if _, masked := q.ScoreUnlabelled(other); masked {
		t.Error("a label of another patent was masked")
	}
}

func TestTheMaskedPredictionIsThatOfAProcessWithoutTheLabels(t *testing.T) {
	s := made(6, 12, 5)
	w, err := prepare(context.Background(), s, builtin(t), Options{Seed: 1, limit: 64}.withDefaults(len(s.Labels)))
	if err != nil {
		t.Fatal(err)
	}
	b, at := w.base(w.all())
	l := b.newLocal(&w.needs[0], at[0], w.twin(0, b))
	fold := func(own int) int { return own % 3 }
	left := l.leaveOut(fold, 3)
	for own := range left {
		var s scratch
		s.near = l.compareOwn(&b.pairs[l.pairs[l.others+own]], nil)
		want := l.with(func(k int) bool { return fold(k) != fold(own) }).guess(s.near)
		for target, got := range left[own] {
			if math.Abs(got-want.residual[target]) > 1e-6 {
				t.Errorf("own pair %d: %v, want %v", own, got, want.residual[target])
			}
		}
	}
}

// Leaving demands out early must not change which are the nearest.
func TestNeighboursAreThoseOfComparingAllDemands(t *testing.T) {
	s := made(60, 8, 6)
	w, err := prepare(context.Background(), s, builtin(t), Options{Seed: 1}.withDefaults(len(s.Labels)))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := w.base(w.all())
	for d := range int32(len(s.Demands)) {
		for _, wanted := range []int{0, 1, 20, 100, 1000} {
			var want []neighbour
			for other, k := range b.demands {
				if near := b.kernel.needs(&w.needs[d], &k.need); int32(other) != d && near >= nearEnough {
					want = append(want, neighbour{int32(other), near})
				}
			}
			slices.SortFunc(want, func(x, y neighbour) int {
				return cmp.Or(cmp.Compare(y.near, x.near), cmp.Compare(x.demand, y.demand))
			})
			want = want[:min(len(want), (wanted+7)/8)]
			if got := b.neighbours(&w.needs[d], wanted, func(other int32) bool { return other == d }); !slices.Equal(got, want) {
				t.Fatalf("demand %d, %d labels: %v, want %v", d, wanted, got, want)
			}
		}
	}
}

func TestALongPatentIsKnownByItsMostTellingTerms(t *testing.T) {
	var terms []rank.Term
	for i := range uint32(3 * offerTerms) {
		terms = append(terms, rank.Term{Hash: i, Count: 1, Weight: float32(i % 3)})
	}
	got := sparse(terms, offerTerms, weighed)
	if len(got) != offerTerms || !slices.IsSortedFunc(got, func(a, b term) int { return cmp.Compare(a.hash, b.hash) }) {
		t.Fatalf("%d terms: %v", len(got), got)
	}
	for _, x := range got {
		if x.hash%3 != 2 || math.Abs(float64(x.value)-1/math.Sqrt(offerTerms)) > 1e-6 {
			t.Errorf("term %d has the value %v", x.hash, x.value)
		}
	}
}

func TestProgressNeverFallsAndEndsAndTrainingEndsWithItsContext(t *testing.T) {
	s := made(16, 20, 7)
	at := map[StageName]Stage{}
	last := Stage{}
	tell := func(now Stage) {
		if now.Name == last.Name && (now.Done < last.Done || now.Total != last.Total) {
			t.Errorf("%+v after %+v", now, last)
		}
		last, at[now.Name] = now, now
	}
	train(t, s, Options{Seed: 1, rounds: 5, limit: 64, Progress: tell})
	for _, name := range []StageName{Embedding, Validating, Fitting} {
		if got := at[name]; got.Done != got.Total || got.Total == 0 {
			t.Errorf("%s ended with %+v", name, got)
		}
	}
	for _, name := range []StageName{Embedding, Validating, Fitting} {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := Train(ctx, "test", s, builtin(t), Options{Seed: 1, rounds: 5, limit: 64, Progress: func(now Stage) {
			if now.Name == name && now.Done > 0 {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALoadedModelScoresAsTheSavedOneAndHasTheSameBytes(t *testing.T) {
	m, s := once(t)
	path := filepath.Join(t.TempDir(), "m.duijie")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Identity() != m.Identity() {
		t.Errorf("%s became %s", m.Identity(), loaded.Identity())
	}
	for i := range 10 {
		q, p := ask(t, m, s.Demands[i], s.Patents[i])
		q2, p2 := ask(t, loaded, s.Demands[i], s.Patents[i])
		if a, b := q.Score(p), q2.Score(p2); a != b {
			t.Errorf("%+v became %+v", a, b)
		}
	}
}

func TestWrongFilesAreRefused(t *testing.T) {
	m, _ := once(t)
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	change := func(at int) []byte {
		out := bytes.Clone(data)
		out[at]++
		return out
	}
	for name, wrong := range map[string][]byte{
		"empty": {}, "of another kind": []byte("PK\x03\x04 and more than enough bytes to be a model file at all"),
		"of the first schema": ofSchema(1, data), "of the second schema": ofSchema(2, data), "of another schema": change(len(Magic)),
		"over another fusion": resealed(bytes.Replace(data, []byte(rank.FusionName), []byte("zero-shot/9"), 1)), "damaged": change(len(data) / 2), "cut off": data[:len(data)-100],
	} {
		path := filepath.Join(t.TempDir(), "m")
		if err := os.WriteFile(path, wrong, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); match.KindOf(err) != match.Corrupt {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecayIsTheExponential(t *testing.T) {
	for x := -1.0; x < 20; x += 0.003 {
		if got, want := decay(x), math.Exp(-max(x, 0)); math.Abs(got-want) > 4e-5 {
			t.Fatalf("decay(%v) is %v, want %v", x, got, want)
		}
	}
	if got := decay(math.NaN()); got != 1 {
		t.Errorf("of no number it is %v", got)
	}
}

// ofSchema is a file of an earlier schema: in the first, the legs of zero-shot/3 were no
// features; in the second, patents had all of their terms.
func ofSchema(schema byte, data []byte) []byte {
	out := bytes.Clone(data)
	out[len(Magic)] = schema
	return resealed(out)
}

func TestATreeIsLeftOutForUnseenDemandsWhereItDoesNotRankBetter(t *testing.T) {
	m, _ := once(t)
	if trees := m.forests[unseen]; (trees.ordinal != nil) != m.stacks[unseen].trees() {
		t.Errorf("weights %v with a forest of %v", m.stacks[unseen].Weights, trees.ordinal != nil)
	}
	if m.forests[seen].ordinal == nil || m.forests[seen].squared == nil {
		t.Error("demands with labels have no trees")
	}
}

// BenchmarkScoreOf200Candidates compares a tuned model with the zero-shot fusion that it
// stands on, both for one demand and 200 patents that are prepared: tuned-ms is what it
// takes, added-ms what it takes longer than the fusion.
func BenchmarkScoreOf200Candidates(b *testing.B) {
	m, s := once(b)
	for _, known := range []bool{true, false} {
		b.Run(fmt.Sprintf("known=%v", known), func(b *testing.B) {
			d := s.Demands[0]
			if !known {
				d.ID = "another"
			}
			var q *Query
			var patents []*Patent
			for i := range 200 {
				var p *Patent
				q, p = ask(b, m, d, s.Patents[i])
				patents = append(patents, p)
			}
			f := m.base.fusion
			var tuned, fused time.Duration
			for b.Loop() {
				start := time.Now()
				for _, p := range patents {
					q.Score(p)
				}
				middle := time.Now()
				for _, p := range patents {
					f.Logit(q.demand, p.side)
				}
				tuned, fused = tuned+middle.Sub(start), fused+time.Since(middle)
			}
			perRun := func(d time.Duration) float64 { return d.Seconds() * 1e3 / float64(b.N) }
			b.ReportMetric(perRun(tuned), "tuned-ms")
			b.ReportMetric(perRun(tuned-fused), "added-ms")
		})
	}
}

func FuzzDecode(f *testing.F) {
	m, _ := once(f)
	data, err := m.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(100), byte(7))
	f.Add(uint32(len(data)-4000), byte(255))
	f.Fuzz(func(t *testing.T, at uint32, value byte) {
		wrong := bytes.Clone(data)
		wrong[int(at)%len(wrong)] = value
		if got, err := Decode(resealed(wrong)); err == nil && got == nil {
			t.Fatal("neither a model nor an error")
		}
	})
}

func TestTooFewAndUnusableLabelsAreRefused(t *testing.T) {
	few, off, twice := made(1, 5, 1), made(5, 20, 1), made(5, 20, 1)
	off.Labels[3].Level = 5
	twice.Labels = append(twice.Labels, twice.Labels[0])
	for name, s := range map[string]*Set{"few": few, "off the scale": off, "twice": twice} {
		if _, err := Train(context.Background(), "x", s, builtin(t), Options{}); match.KindOf(err) != match.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDoubtfulLabelsAreWarnedOf(t *testing.T) {
	s := made(6, 15, 4)
	for i := range s.Labels {
		s.Labels[i].Level = 2
		s.Raters = append(s.Raters, "one")
	}
	s.Labels[0].Level = 1
	s.Patents[1].Title = s.Patents[0].Title
	got := map[string]bool{}
	for _, w := range train(t, s, Options{limit: 64}).Card.Report.Warnings {
		got[w.Kind] = true
	}
	for _, kind := range []string{"few-labels", "few-demands", "one-sided", "one-rater", "leaking", "no-gain"} {
		if !got[kind] {
			t.Errorf("no warning of kind %s", kind)
		}
	}
}

func TestAnotherEmbedderIsRefused(t *testing.T) {
	m, _ := once(t)
	if err := m.CheckEmbedder(builtin(t)); err != nil {
		t.Error(err)
	}
	if err := m.CheckEmbedder(stranger{builtin(t)}); match.KindOf(err) != match.Conflict {
		t.Errorf("another embedder: %v", err)
	}
}

// stranger is an embedder of another name.
type stranger struct{ embed.Embedder }

func (stranger) Identity() string { return "static/other/000000000000" }
