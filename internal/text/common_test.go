package text

import "testing"

func TestTheLongestCommonSubstringIsFoundInLongTitlesToo(t *testing.T) {
	long := ""
	for range 50 {
		long += "甲乙"
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"锂电池隔膜", "新型电池隔膜", 4}, {"", "隔膜", 0}, {long, long, 100}} {
		if got := Longest([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
