package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

func TestEachCommandAnswersByTheModelOfAGuessedSector(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	run := func(want string, args ...string) string {
		t.Helper()
		args = append(args, "--data", data, "--lang", "en")
		code, out, errs := outputs(t, bin, args...)
		if code != 0 || !strings.Contains(out, want) {
			t.Fatalf("%v ended with %d and does not say %q:\n%s%s", args, code, want, out, errs)
		}
		return out
	}
	many := t.TempDir() // records, which take a while to learn from
	if out, code := printed(t, bin, "bench", "generate", "--patents", "8000", "--demands", "1", "--out", many); code != 0 {
		t.Fatal(out)
	}
	run("", "import", "--kind", "patents", filepath.Join(many, "patents.jsonl"))
	run("", "model", "tune", "--name", "cells", "--sectors", "battery", "--by", "李四")
	promoted(t, data, "cells", "battery")

	c, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := c.Demands[slices.IndexFunc(c.Demands, func(d match.Demand) bool { return d.ID == "D-BAT1" })]
	row, err := json.Marshal(map[string]string{"id": "D-GUESSED", "title": d.Title, "text": d.Text})
	if err != nil {
		t.Fatal(err)
	}
	run("", "import", "--kind", "demands", file(t, "guessed.jsonl", string(row)))
	answer := run(`"alias": "sector/battery"`, "match", "--demand", "D-GUESSED", "--json", "-n", "3")
	logits := regexp.MustCompile(`"logit": (\S+),`).FindAllStringSubmatch(answer, -1)
	rows := regexp.MustCompile(`(?m)^D-GUESSED\t(\S+)\t\d\t\S+\t(\S+)$`).FindAllStringSubmatch(run("", "match", "--all", "-n", "3"), -1)
	if len(logits) != 3 || len(rows) != 3 {
		t.Fatalf("%d hits and %d rows:\n%s", len(logits), len(rows), answer)
	}
	for i, row := range rows {
		if alone, err := strconv.ParseFloat(logits[i][1], 64); err != nil || fmt.Sprintf("%.6f", alone) != row[2] {
			t.Errorf("%s has the logit %s in match --all and %v in match, %v", row[1], row[2], alone, err)
		}
	}
	first := rows[0][1]
	run("\t"+rows[0][2]+"\t", "score", "--pairs", file(t, "pairs.tsv", "D-GUESSED\t"+first+"\n"))
	run(`"alias": "sector/battery"`, "why-not", "--demand", "D-GUESSED", "--patent", first, "--json")
}

// promoted puts a model into the place of a sector past the gate, for which the sample is
// too small.
func promoted(t *testing.T, data, name, sector string) {
	t.Helper()
	in, err := instance.Open(t.Context(), instance.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	all, err := in.Registry.Versions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if strings.HasPrefix(v.ID, "tuned/"+name+"/") {
			_, err = in.Store.ChangeSetting(t.Context(), store.SettingChange{
				Name: "alias/" + registry.SectorOf + sector, Value: v.ID, Since: -1, Action: registry.Promoted, By: "李四", Reason: "a test",
			})
			if err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no %s among %d models", name, len(all))
}
