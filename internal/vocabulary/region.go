package vocabulary

import (
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Region gives the GB/T 2260 code of a region: a code as it is, a name as the
// code of its province. It reports false for a name that it does not know, and for a code
// of no province.
func Region(s string) (string, bool) {
	s = Fold(s)
	if match.KnownRegion(s) {
		return s, true
	}
	s = strings.NewReplacer(" ", "", "-", "", "/", "", ";", "", ",", "", "·", "", "_", "").Replace(s)
	if s != "中国" {
		s = strings.TrimPrefix(s, "中国")
	}
	for _, p := range provinces {
		if s == p.pinyin || strings.HasPrefix(s, p.name) && !falseFriends[prefectureName(s)] {
			return p.code, true
		}
	}
	code, ok := cities[prefectureName(s)]
	return code, ok
}

// prefectureName takes the class of a place off its name, and what stands behind
// it: 深圳市南山区 is 深圳.
func prefectureName(s string) string {
	for _, class := range []string{"自治州", "地区", "市", "盟"} {
		if name, _, ok := strings.Cut(s, class); ok && name != "" {
			return name
		}
	}
	return s
}

// falseFriends begin with the name of a province that they are not in.
var falseFriends = map[string]bool{"海南藏族": true}

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

// cities gives the province of a prefecture-level place. Names that begin with
// the name of another province than their own are in falseFriends.
var cities = citiesOf(map[string]string{
	"13": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安新区",
	"14": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
	"15": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善",
	"21": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
	"22": "长春 四平 辽源 通化 白山 松原 白城 延边 延边朝鲜族",
	"23": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭",
	"32": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山",
	"33": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌",
	"34": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
	"35": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
	"36": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
	"37": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
	"41": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
	"42": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 恩施土家族苗族 仙桃 潜江 天门 神农架",
	"43": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 湘西土家族苗族",
	"44": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮",
	"45": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
	"46": "海口 三亚 三沙 儋州",
	"51": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 阿坝藏族羌族 甘孜 甘孜藏族 凉山 凉山彝族",
	"52": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南 黔西南布依族苗族 黔东南苗族侗族 黔南布依族苗族",
	"53": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 楚雄彝族 红河 文山 西双版纳 大理 大理白族 德宏 怒江 迪庆",
	"54": "拉萨 日喀则 昌都 林芝 山南 那曲 阿里",
	"61": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 杨凌",
	"62": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 临夏回族 甘南 甘南藏族",
	"63": "西宁 海东 海北 海北藏族 黄南 黄南藏族 海南藏族 果洛 果洛藏族 玉树 玉树藏族 海西",
	"64": "银川 石嘴山 吴忠 固原 中卫",
	"65": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 昌吉回族 博尔塔拉 巴音郭楞 阿克苏 喀什 和田 伊犁 伊犁哈萨克 塔城 阿勒泰 石河子",
	"71": "台北 高雄 台中 台南 新竹 新北 桃园",
})

func citiesOf(byProvince map[string]string) map[string]string {
	out := map[string]string{}
	for code, names := range byProvince {
		for _, name := range strings.Fields(names) {
			out[name] = code
		}
	}
	return out
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
