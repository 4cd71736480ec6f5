package quantity

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// annotated is a quantity as it was written down by hand; see testdata/README.md.
type annotated struct {
	Start, End int
	Low, High  float64
	Unit       string
	Comparison Comparison
	Tolerance  float64
	Change     Change
	Role       Role
}

type annotatedDemand struct {
	Demand, Half string
	Quantities   []annotated
}

func annotations(t *testing.T) []annotatedDemand {
	t.Helper()
	f, err := os.Open("testdata/demands.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []annotatedDemand
	for dec := json.NewDecoder(bufio.NewReader(f)); dec.More(); {
		var d annotatedDemand
		if err := dec.Decode(&d); err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// texts gives title and text of each demand by its id, and skips where the data is absent.
func texts(t *testing.T) map[string]string {
	t.Helper()
	dir := os.Getenv("DUIJIE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, "bdci2019", "queries.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs the bdci2019 demands; DUIJIE_DATA names the folder")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]string{}
	for dec := json.NewDecoder(bufio.NewReader(f)); dec.More(); {
		var d struct {
			ID          string `json:"_id"`
			Title, Text string
		}
		if err := dec.Decode(&d); err != nil {
			t.Fatal(err)
		}
		out[d.ID] = d.Title + "\n" + d.Text
	}
	return out
}

// tally counts for an F1.
type tally struct{ right, found, wanted int }

func (c tally) f1() float64 { return 2 * float64(c.right) / float64(max(1, c.found+c.wanted)) }

func (c tally) String() string {
	return fmt.Sprintf("F1 %.4f (%d right of %d found, %d wanted)", c.f1(), c.right, c.found, c.wanted)
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

// same tells whether a quantity is the one annotated, in all but its role.
func same(a *annotated, q *Quantity) bool {
	u, ok := ParseUnit(a.Unit)
	return ok && a.Start == q.Start && a.End == q.End && u.Comparable(q.Unit) &&
		near(u.Base(a.Low), q.Unit.Base(q.Low)) && near(u.Base(a.High), q.Unit.Base(q.High)) &&
		near(a.Tolerance*u.factor, q.Tolerance*q.Unit.factor) &&
		a.Comparison == q.Comparison && a.Change == q.Change
}

// leastRequirements bounds the F1 of those quantities alone whose role is a
// requirement, role included. Telling roles apart is the harder task.
var leastRequirements = map[string]float64{"development": 0.95, "held-out": 0.85}

func TestQuantitiesOfRealDemandsAreFound(t *testing.T) {
	content := texts(t)
	all, wanted := map[string]*tally{}, map[string]*tally{}
	for _, half := range []string{"development", "held-out"} {
		all[half], wanted[half] = &tally{}, &tally{}
	}
	for _, d := range annotations(t) {
		text, ok := content[d.Demand]
		if !ok {
			t.Fatalf("no demand %s", d.Demand)
		}
		found := Parse(text)
		compareAll(t, &d, text, found, all[d.Half], wanted[d.Half])
	}
	for half := range all {
		t.Logf("%s: quantities %v; requirements %v", half, all[half], wanted[half])
		if all[half].f1() < 0.95 {
			t.Errorf("%s: quantities: %v, want at least 0.95", half, all[half])
		}
		if least := leastRequirements[half]; wanted[half].f1() < least {
			t.Errorf("%s: requirements: %v, want at least %.2f", half, wanted[half], least)
		}
	}
}

func compareAll(t *testing.T, d *annotatedDemand, text string, found []Quantity, all, wanted *tally) {
	runes := []rune(text)
	used := make([]bool, len(found))
	all.found += len(found)
	all.wanted += len(d.Quantities)
	for i := range found {
		if found[i].Role == Requirement {
			wanted.found++
		}
	}
	for _, a := range d.Quantities {
		if a.Role == Requirement {
			wanted.wanted++
		}
		hit := false
		for i := range found {
			if same(&a, &found[i]) {
				hit, used[i] = true, true
				all.right++
				if a.Role == Requirement && found[i].Role == Requirement {
					wanted.right++
				}
				if a.Role != found[i].Role {
					show(t, d, "role is "+string(found[i].Role), runes, found[i].Span)
				}
			}
		}
		if !hit {
			show(t, d, fmt.Sprintf("missed %+v", a), runes, Span{a.Start, a.End})
		}
	}
	for i, q := range found {
		if !used[i] {
			show(t, d, fmt.Sprintf("extra %v..%v %s %s %s", q.Low, q.High, q.Unit.Symbol, q.Comparison, q.Change), runes, q.Span)
		}
	}
}

// show logs an error with its place, not with its text, unless DUIJIE_SHOW is set.
func show(t *testing.T, d *annotatedDemand, what string, runes []rune, at Span) {
	around := ""
	if half := os.Getenv("DUIJIE_SHOW"); half == d.Half {
		around = string(runes[max(0, at.Start-12):at.Start]) + "[" + string(runes[at.Start:at.End]) + "]" + string(runes[at.End:min(len(runes), at.End+8)])
	} else if d.Half == "held-out" && half != "" {
		return
	}
	t.Logf("%.8s %d-%d %s %s", d.Demand, at.Start, at.End, what, around)
}
