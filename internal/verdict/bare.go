package verdict

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// reading is how figures without a unit are read that package quantity leaves out. A match
// of the pattern is a figure that reaches from its first group to its last.
type reading struct {
	pattern *regexp.Regexp
	read    func(groups []string) quantity.Quantity
	// cased patterns look at letters as they are written: M8 is a thread and m3 a volume.
	cased bool
}

// readings are of classes such as IP68, B1级, M64 and pencils' hardness, of fire ratings
// (EI 60 is an hour), of sums of money as people talk (一套一万五以内, 成本降到120), and of what is
// said without a number (降一半, 当天做完, 百纳秒级).
var readings = []reading{
	{pattern: regexp.MustCompile(`(?:^|[^a-z0-9])(ipx|ip|p|d|c|sil)[ -]?([0-9]{1,3})(?:[^a-z0-9.%]|\.[^0-9]|\.?$)`),
		read: func(g []string) quantity.Quantity { return class(g[0]+g[1], g[0], g[1]) }},
	{pattern: regexp.MustCompile(`(?:^|[^a-z])([ab])([12]? ?级)`), read: burning},
	{pattern: regexp.MustCompile(`(?:^|[^a-z])(5?v[ab]?)(-[012])?(?:[^a-z0-9]|$)`), read: plastic},
	{pattern: regexp.MustCompile(`(?:^|[^A-Za-z0-9])(M)([4-9]|[1-9][0-9]{1,2})(?:[~～-]M?([0-9]{1,3}))?(?:[^A-Za-z0-9.%×²³/]|\.?$)`), read: thread, cased: true},
	{pattern: regexp.MustCompile(`(?:^|[^a-z0-9])r?ei ?([0-9]{2,3})(?:[^a-z0-9.%]|\.[^0-9]|\.?$)`),
		read: func(g []string) quantity.Quantity { return amountOf(g[0], "min", quantity.AtLeast) }},
	{pattern: regexp.MustCompile(`(?:硬度|hardness)[^0-9a-z，。,;；]{0,8}([1-9]?)(h|b|hb|f)(?:[^a-z0-9]|$)`), read: pencil},
	{pattern: regexp.MustCompile(`1[:：]([0-9]{1,4}) ?(?:的?比?例?(?:稀释|兑)|dilut)`), read: thinned},
	{pattern: regexp.MustCompile(`(?:稀释|兑水)[^0-9]{0,6}1[:：]([0-9]{1,4})`), read: thinned},
	{pattern: regexp.MustCompile(`(?:降|减|少|省|缩短|节约|节省|砍)(?:低|少|掉|了|到|至|去|下来)?了?(一半)`), read: lessened},
	{pattern: regexp.MustCompile(`(?:cut|reduc[a-z]*|lower[a-z]*|down|less|fall[a-z]*|fell|drop[a-z]*|decreas[a-z]*|sav[a-z]*)(?: [a-z]+){0,3} (?:by|in) (?:at least |about )?(?:a |one )?(half|third|quarter)`), read: lessened},
	{pattern: regexp.MustCompile(`(十|百)(纳秒|微秒|毫秒|纳米|微米)(级)`),
		read: func(g []string) quantity.Quantity {
			return amountOf(map[string]string{"十": "10", "百": "100"}[g[0]], g[1], quantity.About)
		}},
	{pattern: regexp.MustCompile(`(当天|当日|same day|same-day)(?:做完|完成|完工|施工|出结果|出报告|就?能|可|使用|通车|开放|交付|拿)`),
		read: func([]string) quantity.Quantity { return amountOf("1", "d", quantity.AtMost) }},
	{pattern: regexp.MustCompile(`(?:钱|价|成本|费|预算|投资|硬件|设备|一套|一台|单台|每台|一箱).{0,8}?(?:(?:不超|别超|不超过|降到|控制在)?([0-9]+|[一二两三四五六七八九十百千万]{2,})(?:以内|以下|左右)|(?:不超|别超|不超过|降到|控制在)([0-9]+)(?:[^0-9a-z.%]|$))`), read: sum},
	{pattern: regexp.MustCompile(`每[吨方亩套台]\p{Han}{0,2}?([一二两三四五六七八九]?[百千万][一二两三四五六七八九十百千万]*)(?:以内|以下|左右)`), read: sum},
}

var one, _ = quantity.ParseUnit("1")

