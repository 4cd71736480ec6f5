package sample

import (
	"testing"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

func load(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheSampleIsLargeAndVariedEnough(t *testing.T) {
	c := load(t)
	sectors := map[string]int{}
	for _, p := range c.Patents {
		sectors[p.Sector]++
	}
	for _, got := range []struct {
		what      string
		got, want int
	}{
		{"patents", len(c.Patents), 240}, {"demands", len(c.Demands), 60},
		{"labels", len(c.Labels), 900}, {"sectors", len(sectors), 12},
	} {
		if got.got < got.want {
			t.Errorf("%d %s, want at least %d", got.got, got.what, got.want)
		}
	}
}

func TestEveryRecordIsValidAndNamedOnce(t *testing.T) {
	seen := map[match.Ref]bool{}
	for _, r := range load(t).Records() {
		if err := r.Validate(); err != nil {
			t.Error(err)
		}
		if seen[r.Ref] {
			t.Errorf("%v is there twice", r.Ref)
		}
		seen[r.Ref] = true
	}
}

func TestAbstractsHaveTheLengthOfRealOnes(t *testing.T) {
	for _, p := range load(t).Patents {
		if n := utf8.RuneCountInString(p.Abstract); n < 150 || n > 1600 {
			t.Errorf("%s: abstract of %d characters", p.Number, n)
		}
	}
}

func TestEveryDemandIsJudgedAgainstEnoughPatentsOfItsOwnSector(t *testing.T) {
	c := load(t)
	sector, patents, demands := map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, p := range c.Patents {
		sector[p.Number], patents[p.Number] = p.Sector, true
	}
	for _, d := range c.Demands {
		sector[d.ID], demands[d.ID] = d.Sector, true
	}
	judged, near := map[string]int{}, map[string]int{}
	pairs := map[[2]string]bool{}
	for _, l := range c.Labels {
		if err := l.Validate(); err != nil {
			t.Error(err)
		}
		if !patents[l.Patent] || !demands[l.Demand] {
			t.Errorf("label of %s and %s, which are not both in the sample", l.Demand, l.Patent)
		}
		if pair := [2]string{l.Demand, l.Patent}; pairs[pair] {
			t.Errorf("%v is judged twice", pair)
		} else {
			pairs[pair] = true
		}
		judged[l.Demand]++
		if sector[l.Demand] == sector[l.Patent] {
			near[l.Demand]++
		}
	}
	for id := range demands {
		if judged[id] < 12 || near[id] < 6 {
			t.Errorf("%s: %d candidates, %d of them of its sector", id, judged[id], near[id])
		}
	}
}
