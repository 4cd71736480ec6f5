package retrieve

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
	"github.com/duijie/duijie/internal/vocabulary"
)

// NearDuplicate is the share of the distinct terms of two texts from which they count as
// nearly the same: no two of the records that were measured lie between 0.61 and 1; see
// evaluation/decisions/0023-lists.md.
const NearDuplicate = 0.8

// likeness is what of a record tells whether another one is as good as the same. What a demand
// keeps back takes no part: that two hits are one would tell of it.
type likeness struct {
	family, title string
	terms         []uint64 // sorted hashes of the distinct terms
}

func likenessOf(r *match.Record) (l likeness) {
	holder := holderOf(r)
	switch {
	case r.Patent != nil:
		l.family = strings.TrimSpace(r.Patent.Family)
		l.title = r.Patent.Title
		l.terms = text.Hashes(r.Patent.Texts().Full())
	case r.Demand.IsConfidential("text") || r.Demand.IsConfidential("title"):
		return l
	default:
		l.title = r.Demand.Title
		l.terms = text.Hashes(r.Demand.Texts().Full())
	}
	if l.title = normalised(l.title); l.title != "" && holder != "" {
		l.title += "\x00" + holder
	} else {
		l.title = ""
	}
	return l
}

// holderOf is the first applicant of a patent, or the enterprise of a demand, in the form in
// which names are compared; empty where there is none or it is kept back.
func holderOf(r *match.Record) string {
	switch {
	case r.Patent != nil && len(r.Patent.Applicants) > 0:
		return normalised(r.Patent.Applicants[0].Name)
	case r.Demand != nil && !r.Demand.IsConfidential("enterprise.name"):
		return normalised(r.Demand.Enterprise.Name)
	}
	return ""
}

// normalised is a name without case, width, white space and punctuation.
func normalised(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, vocabulary.Fold(s))
}

// jaccard is the share of the terms of any that both have; 0 where it is below least. It ends
// as soon as more terms are in one alone than that allows: of n terms on both sides together,
// n·(1 − least)/(1 + least). Hashes come in no order, so that this is soon for texts that are
// not alike.
func jaccard(a, b []uint64, least float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	allowed := float64(len(a)+len(b)) * (1 - least) / (1 + least)
	both, apart, i, k := 0, 0, 0, 0
	for i < len(a) && k < len(b) {
		switch {
		case a[i] == b[k]:
			both, i, k = both+1, i+1, k+1
			continue
		case a[i] < b[k]:
			i++
		default:
			k++
		}
		if apart++; float64(apart) > allowed+1e-9 {
			return 0
		}
	}
	if j := float64(both) / float64(len(a)+len(b)-both); j >= least {
		return j
	}
	return 0
}

// same tells why b counts as the same as a.
func (a *likeness) same(b *likeness) (match.CollapseReason, float64) {
	switch {
	case a.family != "" && a.family == b.family:
		return match.SameFamily, jaccard(a.terms, b.terms, 0)
	case a.title != "" && a.title == b.title:
		return match.SameTitle, jaccard(a.terms, b.terms, 0)
	}
	if j := jaccard(a.terms, b.terms, NearDuplicate); j > 0 {
		return match.NearDuplicate, j
	}
	return "", 0
}

// collapse keeps of candidates that count as the same the first one, which says which others
// it stands for. It returns how many were left out.
func collapse(list []*candidate) (kept []*candidate, hidden int) {
	var shown []likeness
	for _, c := range list {
		own := likenessOf(c.record)
		at, reason, similarity := -1, match.CollapseReason(""), 0.0
		for i := range shown {
			if reason, similarity = shown[i].same(&own); reason != "" {
				at = i
				break
			}
		}
		if at < 0 {
			shown, kept = append(shown, own), append(kept, c)
			continue
		}
		hidden++
		p := kept[at].placing
		p.Collapsed = append(p.Collapsed, match.Collapsed{Ref: c.record.Ref, Reason: reason, Similarity: similarity, Why: collapseWhy(c.record, reason, similarity)})
	}
	for _, c := range kept {
		if n := len(c.placing.Collapsed); n > 0 {
			c.placing.Why = append(c.placing.Why, match.LocalText{
				ZH: fmt.Sprintf("代表另外 %d 条相同或近乎相同的结果", n), EN: fmt.Sprintf("stands for %d more that are the same or nearly so", n),
			})
		}
	}
	return kept, hidden
}

func collapseWhy(r *match.Record, reason match.CollapseReason, similarity float64) match.LocalText {
	switch reason {
	case match.SameFamily:
		return match.LocalText{ZH: "同一专利族 " + r.Patent.Family, EN: "of the same patent family " + r.Patent.Family}
	case match.SameTitle:
		if r.Kind == match.DemandKind {
			return match.LocalText{ZH: "名称与企业相同", EN: "title and enterprise are the same"}
		}
		return match.LocalText{ZH: "名称与第一申请人相同", EN: "title and first applicant are the same"}
	}
	return match.LocalText{
		ZH: fmt.Sprintf("文本近乎相同：共有 %.0f%% 的词", 100*similarity),
		EN: fmt.Sprintf("nearly the same text: %.0f%% of the terms are in both", 100*similarity),
	}
}

// capHolders keeps the first hits of each holder. It returns how many were left out. What
// names no holder, or keeps it back, is kept.
func capHolders(list []*candidate, most int) (kept []*candidate, hidden int) {
	count := map[string]int{}
	for _, c := range list {
		holder := holderOf(c.record)
		if holder != "" {
			if count[holder]++; count[holder] > most {
				hidden++
				continue
			}
		}
		kept = append(kept, c)
	}
	return kept, hidden
}
