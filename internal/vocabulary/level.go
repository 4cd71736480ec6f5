package vocabulary

import (
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// LevelName is the name of a level in the API, such as rather_strong.
type LevelName string

// LevelNames are the levels from match.NoFit up, with the words that stand for them.
var LevelNames = Enum[LevelName]{[]LevelName{"none", "weak", "rather_strong", "strong"}, "level_", words[LevelName]{
	"none":          "无 无关 不相关 不匹配 无匹配 1",
	"weak":          "弱 弱匹配 弱相关 2",
	"rather_strong": "较强 较强匹配 较强相关 3",
	"strong":        "强 强匹配 强相关 4",
}.byWord()}

// Level gives the level that s stands for: its number, its name in the API, or a
// word for it. It reports false for anything else.
func Level(s string) (match.Level, bool) {
	name, _ := LevelNames.Find(s)
	i := slices.Index(LevelNames.Values, name)
	return match.NoFit + match.Level(max(i, 0)), i >= 0
}

// LevelWords names a level, one of match.NoFit to match.StrongFit.
func LevelWords(l match.Level) match.LocalText {
	return [...]match.LocalText{
		{ZH: "无关", EN: "none"}, {ZH: "弱", EN: "weak"}, {ZH: "较强", EN: "rather strong"}, {ZH: "强", EN: "strong"},
	}[l-match.NoFit]
}
