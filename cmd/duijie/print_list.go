package main

import (
	"fmt"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// writePlacement says why a hit is where it is, and which ones it stands for.
func writePlacement(b *strings.Builder, p *match.Placement, lang langFlag) {
	if p == nil {
		return
	}
	for _, why := range p.Why {
		fmt.Fprintf(b, "            · %s\n", lang.pick(why))
	}
	for _, c := range p.Collapsed {
		fmt.Fprintf(b, "              = %s  %s\n", c.Ref.ID, lang.pick(c.Why))
	}
}

// writeShaped says what was done to the list as a whole.
func writeShaped(b *strings.Builder, s *match.Shaped, lang langFlag) {
	if s == nil {
		return
	}
	say := func(zh, en string, args ...any) {
		b.WriteString(lang.pick(match.LocalText{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}) + "\n")
	}
	if s.Collapsed > 0 {
		say("%d 条相同或近乎相同的结果已合并", "%d hits are the same as others or nearly so, and not shown", s.Collapsed)
	}
	if s.OverCap > 0 {
		say("%d 条超过每个权利人的数量上限，未显示", "%d hits are beyond what one holder may have, and not shown", s.OverCap)
	}
	if x := s.Broadening; x != nil {
		say("符合全部筛选条件的有 %d 条", "%d hits meet the whole filter", x.Met)
		for _, step := range x.Steps {
			b.WriteString("  " + lang.pick(step.Why) + "\n")
		}
		if !x.Enough {
			say("放宽后仍不足所要的数量", "there are fewer than were asked for even so")
		}
	}
	for _, f := range s.Facets {
		var parts []string
		for _, v := range f.Values {
			parts = append(parts, fmt.Sprintf("%s (%d)", facetValue(f.Field, v.Value, lang), v.Count))
		}
		if f.Without > 0 {
			parts = append(parts, fmt.Sprintf("%s (%d)", lang.pick(match.LocalText{ZH: "未注明", EN: "not said"}), f.Without))
		}
		fmt.Fprintf(b, "%s: %s\n", lang.pick(match.FieldWords(f.Field)), strings.Join(parts, ", "))
	}
}

// facetValue names a value for people.
func facetValue(field, value string, lang langFlag) string {
	switch field {
	case match.FieldRegion:
		return lang.pick(vocabulary.RegionWords(value))
	case match.FieldLegalStatus:
		return lang.pick(match.LegalStatus(value).Words())
	case match.FieldTransferMode:
		return lang.pick(match.TransferMode(value).Words())
	case match.FieldApplicantKind:
		return lang.pick(match.ApplicantKind(value).Words())
	case match.FieldEnterpriseKind:
		return lang.pick(match.EnterpriseKind(value).Words())
	}
	return value
}
