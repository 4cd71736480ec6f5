package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func TestListFlagsMakeAShapeAndNameTheFlagThatIsWrong(t *testing.T) {
	good := listFlags{MaxPerHolder: 2, Collapse: true, Diversity: 0.3, MoreLike: []string{"CN1"}, LessLike: []string{"CN2"}, Broaden: 5, Facets: true,
		Boost: []string{"region=浙江|44:strong", "transfer_mode = 开放许可：slight", "min-readiness=7"}}
	got, err := good.shape(match.PatentKind)
	want := match.Shape{
		MaxPerHolder: 2, Collapse: true, Diversity: 0.3, MoreLike: []string{"CN1"}, LessLike: []string{"CN2"}, MinHits: 5, Facets: true,
		Boosts: []match.Boost{
			{Filter: match.Filter{Regions: []string{"33", "44"}}, Level: match.StrongBoost},
			{Filter: match.Filter{TransferModes: []match.TransferMode{match.OpenLicence}}, Level: match.SlightBoost},
			{Filter: match.Filter{MinReadiness: 7}, Level: match.ModerateBoost},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for _, c := range []struct {
		flags  listFlags
		zh, en string
	}{
		{listFlags{Diversity: 2}, "--diversity：应在 0 到 1 之间", "--diversity: must be from 0 to 1"},
		{listFlags{MaxPerHolder: -1, Broaden: 101}, "--max-per-holder：-1 不在 0 到 200 之间；--broaden：101 不在 0 到 100 之间", "--max-per-holder: -1 is not in 0 to 200; --broaden: 101 is not in 0 to 100"},
		{listFlags{Boost: []string{"region=44:huge"}}, `--boost："huge" 不是 slight、moderate、strong（略微、适度、大幅）之一`, `--boost: "huge" is not one of slight, moderate, strong`},
		{listFlags{Boost: []string{"colour=red"}}, "--boost：应为 字段=值[:级别] 的形式，例如 region=浙江:strong", "--boost: is not of the form FIELD=VALUE[:LEVEL], such as region=浙江:strong"},
		{listFlags{Boost: []string{"enterprise-kind=sme"}}, "--boost：专利没有这个字段", "--boost: a patent has no such field"},
		{listFlags{MoreLike: []string{"a"}, LessLike: []string{"a"}}, `--less-like："a" 同时出现在 more_like 中`, `--less-like: "a" is in more_like as well`},
	} {
		_, err := c.flags.shape(match.PatentKind)
		if diff := cmp.Diff(match.LocalText{ZH: c.zh, EN: c.en}, match.Localised(err)); diff != "" {
			t.Error(diff)
		}
	}
	for flag, f := range map[string]listFlags{"--collapse": {Collapse: true}, "--boost": {Boost: []string{"x"}}, "--facets": {Facets: true}, "--broaden": {Broaden: 1}, "": {}} {
		if got := f.given(); got != flag {
			t.Errorf("%q is given, want %q", got, flag)
		}
	}
}

func TestMatchShapesItsListAndSaysSo(t *testing.T) {
	t.Setenv("LC_ALL", "en_US.UTF-8")
	bin, data, dir := built(t), t.TempDir(), t.TempDir()
	var rows strings.Builder
	about := []string{"低温放电容量高", "隔膜耐高温不收缩", "正极补锂提高首效", "硅碳负极膨胀小"}
	for i, what := range about {
		fmt.Fprintf(&rows, `{"number": "CN%d", "title": "锂电池%s的方法", "abstract": "一种锂离子电池，%s，用于叉车。", "applicants": [{"name": "甲大学", "kind": "university"}], "region": "440300", "family": "F%d"}`+"\n", i, what, what, i/3)
	}
	rows.WriteString(`{"number": "CN9", "title": "锂电池低温电解液", "abstract": "电解液在低温下不凝固。", "region": "330100", "transfer_modes": ["open_licence"]}` + "\n")
	files := map[string]string{"demands": `{"id": "D1", "title": "低温锂电池", "text": "叉车用锂电池低温放电容量要高。"}` + "\n", "patents": rows.String()}
	for kind, content := range files {
		path := filepath.Join(dir, kind+".jsonl")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		fails(t, 0, nil, bin, "import", "--data", data, "--kind", kind, path)
	}
	ask := []string{"match", "--data", data, "--demand", "D1"}
	fails(t, 0, []string{"2 hits are the same as others or nearly so", "= CN", "of the same patent family F0", "1 hits are beyond what one holder may have"},
		bin, append(ask, "--max-per-holder", "1", "--collapse")...)
	fails(t, 0, []string{"region: guangdong 44 (4), zhejiang 33 (1)"}, bin, append(ask, "--facets")...)
	fails(t, 0, []string{"地区: 广东 44 (4), 浙江 33 (1)", "符合优先条件（地区 33），大幅提升：+1.00"}, bin, append(ask, "--facets", "--boost", "region=浙江:strong", "--lang", "zh")...)
	fails(t, 0, []string{"1 hits meet the whole filter", "without the condition on transfer mode: 5 hits", "does not meet: transfer mode"}, bin, append(ask, "--transfer-mode", "open_licence", "--broaden", "3")...)
	fails(t, exitFailed, []string{"--more-like: there is no such record"}, bin, append(ask, "--more-like", "none")...)
	fails(t, exitUsage, []string{"--facets: is for a single record"}, bin, "match", "--data", data, "--all", "--facets")
	fails(t, 0, []string{`"over_cap": 3`, `"placement"`}, bin, append(ask, "--max-per-holder", "1", "--json")...)
}
