package vocabulary

import (
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
	industryNoise = strings.NewReplacer("、", "", ",", "", "，", "", " ", "")
)

// Industry gives the GB/T 4754 code of an industry: a code as it is, in upper case,
// and the name of a section as its letter. It reports false for anything else,
// and for a code of a division that is not in its section.
func Industry(s string) (string, bool) {
	if upper := strings.ToUpper(strings.TrimSpace(HalfWidth(s))); match.KnownIndustry(upper) {
		return upper, true
	}
	if i := slices.Index(industrySections, industryNoise.Replace(s)); i >= 0 {
		return string(rune('A' + i)), true
	}
	return "", false
}
