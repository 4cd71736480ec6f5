package vocabulary

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Place is what the name of a region stands for.
type Place struct {
	// Code is that of GB/T 2260, of 2, 4 or 6 digits.
	Code string
	// Dropped is the end of the name, which stands for something within the code, such as a
	// district; empty where the code says all.
	Dropped string
}

// Region gives the code of the place that s names; see PlaceOf.
func Region(s string) (string, bool) {
	place, ok := PlaceOf(s)
	return place.Code, ok
}

// PlaceOf gives the place of a GB/T 2260 code, which is the code as it is, or of a name: of a
// province, of a division at prefecture level with or without its province (江苏省南京市, 佛山),
// or of a county-level place that belongs to no prefecture. Below these, names are dropped:
// 佛山市南海区 is 佛山.
//
// It reports false for a name that it does not know, for a code of no province, for one that
// names two places of which neither is in the other (浙江南京), and for a name that
// several places have (朝阳 is a city and, more often, a district of Beijing; 朝阳市 and 辽宁朝阳
// are the city).
func PlaceOf(s string) (Place, bool) {
	s = Fold(s)
	if match.KnownRegion(s) {
		return Place{Code: s}, true
	}
	s = strings.TrimLeft(regionNoise.Replace(s), "0123456789") // a postal code stands before addresses
	if behind := strings.TrimPrefix(s, "中国"); behind != "" {
		s = behind
	}
	for _, p := range provinces {
		if s == p.pinyin {
			return Place{Code: p.code}, true
		}
	}
	at, ok := divisionAt(s, "")
	if !ok || doubtful(s, at) {
		return Place{}, false
	}
	for next, deeper := divisionAt(at.rest, at.code); deeper; next, deeper = divisionAt(at.rest, at.code) {
		at = next
	}
	switch {
	case elsewhere(at):
		return Place{}, false
	case at.within:
		return Place{at.code, s}, true
	}
	return Place{at.code, at.rest}, true
}

// doubtful tells whether s, which begins with a division, may as well name something else: a
// name that others have too, or one of a city with something behind it that is no place in it.
func doubtful(s string, begins found) bool {
	if begins.classed {
		return false
	}
	if begins.province || begins.rest == "" {
		return ambiguous[s]
	}
	_, within := divisionAt(begins.rest, begins.code)
	return !within && !placeClass.MatchString(begins.rest)
}

// elsewhere tells whether what stands behind a division names one that is not in it.
func elsewhere(at found) bool {
	other, known := divisionAt(at.rest, "")
	return known && !strings.HasPrefix(other.code, at.code) && !doubtful(at.rest, other) && (other.classed || other.rest == "")
}

var regionNoise = strings.NewReplacer(" ", "", "-", "", "/", "", ";", "", ",", "", "、", "", "·", "", "_", "", "\t", "")

// found is a division that a text begins with.
type found struct {
	division
	classed bool   // the class stands behind the name: 佛山市
	rest    string // what stands behind both
}

// divisionAt finds the division within a code, of which the least deep one, that s begins with.
func divisionAt(s, within string) (out found, ok bool) {
	runes := []rune(s)
	for n := min(longestDivision, len(runes)); n > 1; n-- {
		name := string(runes[:n])
		for _, d := range divisions[name] {
			if !strings.HasPrefix(d.code, within) || len(d.code) <= len(within) {
				continue
			}
			rest := s[len(name):]
			class := prefectureClass.FindString(rest)
			if d.province {
				class = provinceClass.FindString(rest)
			}
			if class == "" && countyClass.MatchString(rest) || d.province && class == "市" && !municipalities[d.code] {
				continue
			}
			return found{d, class != "", rest[len(class):]}, true
		}
	}
	return found{}, false
}

var (
	provinceClass   = regexp.MustCompile(`^(省|市|特别行政区|(壮族|回族|维吾尔)?自治区)`)
	prefectureClass = regexp.MustCompile(`^(\p{Han}{0,10}?自治州|地区|市|盟|州|林区)`)
	// countyClass is what makes a name that of another place, at county level: 大同区 is not 大同,
	// nor 海南藏族自治州 in 海南.
	countyClass = regexp.MustCompile(`^(区|县|旗|州|\p{Han}*族自治)`)
	placeClass  = regexp.MustCompile(`(区|县|市|旗|镇|乡|村|街道)$`)
)

// ambiguous are names of divisions that other places have as well, and that are not taken for
// a division without its class or what it is in.
var ambiguous = map[string]bool{"朝阳": true, "兴安": true, "东方": true, "新星": true, "双河": true, "北屯": true, "白沙": true}

var municipalities = map[string]bool{"11": true, "12": true, "31": true, "50": true}

