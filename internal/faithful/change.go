package faithful

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// cut is a part of a field of a patent, in code points.
type cut struct {
	field string
	text.Range
}

func cutsOf(spans []match.Span) []cut {
	var out []cut
	for _, s := range spans {
		out = append(out, cut{s.Field, text.Range{Start: s.Start, End: s.End}})
	}
	return out
}

// size is the number of code points that cuts cover, overlaps once.
func size(cuts []cut) int {
	n := 0
	for _, c := range merged(cuts) {
		n += c.End - c.Start
	}
	return n
}

// merged orders cuts and joins those that overlap.
func merged(cuts []cut) []cut {
	cuts = slices.Clone(cuts)
	slices.SortFunc(cuts, func(a, b cut) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var out []cut
	for _, c := range cuts {
		if n := len(out); n > 0 && out[n-1].field == c.field && c.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, c.End)
			continue
		}
		out = append(out, c)
	}
	return out
}

// without is the patent without the cuts.
func without(p *match.Patent, cuts []cut) *match.Patent {
	out := *p
	cuts = merged(cuts)
	out.Title = remaining(p.Title, "title", cuts)
	out.Abstract = remaining(p.Abstract, "abstract", cuts)
	out.Claims = remaining(p.Claims, "claims", cuts)
	return &out
}

func remaining(s, field string, cuts []cut) string {
	runes := []rune(s)
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		if c.field == field {
			b.WriteString(string(runes[at:c.Start]))
			at = c.End
		}
	}
	b.WriteString(string(runes[at:]))
	return b.String()
}

// lengths of the fields of a patent, in code points.
type layout []cut

func layoutOf(p *match.Patent) layout {
	var out layout
	for _, f := range []struct{ name, text string }{{"title", p.Title}, {"abstract", p.Abstract}, {"claims", p.Claims}} {
		if n := len([]rune(f.text)); n > 0 {
			out = append(out, cut{f.name, text.Range{Start: 0, End: n}})
		}
	}
	return out
}

func (l layout) total() int { return size(l) }

// random draws pieces as long as the given ones, each anywhere in the text, and none over
// another. Where no place is found for one, it is left out after many tries.
func (l layout) random(of []cut, r *rand.Rand) []cut {
	var out []cut
	for _, c := range of {
		length := c.End - c.Start
	tries:
		for range 200 {
			at := r.IntN(l.total())
			for _, f := range l {
				if at >= f.End {
					at -= f.End
					continue
				}
				one := cut{f.field, text.Range{Start: at, End: at + length}}
				if one.End <= f.End && !slices.ContainsFunc(out, one.overlaps) {
					out = append(out, one)
					break tries
				}
				break
			}
		}
	}
	return out
}

func (c cut) overlaps(o cut) bool { return c.field == o.field && c.Start < o.End && o.Start < c.End }

// reordered is the patent with the sentences of its abstract in another order.
func reordered(p *match.Patent, r *rand.Rand) *match.Patent {
	var sentences []string
	for _, at := range text.Sentences(p.Abstract) {
		sentences = append(sentences, text.Slice(p.Abstract, at))
	}
	r.Shuffle(len(sentences), func(i, j int) { sentences[i], sentences[j] = sentences[j], sentences[i] })
	out := *p
	out.Abstract = strings.Join(sentences, "")
	return &out
}

// synonyms are words of patents and others that say the same.
var synonyms = strings.NewReplacer(
	"本发明公开了", "本发明提供了", "本发明涉及", "本发明提出", "一种", "一类", "采用", "利用", "包括", "包含", "由", "以", "降低", "减少", "提高", "提升", "达到", "达",
	"小于", "低于", "大于", "高于", "不超过", "不高于", "适用于", "可用于", "用于", "用在", "制备", "制取", "方法", "办法", "装置", "设备", "无需", "不需要", "成本", "费用",
	"优选", "宜为", "形成", "构成", "实现", "做到", "能够", "可以", "与", "和", "同时", "并且", "时间", "时长", "温度", "温度值", "The invention discloses", "The invention provides",
	"comprises", "includes", "reduces", "lowers", "improves", "raises", "method", "process",
)

// paraphrased is the patent in other words: each word of synonyms changed for its like.
func paraphrased(p *match.Patent) *match.Patent {
	out := *p
	out.Title, out.Abstract, out.Claims = synonyms.Replace(p.Title), synonyms.Replace(p.Abstract), synonyms.Replace(p.Claims)
	return &out
}
