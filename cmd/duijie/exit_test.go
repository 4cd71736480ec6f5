package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAnInterruptEndsEveryCommandWithItsOwnCode(t *testing.T) {
	bin, dir := built(t), t.TempDir()
	if out, code := printed(t, bin, "bench", "generate", "--pairs", "100000", "--out", dir); code != 0 {
		t.Fatal(out)
	}
	for _, c := range []struct {
		lang, said string
		args       []string
	}{
		{"en", "duijie: interrupted\n", []string{"evaluate", "--dataset", dir, "--split", "train", "--samples", "100000"}},
		{"zh", "duijie: 已中断\n", []string{"tune", "--dataset", dir, "--out", filepath.Join(dir, "m.duijie")}},
		{"zh", "duijie: 已中断\n", []string{"model", "tune", "--name", "m", "--by", "李四", "--data", sampleFolder(t)}},
		{"en", "duijie: interrupted\n", []string{"bench", "search", "--sizes", "300000"}},
	} {
		for _, after := range []time.Duration{600 * time.Millisecond, 3 * time.Second} {
			if c.args[0] == "model" && after > time.Second {
				continue // it is done by then
			}
			var said strings.Builder
			cmd := exec.Command(bin, append(c.args, "--lang", c.lang)...)
			cmd.Stderr = &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(after)
			sent := time.Now()
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the code tells
			if c.args[0] == "model" && cmd.ProcessState.Success() {
				continue // a fast machine was done before
			}
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.HasSuffix(said.String(), c.said) {
				t.Errorf("%v, interrupted after %v, ended with %d:\n%s", c.args, after, code, said.String())
			}
			if took := time.Since(sent); took > 20*time.Second {
				t.Errorf("%v ran on for %v", c.args, took)
			}
		}
	}
}

func TestAFolderWithoutDataIsNamedAndNotMade(t *testing.T) {
	bin, dir := built(t), t.TempDir()
	who := []string{"--by", "李四", "--reason", "a test"}
	for _, args := range [][]string{
		{"model", "list"}, {"model", "history"}, {"model", "datasets"}, {"model", "show", "national"},
		append([]string{"model", "rollback", "--alias", "national"}, who...), append([]string{"model", "retire", "x"}, who...),
		append([]string{"model", "promote", "x"}, who...), append([]string{"model", "shadow", "x"}, who...),
		{"model", "freeze", "x", "--by", "李四"}, {"model", "tune", "--name", "x", "--by", "李四"},
		{"pilot", "list"}, {"pilot", "report", "x"}, append([]string{"pilot", "end", "x"}, who...),
		{"label", "suggest"}, {"label", "agreement"}, {"label", "from-events"},
		{"label", "withdraw", "--demand", "a", "--patent", "b", "--rater", "c"},
		{"label", "set", "--demand", "a", "--patent", "b", "--rater", "c", "--level", "3"},
		{"reembed"}, {"reembed", "--pause"}, {"reembed", "--rollback"}, {"reembed", "--again"}, {"reembed", "--drop-old"},
		{"match", "--text", "电池"}, {"export", "--kind", "patents"},
	} {
		none := filepath.Join(dir, "none")
		code, out, errs := outputs(t, bin, append(args, "--data", none, "--lang", "en")...)
		if code != exitFailed || out != "" || !strings.Contains(errs, none+": holds no data; import some first") {
			t.Errorf("%v ended with %d:\n%s%s", args, code, out, errs)
		}
		if _, err := os.Stat(none); err == nil {
			t.Fatalf("%v made the folder", args)
		}
	}
	cmd := exec.Command(bin, "model", "list", "--lang", "en") // before anything was imported
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "duijie-zh") {
		t.Errorf("the built-in model is not listed: %v\n%s", err, out)
	}
	wantNames(t, dir)
}

