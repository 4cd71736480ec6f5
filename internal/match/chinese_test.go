package match

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// reasonAt is where constructors of errors have their reason.
var reasonAt = map[string]int{"Invalidf": 1, "fail": 1, "Because": 0, "syntax": 0, "exhausted": 1, "corrupt": 0, "damaged": 1, "Corruptf": 0, "Unavailable": 0}

// reasonsIn lists the reasons in the source of a package, by place.
func reasonsIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if reason, ok := reasonOf(n); ok && reason != "" {
				out[files.Position(n.Pos()).String()] = reason
			}
			return true
		})
	}
	return out
}

// reasonOf gives the reason in a call of a constructor, or in the field of a literal.
func reasonOf(n ast.Node) (string, bool) {
	var value ast.Expr
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Reason" {
			value = n.Value
		}
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if at, ok := reasonAt[name]; ok && at < len(n.Args) {
			value = n.Args[at]
		}
	}
	literal, ok := value.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}

var verb = regexp.MustCompile(`%[+.\d]*[a-z]`)

func TestEveryReasonHasATranslationWithTheSameArguments(t *testing.T) {
	for _, dir := range []string{".", "../ingest", "../server", "../server/wire", "../retrieve", "../backup", "../doctor", "../store/sqlite", "../index/flat", "../index/segment", "../lexical/segment", "../embed/openai", "../chat", "../endpoint", "../judge", "../instance", "../contender", "../tune", "../feedback", "../server/replay", "../registry", "../pilot", "../worth", "../../cmd/duijie"} {
		for place, reason := range reasonsIn(t, dir) {
			if _, ok := chinese[reason]; !ok {
				t.Errorf("%s: %q has no translation in chinese.go", place, reason)
			}
		}
	}
	for en, zh := range chinese {
		if !slices.Equal(verb.FindAllString(en, -1), verb.FindAllString(zh, -1)) {
			t.Errorf("%q and %q have other arguments", en, zh)
		}
	}
}
