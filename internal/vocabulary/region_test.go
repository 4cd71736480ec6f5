package vocabulary

import (
	"fmt"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestRegionsByCodeAndName(t *testing.T) {
	for in, want := range map[string]Place{
		"440300": {"440300", ""}, "4403": {"4403", ""}, "44": {"44", ""}, "广东": {"44", ""}, "Beijing": {"11", ""}, "陕西省": {"61", ""},
		"新疆维吾尔自治区": {"65", ""}, "内蒙古": {"15", ""}, "香港特别行政区": {"81", ""}, "台湾省": {"71", ""}, "中国江苏": {"32", ""}, "海南省": {"46", ""},
		// At prefecture level.
		"深圳": {"4403", ""}, "广东省深圳市": {"4403", ""}, "江苏省南京市": {"3201", ""}, "佛山": {"4406", ""}, "广东佛山": {"4406", ""}, "江苏;苏州": {"3205", ""},
		"河南省 郑州市": {"4101", ""}, "安徽、六安": {"3415", ""}, "广东·云浮": {"4453", ""}, "延边朝鲜族自治州": {"2224", ""}, "恩施州": {"4228", ""},
		"海南藏族自治州": {"6325", ""}, "海南州": {"6325", ""}, "青海海南": {"6325", ""}, "锡林郭勒盟": {"1525", ""}, "大理白族自治州": {"5329", ""}, "阿克苏地区": {"6529", ""},
		"吉林": {"22", ""}, "吉林市": {"2202", ""}, "吉林省吉林市": {"2202", ""}, "辽宁朝阳": {"2113", ""}, "朝阳市": {"2113", ""}, "兴安盟": {"1522", ""},
		"大兴安岭": {"2327", ""}, "克孜勒苏柯尔克孜自治州": {"6530", ""},
		// At county level.
		"昆山": {"320583", ""}, "江苏省苏州市昆山市": {"320583", ""}, "湖北仙桃": {"429004", ""}, "河南省济源市": {"419001", ""}, "石河子市": {"659001", ""},
		"海南省东方市": {"469007", ""}, "神农架林区": {"429021", ""},
		// With what is within.
		"佛山市南海区": {"4406", "南海区"}, "深圳市南山区": {"4403", "南山区"}, "深圳南山区": {"4403", "南山区"}, "广东深圳南山": {"4403", "南山"}, "北京市海淀区": {"11", "海淀区"}, "北京朝阳": {"11", "朝阳"},
		"长春市朝阳区": {"2201", "朝阳区"}, "苏州工业园区": {"3205", "工业园区"}, "台北市": {"71", "台北市"}, "雄安新区": {"13", "雄安新区"}, "河北雄安新区": {"13", "雄安新区"},
		"天津市河北区": {"12", "河北区"}, "大连市中山区": {"2102", "中山区"}, "昌吉回族自治州昌吉市": {"6523", "昌吉市"},
	} {
		if got, ok := PlaceOf(in); !ok || got != want {
			t.Errorf("%s is %+v (%v), want %+v", in, got, ok, want)
		}
	}
	for _, in := range []string{
		"火星", "美国", "1", "4403001", "中国", "市", "990000", "16", "4703", "000000", "", "北海道", "中山大学", "浙江南京", "江苏、浙江", "南京市苏州市",
		"朝阳", "朝阳区", "兴安", "大同区", "海南区", "河北区", "河南蒙古族自治县", "通化县", "东方", "深圳南山",
	} {
		if got, ok := PlaceOf(in); ok {
			t.Errorf("%s is %+v", in, got)
		}
	}
}

func TestEachDivisionIsFoundByItsNameInItsProvince(t *testing.T) {
	prefectures := 0
	for name, all := range divisions {
		for _, d := range all {
			if len(d.code) == 4 {
				prefectures++
			}
			if d.within || d.province {
				continue
			}
			province, _, _ := strings.Cut(RegionWords(d.code).ZH, " ")
			if got, ok := PlaceOf(province + name); !ok || got != (Place{d.code, ""}) {
				t.Errorf("%s is %+v (%v), want %s", name, got, ok, d.code)
			}
		}
	}
	if prefectures != 333 {
		t.Errorf("%d divisions at prefecture level", prefectures)
	}
}

func TestEachProvinceHasAKnownCode(t *testing.T) {
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

func TestARegionsAliasHasItsCode(t *testing.T) {
	for name, want := range map[string]string{
		"region/广东": "region/44", "region/广东省": "region/44", "region/Guangdong": "region/44", "region/深圳市": "region/44", "region/440300": "region/44",
		"region/44": "region/44", "region/nowhere": "region/nowhere", "sector/广东": "sector/广东", "national": "national",
	} {
		if got := Alias(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