// bare finds such figures of a field outside of those already found.
func (r *Record) bare(field int, found []quantity.Quantity) []quantity.Quantity {
	folded, written := string(r.fields[field].folded), string(r.fields[field].runes)
	var out []quantity.Quantity
	for i := range readings {
		s := folded
		if readings[i].cased {
			s = written
		}
		for _, m := range readings[i].pattern.FindAllStringSubmatchIndex(s, -1) {
			q := readings[i].in(s, m)
			taken := func(o quantity.Quantity) bool { return o.Start < q.End && q.Start < o.End }
			if q.Unit != (quantity.Unit{}) && !slices.ContainsFunc(found, taken) && !slices.ContainsFunc(out, taken) && r.reads(field, q.Start) {
				out = append(out, q)
			}
		}
	}
	return out
}

// in reads the figure of a match of s; groups that take no part are empty.
func (a *reading) in(s string, m []int) quantity.Quantity {
	from, to := len(s), 0
	groups := make([]string, len(m)/2-1)
	for n := range groups {
		if start, end := m[2*n+2], m[2*n+3]; start >= 0 {
			groups[n] = s[start:end]
			from, to = min(from, start), max(to, end)
		}
	}
	q := a.read(groups)
	q.Start = utf8.RuneCountInString(s[:from])
	q.End = q.Start + utf8.RuneCountInString(s[from:to])
	return q
}

// burning is the class of a material in a fire: A is above B.
func burning(g []string) quantity.Quantity {
	level := "1"
	if g[0] == "a" {
		level = "2"
	}
	return class(g[0]+g[1], "of fire", level)
}

// plastic is the class of a plastic in a flame, by UL 94: 5VA is above V-0, and that above V-2. A V
// alone is none.
func plastic(g []string) quantity.Quantity {
	level := map[string]string{"5va": "5", "5vb": "4", "v-0": "3", "v-1": "2", "v-2": "1"}[g[0]+g[1]]
	if level == "" {
		return quantity.Quantity{}
	}
	return class(g[0]+g[1], "of plastics", level)
}

// thread is the size of a screw's, or from which to which.
func thread(g []string) quantity.Quantity {
	q := class(g[0]+g[1], "of threads", g[1])
	q.Comparison = quantity.Equal
	if g[2] != "" {
		q.Comparison = quantity.Range
		q.High, _ = strconv.ParseFloat(g[2], 64)
	}
	return q
}

// thinned is by how much something is diluted.
func thinned(g []string) quantity.Quantity { return amountOf(g[0], "倍", quantity.Equal) }

// sum is an amount of money, a limit where nothing else is said; the zero quantity where the
// groups hold no number.
func sum(g []string) quantity.Quantity {
	if read := quantity.Parse("不超过" + strings.Join(g, "") + "元"); len(read) == 1 {
		return read[0]
	}
	return quantity.Quantity{}
}

// shares are parts in percent.
var shares = map[string]string{"一半": "50", "half": "50", "third": "33.3", "quarter": "25"}

// amountOf is a number in a unit.
func amountOf(number, unit string, comparison quantity.Comparison) quantity.Quantity {
	q := quantity.Quantity{Comparison: comparison}
	q.Unit, _ = quantity.ParseUnit(unit)
	q.Low, _ = strconv.ParseFloat(number, 64)
	q.High = q.Low
	return q
}

// lessened is a decrease by a part that is named.
func lessened(g []string) quantity.Quantity {
	q := amountOf(shares[g[0]], "%", quantity.Equal)
	q.Change = quantity.Decrease
	return q
}

// pencil is the hardness of a pencil that does not scratch: 2B, B, HB, F, H, 2H.
func pencil(g []string) quantity.Quantity {
	level, _ := strconv.Atoi(cmp.Or(g[0], "1"))
	switch g[1] {
	case "b":
		level = -level
	case "hb", "f":
		level = 0
	}
	return class(g[0]+g[1], "of pencils", strconv.Itoa(level))
}

// class is a class of which a higher one is better, with what is written as its symbol.
func class(written, kind, level string) quantity.Quantity {
	q := quantity.Quantity{Unit: one, Comparison: quantity.AtLeast}
	q.Unit.Symbol, q.Unit.Kind = strings.ToUpper(written), classKind+kind
	q.Low, _ = strconv.ParseFloat(level, 64)
	q.High = q.Low
	return q
}

// classKind begins the kinds of classes.
const classKind = "class "

// reads tells whether a place of a field is among the parts of it that are read.
func (r *Record) reads(field, at int) bool {
	within := r.fields[field].within
	return within == nil || slices.ContainsFunc(within, func(w text.Range) bool { return w.Start <= at && at < w.End })
}
