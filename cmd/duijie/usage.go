package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/duijie/duijie/internal/match"
)

// langOf reads the language off the arguments, which may be wrong otherwise.
func langOf(args []string) langFlag {
	out := langFlag{Lang: "auto"}
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok && (value == "zh" || value == "en") {
			out.Lang = value
		}
	}
	return out
}

// noHome stands for the data folder where there is no home folder to have it in.
const noHome = "duijie-without-home"

// homeless refuses to keep data in whatever folder the program was started in.
func homeless(parsed *kong.Context) error {
	for _, f := range parsed.Flags() {
		if f.Name == "data" && filepath.Base(fmt.Sprint(f.Target.Interface())) == noHome {
			return match.Invalidf("--data", "there is no home folder to keep data in; name one with --data or set XDG_DATA_HOME")
		}
	}
	return nil
}

// usageWords translate what kong says of wrong arguments.
var usageWords = []struct {
	en *regexp.Regexp
	zh string
}{
	{regexp.MustCompile(`^missing flags: (.*)$`), "缺少参数：$1"},
	{regexp.MustCompile(`^unknown flag (\S+?)(?:, did you mean (.*)\?)?$`), "未知参数 $1；相近的有 $2"},
	{regexp.MustCompile(`^unexpected argument (\S+?)(?:, did you mean (.*)\?)?$`), "多余的参数 $1；相近的有 $2"},
	{regexp.MustCompile(`^unknown command (\S+?)(?:, did you mean (.*)\?)?$`), "没有 $1 这个命令；相近的有 $2"},
	{regexp.MustCompile(`^expected one of (.*)$`), "需要子命令之一：$1"},
	{regexp.MustCompile(`^expected "?(.*?)"?$`), "缺少 $1"},
	{regexp.MustCompile(`^(\S+?)(?:=\S*)? must be one of (.*) but got (.*)$`), "$1 须为 $2 之一，而不是 $3"},
	{regexp.MustCompile(`^(\S+): (?:missing value.*|expected .* but got "EOL".*)$`), "$1 缺少取值"},
	{regexp.MustCompile(`^(\S+): expected \S+ value but got "(-[^"]*)" \(short flag\).*$`), "$1 缺少取值；若取值是 $2，请写成 $1=$2"},
	{regexp.MustCompile(`^(\S+) and (\S+) can't be used together$`), "$1 与 $2 不能同时使用"},
	{regexp.MustCompile(`^(\S+): expected (?:a valid \d+ bit int|an int|int value) but got ("[^"]*").*$`), "$1：$2 不是整数"},
	{regexp.MustCompile(`^(\S+): expected (?:a valid \d+ bit uint|uint value) but got ("[^"]*").*$`), "$1：$2 不是非负整数"},
	{regexp.MustCompile(`^(\S+): expected (?:a float|float value|float64 value) but got ("[^"]*").*$`), "$1：$2 不是数字"},
	{regexp.MustCompile(`^(\S+): expected (?:bool|bool value) but got ("[^"]*").*$`), "$1：$2 不是 true 或 false"},
	{regexp.MustCompile(`^(\S+): expected duration(?: value)? but got ("[^"]*").*$`), "$1：$2 不是时长（例如 30s、5m）"},
	{regexp.MustCompile(`^(\S+): expected "<key>=<value>" but got (.*)$`), "$1：$2 不是 名称=值 的形式"},
	{regexp.MustCompile(`^(\S+): expected (\S+) value but got ("[^"]*").*$`), "$1 缺少取值，而得到 $3"},
	{regexp.MustCompile(`^(\S+): expected (?:a|an) (.*) but got (.*)$`), "$1：$3 不是 $2"},
}

// usageText gives an error of the arguments in both languages.
func usageText(err error) match.LocalText {
	out := match.Localised(err)
	var parse *kong.ParseError
	if errors.As(err, &parse) && (parse.Context.Selected() == nil || !parse.Context.Selected().Leaf()) {
		out.EN = strings.Replace(out.EN, "unexpected argument ", "unknown command ", 1)
	}
	for _, w := range usageWords {
		if w.en.MatchString(out.EN) {
			out.ZH = strings.TrimSuffix(w.en.ReplaceAllString(out.EN, w.zh), "；相近的有 ")
			out.ZH = strings.ReplaceAll(out.ZH, " or ", " 或 ")
			return out
		}
	}
	return out
}
