package vocabulary

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

var (
	// industrySections are the sections of GB/T 4754, A to T.
	industrySections = strings.Fields(`农林牧渔业 采矿业 制造业 电力热力燃气及水生产和供应业 建筑业 批发和零售业
		交通运输仓储和邮政业 住宿和餐饮业 信息传输软件和信息技术服务业 金融业 房地产业 租赁和商务服务业
		科学研究和技术服务业 水利环境和公共设施管理业 居民服务修理和其他服务业 教育 卫生和社会工作
		文化体育和娱乐业 公共管理社会保障和社会组织 国际组织`)
	// industryDivisions are the divisions of GB/T 4754-2017, from 01 to 97.
	industryDivisions = strings.Fields(`农业 林业 畜牧业 渔业 农林牧渔专业及辅助性活动
		煤炭开采和洗选业 石油和天然气开采业 黑色金属矿采选业 有色金属矿采选业 非金属矿采选业 开采专业及辅助性活动 其他采矿业
		农副食品加工业 食品制造业 酒饮料和精制茶制造业 烟草制品业 纺织业 纺织服装服饰业 皮革毛皮羽毛及其制品和制鞋业
		木材加工和木竹藤棕草制品业 家具制造业 造纸和纸制品业 印刷和记录媒介复制业 文教工美体育和娱乐用品制造业
		石油煤炭及其他燃料加工业 化学原料和化学制品制造业 医药制造业 化学纤维制造业 橡胶和塑料制品业 非金属矿物制品业
		黑色金属冶炼和压延加工业 有色金属冶炼和压延加工业 金属制品业 通用设备制造业 专用设备制造业 汽车制造业
		铁路船舶航空航天和其他运输设备制造业 电气机械和器材制造业 计算机通信和其他电子设备制造业 仪器仪表制造业 其他制造业
		废弃资源综合利用业 金属制品机械和设备修理业
		电力热力生产和供应业 燃气生产和供应业 水的生产和供应业
		房屋建筑业 土木工程建筑业 建筑安装业 建筑装饰装修和其他建筑业
		批发业 零售业
		铁路运输业 道路运输业 水上运输业 航空运输业 管道运输业 多式联运和运输代理业 装卸搬运和仓储业 邮政业
		住宿业 餐饮业
		电信广播电视和卫星传输服务 互联网和相关服务 软件和信息技术服务业
		货币金融服务 资本市场服务 保险业 其他金融业
		房地产业
		租赁业 商务服务业
		研究和试验发展 专业技术服务业 科技推广和应用服务业
		水利管理业 生态保护和环境治理业 公共设施管理业 土地管理业
		居民服务业 机动车电子产品和日用产品修理业 其他服务业
		教育
		卫生 社会工作
		新闻和出版业 广播电视电影和录音制作业 文化艺术业 体育 娱乐业
		中国共产党机关 国家机构 人民政协民主党派 社会保障 群众团体社会团体和其他成员组织 基层群众自治组织及其他组织
		国际组织`)
	industryForm  = regexp.MustCompile(`^([A-T]\d{2,4})[^\p{L}\d]*\p{Han}`)
	industryNoise = strings.NewReplacer("、", "", ",", "", "，", "", " ", "")
)

// divisionCode is a division with the letter of its section, of which there is one.
func divisionCode(number int) string {
	for section := 'A'; ; section++ {
		if code := fmt.Sprintf("%c%02d", section, number); match.KnownIndustry(code) {
			return code
		}
	}
}

// Industry gives the GB/T 4754 code of an industry: a code as it is, in upper case, also
// with its name behind it, the name of a section as its letter, and that of a division as its
// code, such as C39. It reports false for anything else,
// and for a code of a division that is not in its section.
func Industry(s string) (string, bool) {
	if upper := strings.ToUpper(strings.TrimSpace(HalfWidth(s))); match.KnownIndustry(upper) {
		return upper, true
	}
	name := industryNoise.Replace(strings.TrimSpace(s))
	if i := slices.Index(industrySections, name); i >= 0 {
		return string(rune('A' + i)), true
	}
	if i := slices.Index(industryDivisions, name); i >= 0 {
		return divisionCode(i + 1), true
	}
	if m := industryForm.FindStringSubmatch(strings.ToUpper(HalfWidth(s))); m != nil && match.KnownIndustry(m[1]) {
		return m[1], true
	}
	return "", false
}