func TestAPlaceThatCannotBeWrittenIsNamedBeforeTheWork(t *testing.T) {
	bin, dir := built(t), t.TempDir()
	plain := file(t, "plain", "a file")
	set := filepath.Join(dir, "no dataset") // which would be named, were it read first
	for _, c := range []struct {
		args []string
		out  string
		why  string
	}{
		{[]string{"tune", "--dataset", set}, filepath.Join(dir, "none", "m.duijie"), "没有这个文件或目录"},
		{[]string{"tune", "--dataset", set}, filepath.Join(plain, "m.duijie"), "不是目录"},
		{[]string{"tune", "--dataset", set}, dir, "是目录"},
		{[]string{"evaluate", "--dataset", set}, plain, "不是目录"},
		{[]string{"evaluate", "--dataset", set}, filepath.Join(plain, "a", "b"), "不是目录"},
		{[]string{"export", "--kind", "patents", "--data", sampleFolder(t)}, filepath.Join(dir, "none", "p.jsonl"), "没有这个文件或目录"},
	} {
		code, out, errs := outputs(t, bin, append(c.args, "--out", c.out, "--lang", "zh")...)
		if want := "duijie: " + c.out + "：" + c.why + "\n"; code != exitFailed || out != "" || errs != want {
			t.Errorf("%v ended with %d:\n%s%swant %s", c.args, code, out, errs, want)
		}
	}
	wantNames(t, dir)
	for _, path := range []string{dir, filepath.Join(dir, "new", "folder")} {
		if err := checkFolder(path); err != nil {
			t.Error(err)
		}
	}
	wantNames(t, dir)
}

func TestWhatIsNotThereFailsAndWhatCannotBeIsWrongUsage(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{
		{"tune", "--dataset", none, "--out", none + ".duijie"},
		{"evaluate", "--dataset", none},
		{"evaluate", "--faithfulness", none},
		{"model", "add", none, "--by", "x", "--data", none},
		{"intake", "--file", none},
		{"import", "--kind", "patents", none, "--data", t.TempDir()},
		{"restore", "--from", none, "--data", t.TempDir()},
		{"match", "--text", "电池", "--data", none},
		{"retry", "--data", none},
		{"status", "--data", none},
	} {
		wantExit(t, exitFailed, args...)
	}
	for _, args := range [][]string{
		{"evaluate"}, {"nosuch"}, {"import", "--kind", "x", none}, {"match", "--text", "电池", "--limit", "0", "--data", none},
		{"evaluate", "--faithfulness", "sample", "--demands", "0"}, {"model", "add", none},
		{"serve", "--data", t.TempDir(), "--listen", "nowhere", "--grpc", "127.0.0.1:0", "--metrics", "127.0.0.1:0"},
	} {
		wantExit(t, exitUsage, args...)
	}
}

func TestAnImpossibleValueOfAFlagOfEvaluateIsNamedInBothLanguages(t *testing.T) {
	bin, set := built(t), pairs(t)
	for name, c := range map[string]struct {
		args   []string
		zh, en string
	}{
		"a level off the scale":      {[]string{"--relevant", "9"}, "--relevant：9 不在 2 到 4 之间", "--relevant: 9 is not in 2 to 4"},
		"no samples":                 {[]string{"--samples", "0"}, "--samples：小于 1", "--samples: is below 1"},
		"a model twice":              {[]string{"--model", "bm25"}, `--model：有两个模型都叫 "bm25"`, `--model: two models are named "bm25"`},
		"a metric that is none":      {[]string{"--require", "foo@10 +0.01"}, `--require：没有 "foo@10" 这个指标`, `--require: "foo@10" is no metric`},
		"a metric without a rule":    {[]string{"--require", "ndcg@10"}, `--require："ndcg@10" 不是`, `--require: "ndcg@10" is not of the form`},
		"a rule without a margin":    {[]string{"--non-inferior", "sector"}, `--non-inferior："sector" 不是`, `--non-inferior: "sector" is not of the form`},
		"a candidate not measured":   {[]string{"--candidate", "x"}, `--candidate："x" 不在被测模型之中`, `--candidate: "x" is not measured`},
		"an override of nobody":      {[]string{"--require", "ndcg@10 +0.01", "--override", "a||"}, `--override："a||" 不是`, `--override: "a||" is not of the form`},
		"a metric of slices is none": {[]string{"--non-inferior", "labels/foo:0.1"}, `--non-inferior：没有 "foo" 这个指标`, `--non-inferior: "foo" is no metric`},
	} {
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			args := []string{"evaluate", "--lang", lang, "--dataset", set, "--model", "random", "--model", "bm25", "--baseline", "random"}
			if !slices.Contains(c.args, "--candidate") {
				args = append(args, "--candidate", "bm25")
			}
			if code, _, errs := outputs(t, bin, append(args, c.args...)...); code != exitUsage || !strings.Contains(errs, want) {
				t.Errorf("%s: exit %d, %s, want %s", name, code, errs, want)
			}
		}
	}
}
