package intake

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func TestWishesAreFoundInPlainWords(t *testing.T) {
	for _, c := range []struct {
		name, title, body string
		want              []Element
	}{
		{"a complaint stands for its cure", "", "夏天货送到常常已经失效。", []Element{{Efficacy, "text", 0, 11, "夏天货送到常常已经失效"}}},
		{"words that only want are left out", "", "希望能自动识别断经。", []Element{{Efficacy, "text", 3, 9, "自动识别断经"}}},
		{"what is ruled out is a method", "", "染缸和流程不加工序", []Element{{Method, "text", 0, 9, "染缸和流程不加工序"}}},
		{"a use", "", "需要适合黏土地", []Element{{Application, "text", 2, 7, "适合黏土地"}}},
		{"a title that names no product", "监护仪老是乱叫", "", []Element{{Efficacy, "title", 0, 7, "监护仪老是乱叫"}}},
		{"a title that names one", "防爆储能电池的研发", "", nil},
		{"how things are is no wish", "", "我公司现有三条线", nil},
		{"nor are terms of business", "", "希望能提供样品和报价", nil},
		{"nor what has a figure", "", "要求漏检率≤1%", nil},
		{"nor a heading", "", "技术要求：\n", nil},
		{"English", "", "It must not slow down the line.", []Element{{Efficacy, "text", 0, 30, "It must not slow down the line"}}},
		{"emoji", "😀", "😀😀", nil},
	} {
		if diff := cmp.Diff(c.want, Wishes(match.Texts{Title: c.title, Body: c.body})); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func FuzzWishesLieInTheText(f *testing.F) {
	f.Add("标题", "我厂夏天货常常失效，希望不要漏。")
	f.Add("", "：：，\n")
	f.Fuzz(func(t *testing.T, title, body string) {
		for _, e := range Wishes(match.Texts{Title: title, Body: body}) {
			content := []rune(body)
			if e.Field == "title" {
				content = []rune(title)
			}
			if string(content[e.Start:e.End]) != e.Text {
				t.Errorf("%+v is not at its place", e)
			}
		}
		Background(body)
	})
}
