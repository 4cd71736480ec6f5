package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/duijie/duijie/internal/faithful"
)

func TestMatchSaysWhatIsServedAndWhatIsNot(t *testing.T) {
	t.Setenv("LC_ALL", "en_US.UTF-8")
	bin, data, dir := built(t), t.TempDir(), t.TempDir()
	write := func(name, rows string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	demands := write("demands.jsonl", `{"id": "D1", "title": "耐磨涂层", "text": "要求硬度不低于60HRC，厚度≤2mm，不能开裂。", "transfer_modes": ["licence"]}`+"\n")
	patents := write("patents.jsonl", `{"number": "CN1", "title": "一种耐磨涂层", "abstract": "涂层硬度为64HRC，厚度3mm。采用预热后能耗降低20%。", "transfer_modes": ["licence"]}`+"\n")
	fails(t, 0, nil, bin, "import", "--data", data, "--kind", "demands", demands)
	fails(t, 0, nil, bin, "import", "--data", data, "--kind", "patents", patents)
	fails(t, 0, []string{
		"✓ covered", "Required ≥60 HRC; the patent states 64 HRC: met.", "✗ contradicted", "Required ≤2 mm; the patent states 3 mm: not met.",
		"Not asked for, but offered: “采用预热后能耗降低20%”",
	}, bin, "match", "--data", data, "--demand", "D1", "--explain")
	fails(t, 0, []string{"For the holder:", "The way of transfer suits both: licence.", "Still missing:"}, bin, "match", "--data", data, "--patent", "CN1", "--explain")
	fails(t, 0, []string{"要求≥60HRC，专利为64HRC，满足。", "对专利权人：", "尚缺："}, bin, "match", "--data", data, "--patent", "CN1", "--explain", "--lang", "zh")
	fails(t, 0, []string{`"VERDICT_CONTRADICTED"`, `"ELEMENT_KIND_QUANTITY"`}, bin, "match", "--data", data, "--demand", "D1", "--explain", "--json")

	fails(t, 0, []string{"two-sided: forward ", "level: "}, bin, "match", "--data", data, "--demand", "D1", "--order", "mutual")
	fails(t, exitUsage, []string{"--order: is for a single record"}, bin, "match", "--data", data, "--all", "--order", "mutual")
	pairs := write("pairs.tsv", "D1\tCN1\n")
	fails(t, 0, []string{"level\tin_catalog\treverse\tmutual\nD1\tCN1\t", "Chances of levels hold for: "}, bin, "score", "--data", data, "--pairs", pairs)
	fails(t, 0, []string{`"calibration": {`}, bin, "score", "--data", data, "--pairs", pairs, "--json")

	fails(t, 0, []string{"CN1 is in the answer, at rank 1"}, bin, "why-not", "--data", data, "--demand", "D1", "--patent", "CN1")
	fails(t, 0, []string{"D1 在结果中，排第 1 位。"}, bin, "why-not", "--data", data, "--demand", "D1", "--patent", "CN1", "--missed", "demand", "--lang", "zh")
	fails(t, 0, []string{"CN1 does not meet the filter", "  required is region guangdong 44, it has not given\n", "What would bring it in: widen or drop"}, bin,
		"why-not", "--data", data, "--demand", "D1", "--patent", "CN1", "--region", "44")
	fails(t, exitFailed, []string{`"stage": "WHY_NOT_STAGE_UNKNOWN"`, "there is no patent CN9"}, bin, "why-not", "--data", data, "--demand", "D1", "--patent", "CN9", "--json")
	fails(t, exitFailed, []string{"demand D9"}, bin, "why-not", "--data", data, "--demand", "D9", "--patent", "CN1")

	llm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"choices":[{"message":{"content":"{\"sentences\":[{\"zh\":\"硬度64HRC达标。\",\"en\":\"A hardness of 64 HRC is enough.\",\"cites\":[\"P1\",\"P2\"]},{\"en\":\"Buy it.\"}],\"verdicts\":[{\"n\":1,\"verdict\":\"partly\",\"cites\":[\"P1\"]}]}"}}]}`)
	}))
	asked := []string{"match", "--data", data, "--demand", "D1", "--explain", "--llm-model", "m", "--llm-url", llm.URL}
	fails(t, 0, []string{"» A hardness of 64 HRC is enough."}, bin, asked...)
	fails(t, 0, []string{"the model says ≈ partly"}, bin, append(asked, "--review")...)
	fails(t, 0, []string{"\n#   模型复核 ≈ 部分满足"}, bin, "score", "--data", data, "--pairs", pairs, "--explain", "--review", "--llm-url", llm.URL, "--llm-model", "m", "--lang", "zh")
	fails(t, exitUsage, []string{"--llm-url: is needed"}, bin, "score", "--data", data, "--pairs", pairs, "--explain", "--review")
	fails(t, exitUsage, []string{"explanations"}, bin, "score", "--data", data, "--pairs", pairs, "--review", "--llm-url", llm.URL, "--llm-model", "m")
	llm.Close()
	fails(t, 0, []string{"review: ", "Required ≥60 HRC; the patent states 64 HRC: met."}, bin, append(asked, "--review")...)
	fails(t, 0, []string{"Note: not everything took part: wording: ", "Required ≥60 HRC; the patent states 64 HRC: met."}, bin, asked...)
	fails(t, exitUsage, []string{"--llm-url: is needed"}, bin, asked[:len(asked)-2]...)

	_, out := command(t, bin, "evaluate", "--faithfulness", data, "--json")
	var r faithful.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.Demands != 1 || r.Hits != 1 {
		t.Errorf("%v: %s", err, out)
	}
	fails(t, 0, []string{"demands, hits, hits with evidence            2, 20, "}, bin, "evaluate", "--faithfulness", "sample", "--demands", "2")
	fails(t, exitUsage, []string{"--demands: must be at least 1"}, bin, "evaluate", "--faithfulness", "sample", "--demands", "0")
	fails(t, exitFailed, []string{"holds no data"}, bin, "evaluate", "--faithfulness", t.TempDir())
	fails(t, exitUsage, nil, bin, "evaluate", "--faithfulness", "sample", "--dataset", dir)
}

func TestLinesAndRecordsThatAreLeftOutAreTold(t *testing.T) {
	t.Setenv("LC_ALL", "en_US.UTF-8")
	bin, data := built(t), t.TempDir()
	fails(t, 0, nil, bin, "import", "--data", data, "--kind", "demands", file(t, "demands.jsonl",
		`{"id": "D1", "title": "耐磨涂层"}`+"\n"+`{"id": "D2", "title": "耐磨涂层", "state": "closed"}`+"\n"))
	fails(t, 0, nil, bin, "import", "--data", data, "--kind", "patents", file(t, "patents.jsonl", `{"number": "CN1", "title": "一种耐磨涂层"}`+"\n"))

	broken := file(t, "broken.tsv", "D1\nD1\tCN1\n\tCN1\n")
	fails(t, exitRejected, []string{"\nD1\tCN1\t", "broken.tsv, line 1: lacks a cell", "broken.tsv, line 3: lacks a cell"}, bin, "score", "--data", data, "--pairs", broken)
	fails(t, exitRejected, []string{"第 1 行：缺少单元格"}, bin, "score", "--data", data, "--pairs", file(t, "none.tsv", "D1\n"), "--lang", "zh")

	fails(t, 0, []string{"1 record left out that cannot be had (1 not open); --include-unavailable"}, bin, "match", "--all", "--data", data)
	fails(t, 0, []string{`"demand_state": 1`}, bin, "match", "--all", "--data", data, "--out", filepath.Join(t.TempDir(), "all.tsv"), "--json")
}
