package vocabulary

import (
	"fmt"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestRegionsByCodeAndName(t *testing.T) {
	for in, want := range map[string]string{
		"440300": "440300", "4403": "4403", "44": "44", "广东": "44", "广东省深圳市": "44", "深圳": "44", "深圳市南山区": "44",
		"北京市海淀区": "11", "新疆维吾尔自治区": "65", "内蒙古": "15", "陕西省": "61", "山西": "14", "中国江苏": "32", "江苏;苏州": "32",
		"海南省": "46", "海南藏族自治州": "63", "吉林市": "22", "延边朝鲜族自治州": "22", "锡林郭勒盟": "15", "Beijing": "11", "香港特别行政区": "81",
		"河南省 郑州市": "41", "大理白族自治州": "53", "台湾省": "71",
	} {
		if got, ok := Region(in); !ok || got != want {
			t.Errorf("%s is %q (%v), want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"火星", "美国", "1", "4403001", "中国", "市", "990000", "16", "4703", "000000"} {
		if got, ok := Region(in); ok {
			t.Errorf("%s is %s", in, got)
		}
	}
}

func TestNoCityIsTakenForAnotherProvince(t *testing.T) {
	for name, code := range cities {
		if got, ok := Region(name + "市"); !ok || got != code {
			t.Errorf("%s is in %s (%v), want %s", name, got, ok, code)
		}
	}
	if len(provinces) != 34 {
		t.Errorf("%d provinces", len(provinces))
	}
	known := 0
	for code := range 100 {
		if match.KnownRegion(fmt.Sprintf("%02d", code)) {
			known++
		}
	}
	for _, p := range provinces {
		if !match.KnownRegion(p.code) {
			t.Errorf("%s (%s) is not known", p.code, p.name)
		}
	}
	if known != len(provinces) {
		t.Errorf("%d codes are known", known)
	}
}