// provinces are the 34 units at province level (GB/T 2260).
var provinces = []struct{ code, name, pinyin string }{
	{"11", "北京", "beijing"}, {"12", "天津", "tianjin"}, {"13", "河北", "hebei"}, {"14", "山西", "shanxi"},
	{"15", "内蒙古", "innermongolia"}, {"21", "辽宁", "liaoning"}, {"22", "吉林", "jilin"}, {"23", "黑龙江", "heilongjiang"},
	{"31", "上海", "shanghai"}, {"32", "江苏", "jiangsu"}, {"33", "浙江", "zhejiang"}, {"34", "安徽", "anhui"},
	{"35", "福建", "fujian"}, {"36", "江西", "jiangxi"}, {"37", "山东", "shandong"}, {"41", "河南", "henan"},
	{"42", "湖北", "hubei"}, {"43", "湖南", "hunan"}, {"44", "广东", "guangdong"}, {"45", "广西", "guangxi"},
	{"46", "海南", "hainan"}, {"50", "重庆", "chongqing"}, {"51", "四川", "sichuan"}, {"52", "贵州", "guizhou"},
	{"53", "云南", "yunnan"}, {"54", "西藏", "tibet"}, {"61", "陕西", "shaanxi"}, {"62", "甘肃", "gansu"},
	{"63", "青海", "qinghai"}, {"64", "宁夏", "ningxia"}, {"65", "新疆", "xinjiang"}, {"71", "台湾", "taiwan"},
	{"81", "香港", "hongkong"}, {"82", "澳门", "macao"},
}

// prefectures are the divisions at prefecture level of each province (GB/T 2260 as it stands
// since 2021), without their classes and in the order of their codes, which count from 01 or
// from the number before a name.
var prefectures = map[string]string{
	"13": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
	"14": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
	"15": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 22 兴安 25 锡林郭勒 29 阿拉善",
	"21": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
	"22": "长春 吉林 四平 辽源 通化 白山 松原 白城 24 延边",
	"23": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 27 大兴安岭",
	"32": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
	"33": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
	"34": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 10 黄山 滁州 阜阳 宿州 15 六安 亳州 池州 宣城",
	"35": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
	"36": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
	"37": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 13 临沂 德州 聊城 滨州 菏泽",
	"41": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店",
	"42": "武汉 黄石 十堰 05 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 28 恩施",
	"43": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 31 湘西",
	"44": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 12 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 51 潮州 揭阳 云浮",
	"45": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
	"46": "海口 三亚 三沙 儋州",
	"51": "成都 03 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 13 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 32 阿坝 甘孜 凉山",
	"52": "贵阳 六盘水 遵义 安顺 毕节 铜仁 23 黔西南 26 黔东南 黔南",
	"53": "昆明 03 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 23 楚雄 25 红河 文山 28 西双版纳 大理 31 德宏 33 怒江 迪庆",
	"54": "拉萨 日喀则 昌都 林芝 山南 那曲 25 阿里",
	"61": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
	"62": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 29 临夏 甘南",
	"63": "西宁 海东 22 海北 黄南 25 海南 果洛 玉树 海西",
	"64": "银川 石嘴山 吴忠 固原 中卫",
	"65": "乌鲁木齐 克拉玛依 04 吐鲁番 哈密 23 昌吉 27 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 40 伊犁 42 塔城 阿勒泰",
}

// counties are county-level places that belong to no prefecture, and the few of others that
// are known by their own name, from the number before the name on.
var counties = map[string]string{
	"3205": "83 昆山", "3307": "82 义乌", "4190": "济源", "4290": "04 仙桃 潜江 天门 21 神农架",
	"4690": "五指山 琼海 05 文昌 万宁 东方 21 定安 屯昌 澄迈 临高 白沙 昌江 乐东 陵水 保亭 琼中",
	"6104": "03 杨凌", "6590": "石河子 阿拉尔 图木舒克 五家渠 北屯 铁门关 双河 可克达拉 昆玉 胡杨河 新星 白杨",
}

// uncoded are places that have a name and no code of their own here, by the province that they are in.
var uncoded = map[string]string{"13": "雄安", "71": "台北 高雄 台中 台南 新竹 新北 桃园"}

// division is a unit of GB/T 2260, or a place within one that has no code of its own.
type division struct {
	code             string
	province, within bool
}

// divisions are all of them by their names, those with shorter codes first.
var divisions, longestDivision = divisionsByName()

func divisionsByName() (out map[string][]division, longest int) {
	out = map[string][]division{}
	add := func(name string, d division) {
		out[name] = append(out[name], d)
		longest = max(longest, len([]rune(name)))
	}
	for _, p := range provinces {
		add(p.name, division{p.code, true, false})
	}
	for _, lists := range []map[string]string{prefectures, counties} {
		for above, list := range lists {
			next := 1
			for _, word := range strings.Fields(list) {
				if n, err := strconv.Atoi(word); err == nil {
					next = n
					continue
				}
				add(word, division{code: fmt.Sprintf("%s%02d", above, next)})
				next++
			}
		}
	}
	for above, list := range uncoded {
		for _, name := range strings.Fields(list) {
			add(name, division{above, false, true})
		}
	}
	return out, longest
}

// RegionWords names the province of a GB/T 2260 code, with the code; one that is not known is
// the code.
func RegionWords(code string) match.LocalText {
	for _, p := range provinces {
		if strings.HasPrefix(code, p.code) {
			return match.LocalText{ZH: p.name + " " + code, EN: p.pinyin + " " + code}
		}
	}
	return match.LocalText{ZH: code, EN: code}
}

// Alias gives the name of an alias of models with the code of a province in the place of its
// name, or of that of a place in it: region/广东 is region/44. Others stay as they are.
func Alias(name string) string {
	region, ok := strings.CutPrefix(name, "region/")
	if code, known := Region(region); ok && known {
		return "region/" + code[:2]
	}
	return name
}
