package main

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// listFlags say how the list is put together; see match.Shape.
type listFlags struct {
	MaxPerHolder int      `help:"Hits that one holder may have: of patents the first applicant, of demands the enterprise; 0 is any number. 每个权利人（或企业）最多显示几条。" placeholder:"N"`
	Collapse     bool     `help:"Show members of a family and near duplicates once. 同族专利和近乎相同的文本只显示一次。"`
	Diversity    float64  `help:"How far the first hits have to differ, 0 to 1. 结果多样性，0 到 1。" placeholder:"SHARE"`
	Boost        []string `help:"Lift what meets a condition: FIELD=VALUE[:slight|moderate|strong], several values with |. Fields are those of the filters: region=浙江|江苏:strong, transfer-mode=open_licence. 优先条件：字段=值[:级别]，级别为 slight、moderate、strong。" placeholder:"CONDITION"`
	MoreLike     []string `help:"Lift what is like these ids. 提升与这些记录相似的结果。" placeholder:"ID"`
	LessLike     []string `help:"Lower what is like these ids. 降低与这些记录相似的结果。" placeholder:"ID"`
	Broaden      int      `help:"Drop conditions of the filter, one after another, until there are so many hits. 结果不足时逐项放宽筛选条件，直到达到此数量。" placeholder:"N"`
	Facets       bool     `help:"Count the hits by region, sector, IPC section and more. 按地区、产业、IPC 部等统计结果。"`
	Exclusions   bool     `help:"Lower patents that name what the demand rules out by its name (不采用电镀). 涉及需求明确排除之物的专利排到后面。"`
}

// shape reads the flags, for hits of a kind. Its errors name the flags.
func (f listFlags) shape(wanted match.Kind) (match.Shape, error) {
	out := match.Shape{
		MaxPerHolder: f.MaxPerHolder, Collapse: f.Collapse, Diversity: f.Diversity,
		MoreLike: f.MoreLike, LessLike: f.LessLike, MinHits: f.Broaden, Facets: f.Facets, Exclusions: f.Exclusions,
	}
	for _, s := range f.Boost {
		b, err := boostOf(s)
		if err != nil {
			return out, err
		}
		out.Boosts = append(out.Boosts, b)
	}
	return out, shapeFlagged(out.Validate(wanted))
}

// given names a flag that was given; empty for none.
func (f listFlags) given() string {
	for _, flag := range []struct {
		name  string
		given bool
	}{
		{"--max-per-holder", f.MaxPerHolder != 0}, {"--collapse", f.Collapse}, {"--diversity", f.Diversity != 0}, {"--boost", len(f.Boost) > 0},
		{"--more-like", len(f.MoreLike) > 0}, {"--less-like", len(f.LessLike) > 0}, {"--broaden", f.Broaden != 0}, {"--facets", f.Facets}, {"--exclusions", f.Exclusions},
	} {
		if flag.given {
			return flag.name
		}
	}
	return ""
}

const boostForm = "is not of the form FIELD=VALUE[:LEVEL], such as region=浙江:strong"

// boostOf reads FIELD=VALUE[|VALUE][:LEVEL]; without a level it is moderate.
func boostOf(s string) (match.Boost, error) {
	field, rest, ok := strings.Cut(s, "=")
	b := match.Boost{Level: match.ModerateBoost}
	if value, level, leveled := strings.Cut(strings.ReplaceAll(rest, "：", ":"), ":"); leveled {
		rest, b.Level = value, match.BoostLevel(strings.TrimSpace(level))
	}
	if !ok || strings.TrimSpace(rest) == "" {
		return b, match.Invalidf("--boost", boostForm)
	}
	var given []string
	for v := range strings.SplitSeq(rest, "|") {
		given = append(given, strings.TrimSpace(v))
	}
	f := filterFlags{}
	var number int64
	field = strings.ReplaceAll(strings.TrimSpace(field), "_", "-")
	if field == "max-fee" || field == "min-budget" || field == "min-readiness" {
		var err error
		if number, err = strconv.ParseInt(given[0], 10, 64); err != nil {
			return b, match.Invalidf("--boost", "%q is not a whole number", given[0])
		}
	}
	switch field {
	case "region":
		f.Region = given
	case "ipc":
		f.IPC = given
	case "sector":
		f.Sector = given
	case "applicant-kind":
		f.ApplicantKind = given
	case "legal-status":
		f.LegalStatus = given
	case "transfer-mode":
		f.TransferMode = given
	case "tier":
		f.Tier = given
	case "pool":
		f.Pool = given
	case "industry":
		f.Industry = given
	case "enterprise-kind":
		f.EnterpriseKind = given
	case "max-fee":
		f.MaxFee = number
	case "min-budget":
		f.MinBudget = number
	case "min-readiness":
		f.MinReadiness = int(number)
	default:
		return b, match.Invalidf("--boost", boostForm)
	}
	b.Filter = vocabulary.Filter(f.filter())
	return b, nil
}

// shapeFlags names the flag of each field of a shape.
var shapeFlags = map[string]string{
	"max_per_holder": "--max-per-holder", "diversity": "--diversity", "boosts": "--boost",
	"more_like": "--more-like", "less_like": "--less-like", "min_hits": "--broaden",
}

var shapeField = regexp.MustCompile(`^([a-z_]+)(\[\d+\].*)?$`)

// shapeFlagged gives the faults of a shape the names of their flags.
func shapeFlagged(err error) error { return match.Renamed(err, byFlag(shapeField, shapeFlags)) }
