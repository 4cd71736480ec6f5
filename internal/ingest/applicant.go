package ingest

import (
	"strings"
	"unicode"

	"github.com/duijie/duijie/internal/match"
)

// kindRules are tried in order: a company of a hospital is a company, a hospital
// of a university a hospital, and the academy 中国科学院 no college.
var kindRules = []struct {
	ends, holds []string
	kind        match.ApplicantKind
}{
	{[]string{"公司", "厂", "集团", "企业", "合作社"}, []string{"有限公司", "股份公司"}, match.EnterpriseHeld},
	{nil, []string{"医院"}, match.Hospital},
	{nil, []string{"大学"}, match.University},
	{nil, []string{"研究院", "研究所", "科学院", "研究中心", "研究总院", "设计院"}, match.Institute},
	{nil, []string{"学院", "学校"}, match.University},
}

// guessKind tells from a Chinese name what an applicant is; empty is unknown. Two
// to four Chinese characters that nothing else fits are a person's name.
func guessKind(name string) match.ApplicantKind {
	name = strings.TrimSpace(name)
	for _, rule := range kindRules {
		for _, end := range rule.ends {
			if strings.HasSuffix(name, end) {
				return rule.kind
			}
		}
		for _, part := range rule.holds {
			if strings.Contains(name, part) {
				return rule.kind
			}
		}
	}
	count := 0
	for _, r := range name {
		if !unicode.Is(unicode.Han, r) {
			return ""
		}
		count++
	}
	if count >= 2 && count <= 4 {
		return match.Person
	}
	return ""
}
