package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPoolSaysWhichPatentsServeADemandTogether(t *testing.T) {
	t.Setenv("LC_ALL", "en_US.UTF-8")
	bin, data, dir := built(t), t.TempDir(), t.TempDir()
	for kind, rows := range map[string]string{
		"demands": `{"id": "D1", "title": "耐磨涂层", "text": "喷涂耐磨涂层，要求硬度不低于60HRC，厚度≤2mm。"}` + "\n",
		"patents": `{"number": "CN1", "title": "一种耐磨涂层", "abstract": "一种喷涂耐磨涂层，涂层硬度为64HRC。"}` + "\n" +
			`{"number": "CN2", "title": "一种薄层耐磨涂层的喷涂方法", "abstract": "喷涂耐磨涂层的方法，涂层厚度为1.5mm。", "transfer_modes": ["open_licence"]}` + "\n",
	} {
		path := filepath.Join(dir, kind+".jsonl")
		if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
		fails(t, 0, nil, bin, "import", "--data", data, "--kind", kind, path)
	}
	fails(t, 0, []string{"2 patents of 2 holders: ", "✓ covered「硬度不低于60HRC」covered by patent CN1", "covered by patent CN2", "(under an open licence)"}, bin, "pool", "--data", data, "--demand", "D1")
	fails(t, 0, []string{"由专利 CN1 满足", "要求≥60HRC，专利为64HRC，满足。", "可开放许可"}, bin, "pool", "--data", data, "--demand", "D1", "--lang", "zh")
	fails(t, 0, []string{"1 patent of 1 holder", "not covered, but by 1 patent beyond the size of the pool"}, bin, "pool", "--data", data, "--demand", "D1", "-n", "1")
	fails(t, 0, []string{`"exact": true`, `"VERDICT_COVERED"`}, bin, "pool", "--data", data, "--text", "要求涂层硬度不低于60HRC", "--title", "耐磨涂层", "--json")
	fails(t, exitUsage, []string{"--max-patents: 11 is not in 1 to 10"}, bin, "pool", "--data", data, "--demand", "D1", "-n", "11")
	fails(t, exitFailed, []string{"demand none: there is no such record"}, bin, "pool", "--data", data, "--demand", "none")
}
