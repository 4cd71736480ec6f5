package contender_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/rank"
)

// errors of rank.Supply: how often it says that there is no good supply.
type supplyErrors struct{ with, falseAlarms, without, missed int }

// count asks for a catalog of the hits.
func (s *supplyErrors) count(t *testing.T, hits []evaluation.Hit, good bool) {
	logits := make([]float64, len(hits))
	for i, h := range hits {
		logits[i] = h.Score
	}
	none := rank.Supply(fusion(t).Calibration(nil, len(hits)), logits).NoneGood
	switch {
	case good:
		s.with++
		if none {
			s.falseAlarms++
		}
	default:
		s.without++
		if !none {
			s.missed++
		}
	}
}

// fusion is the ranker whose probabilities are measured.
func fusion(t *testing.T) *rank.Fusion {
	t.Helper()
	lexicon, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return rank.NewFusion(lexicon)
}

// hybridRun is that of the zero-shot fusion.
func hybridRun(t *testing.T, d *evaluation.Dataset, candidates evaluation.Candidates) *evaluation.Run {
	t.Helper()
	m, _, err := contender.Open(t.Context(), d, "hybrid", contender.Options{Candidates: candidates, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return m.Run
}

// levelsFor are the judged levels of a query.
func levelsFor(d *evaluation.Dataset, q int32) map[int32]int {
	out := map[int32]int{}
	for _, j := range d.Judgements(q) {
		out[j.Document] = int(j.Level)
	}
	return out
}

// TestNoGoodSupplyOnJudgedDemands measures what decision 0016 tells: of the demands of
// bdci2019 train that count (5 candidates, one above level 1), with the judged candidates
// as the catalog.
func TestNoGoodSupplyOnJudgedDemands(t *testing.T) {
	d := judgedDemands(t)
	run := hybridRun(t, d, evaluation.CandidatesJudged)
	var s supplyErrors
	for q := range int32(d.Queries()) {
		best, levels := 0, levelsFor(d, q)
		for _, l := range levels {
			best = max(best, l)
		}
		if len(d.Judgements(q)) >= 5 && best > 1 {
			s.count(t, run.Hits[q], best >= 3)
		}
	}
	t.Logf("bdci2019 train: %+v", s)
	if s.with+s.without != 221 || s.without != 44 {
		t.Errorf("%d demands, %d of them without a candidate of level 3 or 4; want 221 and 44", s.with+s.without, s.without)
	}
	if s.falseAlarms > 24 || s.missed > 34 {
		t.Errorf("decision 0016 has 24 false alarms and 34 not said: %+v", s)
	}
}

// TestNoGoodSupplyInTheWholeCatalogOfJudgedDemands measures the same with all 7376 titles as
// the catalog, and with those taken out that are labelled level 3 or 4: others of them may be
// good that nobody has judged, so that "missed" is too high.
func TestNoGoodSupplyInTheWholeCatalogOfJudgedDemands(t *testing.T) {
	d := judgedDemands(t)
	run := hybridRun(t, d, evaluation.CandidatesAll)
	var whole, planted supplyErrors
	for q := range int32(d.Queries()) {
		levels := levelsFor(d, q)
		if rest := withoutGood(run.Hits[q], levels); len(rest) < len(run.Hits[q]) && len(d.Judgements(q)) >= 5 {
			whole.count(t, run.Hits[q], true)
			planted.count(t, rest, false)
		}
	}
	t.Logf("bdci2019 train, whole catalog: %+v, without the good ones %+v", whole, planted)
	if whole.with != 177 || whole.falseAlarms > 22 || planted.missed > 152 {
		t.Errorf("decision 0016 has 22 false alarms and 152 not said of 177: whole %+v, planted %+v", whole, planted)
	}
}

// withoutGood leaves out the hits of level 3 and 4.
func withoutGood(hits []evaluation.Hit, levels map[int32]int) []evaluation.Hit {
	var rest []evaluation.Hit
	for _, h := range hits {
		if levels[h.Document] < 3 {
			rest = append(rest, h)
		}
	}
	return rest
}

// judgedDemands are those of bdci2019 train.
func judgedDemands(t *testing.T) *evaluation.Dataset {
	t.Helper()
	dir := filepath.Join(os.Getenv("DUIJIE_DATA"), "bdci2019")
	if _, err := os.Stat(dir); os.Getenv("DUIJIE_DATA") == "" || err != nil {
		t.Skip("real data is not here: set DUIJIE_DATA to a folder with bdci2019")
	}
	d, _, err := format.ReadBEIR(dir, "train", format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestNoGoodSupplyInPlantedCatalogs measures the same on the sample: each demand with all
// patents, and with those taken out that are labelled level 3 or 4 for it.
func TestNoGoodSupplyInPlantedCatalogs(t *testing.T) {
	d, _ := sampleDataset(t)
	run := hybridRun(t, d, evaluation.CandidatesAll)
	var whole, planted supplyErrors
	for q := range int32(d.Queries()) {
		levels := levelsFor(d, q)
		rest := withoutGood(run.Hits[q], levels)
		if len(rest) == len(run.Hits[q]) {
			continue // no patent is good for it
		}
		whole.count(t, run.Hits[q], true)
		planted.count(t, rest, false)
	}
	t.Logf("sample: whole catalogs %+v, without the good ones %+v", whole, planted)
	if whole.with != 66 || planted.without != whole.with || whole.falseAlarms > 12 || planted.missed > 37 {
		t.Errorf("decision 0016 has 12 false alarms and 37 not said of 66: whole %+v, planted %+v", whole, planted)
	}
}
