package chat

import (
	"regexp"

	"github.com/duijie/duijie/internal/text"
)

// spoken are ways of speaking to a model. Patents and demands have no reason for them; a
// text that has one is left to people. The list is no proof against others.
var spoken = []*regexp.Regexp{
	regexp.MustCompile(`(ignore|disregard|forget)[^.]{0,30}(instruction|prompt|previous (rule|text))`),
	regexp.MustCompile(`system prompt|as an ai\b|language model[^.]{0,20}(must|should|answer)|"level"\s*:\s*[1-4]|"verdicts?"\s*:`),
	regexp.MustCompile(`(answer|reply|respond|rate|grade)[^.]{0,30}level\s*[1-4]\b`),
	regexp.MustCompile(`(忽略|无视|忘记|不要理会)[^。]{0,12}(指令|提示词|以上要求|上述要求|以上规则|评分标准|评审规则)`),
	regexp.MustCompile(`系统提示词|你是[^。]{0,6}(人工智能|语言模型|大模型|ai助手|评审模型)`),
	regexp.MustCompile(`(请|必须|务必|一律|直接)[^。]{0,4}(评|判|打|输出|回答|给出)[^。]{0,10}(等级\s*[为:]?\s*[1-4一二三四]|满分|最高(分|等级|级))`),
}

// Suspect tells whether a text speaks to a model.
func Suspect(s string) bool {
	folded := string(text.Folded(s))
	for _, r := range spoken {
		if r.MatchString(folded) {
			return true
		}
	}
	return false
}
