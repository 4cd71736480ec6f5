package contender_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/rank"
)

// errors of rank.Supply: how often it says that there is no good supply.
type supplyErrors struct{ with, falseAlarms, without, missed int }

func (s *supplyErrors) count(hits []evaluation.Hit, good bool) {
	chances := make([]float64, len(hits))
	for i, h := range hits {
		chances[i] = 1 / (1 + math.Exp(-h.Score))
	}
	none := rank.Supply(chances).NoneGood
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
	dir := filepath.Join(os.Getenv("DUIJIE_DATA"), "bdci2019")
	if _, err := os.Stat(dir); os.Getenv("DUIJIE_DATA") == "" || err != nil {
		t.Skip("real data is not here: set DUIJIE_DATA to a folder with bdci2019")
	}
	d, _, err := format.ReadBEIR(dir, "train", format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run := hybridRun(t, d, evaluation.CandidatesJudged)
	var s supplyErrors
	for q := range int32(d.Queries()) {
		best, levels := 0, levelsFor(d, q)
		for _, l := range levels {
			best = max(best, l)
		}
		if len(d.Judgements(q)) >= 5 && best > 1 {
			s.count(run.Hits[q], best >= 3)
		}
	}
	t.Logf("bdci2019 train: %+v", s)
	if s.with+s.without != 221 || s.without != 44 {
		t.Errorf("%d demands, %d of them without a candidate of level 3 or 4; want 221 and 44", s.with+s.without, s.without)
	}
	if s.falseAlarms*2 > s.with {
		t.Errorf("more false alarms than not: %+v", s)
	}
}

// TestNoGoodSupplyInPlantedCatalogs measures the same on the sample: each demand with all
// patents, and with those taken out that are labelled level 3 or 4 for it.
func TestNoGoodSupplyInPlantedCatalogs(t *testing.T) {
	d, _ := sampleDataset(t)
	run := hybridRun(t, d, evaluation.CandidatesAll)
	var whole, planted supplyErrors
	for q := range int32(d.Queries()) {
		levels := levelsFor(d, q)
		var rest []evaluation.Hit
		for _, h := range run.Hits[q] {
			if levels[h.Document] < 3 {
				rest = append(rest, h)
			}
		}
		if len(rest) == len(run.Hits[q]) {
			continue // no patent is good for it
		}
		whole.count(run.Hits[q], true)
		planted.count(rest, false)
	}
	t.Logf("sample: whole catalogs %+v, without the good ones %+v", whole, planted)
	if whole.with == 0 || planted.without != whole.with || whole.falseAlarms*2 > whole.with {
		t.Errorf("whole %+v, planted %+v", whole, planted)
	}
}
