package main

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/sample"
)

func TestAModelIsTrainedPromotedShadowedAndRolledBackFromTheCommandLine(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	run := func(code int, want []string, args ...string) string {
		t.Helper()
		args = append(args, "--data", data)
		got, out, errs := outputs(t, bin, args...)
		if got != code {
			t.Fatalf("%v ended with %d, want %d\n%s%s", args, got, code, out, errs)
		}
		for _, w := range want {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%v does not say %q:\n%s%s", args, w, out, errs)
			}
		}
		return out
	}
	who := []string{"--by", "李四", "--reason", "a test", "--lang", "en"}
	run(0, []string{"Froze tiny"}, "model", "freeze", "tiny", "--share", "0.05", "--by", "李四", "--lang", "en")
	run(exitFailed, []string{"never changed"}, "model", "freeze", "tiny", "--by", "李四", "--lang", "en")
	run(0, []string{"Trained and added tuned/first/"}, "model", "tune", "--name", "first", "--sectors", "battery", "--by", "李四", "--lang", "en")
	run(exitGate, []string{"the gate cannot decide", "too small to decide"}, append([]string{"model", "promote", "tuned/first", "--alias", "sector/space"}, who...)...)
	run(exitFailed, []string{"is not one of national"}, append([]string{"model", "promote", "tuned/first", "--alias", "production"}, who...)...)
	allowed := append([]string{"model", "promote", "tuned/first", "--alias", "sector/space", "--override", "all=王五=too few"}, who...)
	c, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range c.Demands { // a sector that seems to lose must be named
		allowed = append(allowed, "--override", "sector="+d.Sector+"/ndcg@10:0.02=王五=too few")
	}
	run(0, []string{"sector/space is now tuned/first/", "override: 王五: too few"}, allowed...)
	run(0, []string{"tuned/first/", "sector/space", "duijie-zh"}, "model", "list")
	run(0, []string{`"aliases"`, "data_hash"}, "model", "show", "sector/space")
	run(0, []string{"promote  sector/space", "李四: a test"}, "model", "history", "--lang", "en")
	run(0, []string{"Pilot shadow has begun"}, append([]string{"model", "shadow", "tuned/first"}, who...)...)
	run(0, []string{"shadow", "tuned/first/"}, "pilot", "list", "--lang", "en")
	run(0, []string{"verdict: go on"}, "pilot", "report", "shadow", "--lang", "en")
	run(0, []string{"has ended"}, append([]string{"pilot", "end", "shadow"}, who...)...)
	run(0, []string{"sector/space is now no model"}, append([]string{"model", "rollback", "--alias", "sector/space"}, who...)...)
	if out := run(0, nil, "label", "suggest", "--budget", "7", "--csv"); strings.Count(out, "\n") != 8 || !strings.HasPrefix(out, "demand_id,patent_number,level") {
		t.Errorf("the suggestions are\n%s", out)
	}
	run(0, []string{`"ranker": "tuned/first/`, `"alias": "challenger"`}, "match", "--demand", "D-BAT1", "--model", "challenger", "--json")
	run(exitFailed, []string{"no such file"}, "model", "show", "none.static", "--lang", "en")
}
