package intake

import (
	"testing"

	"github.com/duijie/duijie/internal/text"
)

func TestNumbersOfListsAreNoPartOfAClause(t *testing.T) {
	for clause, want := range map[string]string{
		"1、远程无线控制技术": "远程无线控制技术", "2.环氧树脂层的内壁": "环氧树脂层的内壁", "(3)提高寿命": "提高寿命", "③精油提取": "精油提取", "一、需求内容": "需求内容",
		"2. longer life": "longer life", "1.5mm以下": "1.5mm以下", "3个月内": "3个月内", "一种涂层": "一种涂层", "10℃以下": "10℃以下", "1、": "1、", "24小时": "24小时",
	} {
		runes := text.Folded(clause)
		if got := string(runes[numbered(runes):]); got != want {
			t.Errorf("%s: %q, want %q", clause, got, want)
		}
	}
}
