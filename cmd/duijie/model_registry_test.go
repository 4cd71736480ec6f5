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
	run(0, []string{"Left to learn from: ", "model retire mistake"}, "model", "freeze", "mistake", "--by", "李四", "--lang", "en")
	run(0, []string{"Retired mistake"}, append([]string{"model", "retire", "mistake"}, who...)...)
	run(0, []string{"retired", "in use"}, "model", "datasets", "--lang", "en")
	run(exitUsage, []string{"--share"}, "model", "freeze", "none", "--share", "0", "--by", "李四", "--lang", "en")
	run(exitGate, []string{"does not pass the gate", "too small to decide", "--override 'sector/space: ndcg@10 p<0.05=WHO=WHY'"}, append([]string{"model", "promote", "tuned/first", "--alias", "sector/space"}, who...)...)
	run(exitGate, []string{"未通过门禁", "样本太小", "--override 'sector/space: ndcg@10 p<0.05=由谁=原因'"}, "model", "promote", "tuned/first", "--alias", "sector/space", "--by", "李四", "--reason", "试验", "--lang", "zh")
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
	run(0, []string{"aliases: sector/space\n", "\ncard:\n", "\nreport:\n  measured_labels: "}, "model", "show", "sector/space")
	run(0, []string{`"aliases"`, `"card": "{`}, "model", "show", "sector/space", "--json")
	run(0, []string{"region/44"}, append([]string{"model", "promote", "tuned/first", "--alias", "region/广东", "--override", "all=王五=too few"}, who...)...)
	run(0, []string{`"alias": "region/44"`}, "match", "--demand", "D-BAT1", "--model", "region/广东", "--json")
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
