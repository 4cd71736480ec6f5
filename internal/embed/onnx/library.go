package onnx

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/duijie/duijie/internal/match"
)

// loaded are the libraries of this process, by their paths.
var loaded struct {
	sync.Mutex
	byPath map[string]*library
}

// openLibrary loads the library that Config.Library and Config.Dir lead to.
// Errors are of kind NotFound or Invalid.
func openLibrary(given, model string) (*library, error) {
	if supported != "" {
		return nil, match.Invalidf("onnxruntime", supported)
	}
	path, err := findLibrary(given, model)
	if err != nil {
		return nil, err
	}
	loaded.Lock()
	defer loaded.Unlock()
	if l := loaded.byPath[path]; l != nil {
		return l, nil
	}
	symbol, err := loadSymbol(path, "OrtGetApiBase")
	if err != nil {
		reason := fmt.Sprintf("is not ONNX Runtime for %s/%s", runtime.GOOS, runtime.GOARCH)
		return nil, wrongLibrary(path, reason, err)
	}
	l, err := bind(path, symbol)
	if err != nil {
		return nil, err
	}
	if loaded.byPath == nil {
		loaded.byPath = map[string]*library{}
	}
	loaded.byPath[path] = l
	return l, nil
}

// libraryNames are what the library's file is called here, the plain name first.
func libraryNames(goos string) []string {
	switch goos {
	case "windows":
		return []string{"onnxruntime.dll"}
	case "darwin":
		return []string{"libonnxruntime.dylib", "libonnxruntime.*.dylib"}
	}
	return []string{"libonnxruntime.so", "libonnxruntime.so.*"}
}

// findLibrary gives the absolute path of the library with its links resolved, so
// that it is loaded once under however many names.
func findLibrary(given, model string) (string, error) {
	if given != "" {
		return findGiven(given)
	}
	folders := usualPlaces(model)
	for _, folder := range folders {
		if path := inFolder(folder); path != "" {
			return resolved(path)
		}
	}
	return "", &match.Error{Kind: match.NotFound, Field: "onnxruntime", Reason: fmt.Sprintf(
		"ONNX Runtime's shared library %s was not found; looked in %s", libraryNames(runtime.GOOS)[0], strings.Join(folders, ", "))}
}

func findGiven(given string) (string, error) {
	info, err := os.Stat(given)
	if err != nil {
		return "", &match.Error{Kind: match.NotFound, Field: "onnxruntime", Reason: fmt.Sprintf(
			"ONNX Runtime's shared library %s is needed, looked for at %s", libraryNames(runtime.GOOS)[0], given), Err: errors.Unwrap(err)}
	}
	if !info.IsDir() {
		return resolved(given)
	}
	if path := inFolder(given); path != "" {
		return resolved(path)
	}
	return "", &match.Error{Kind: match.NotFound, Field: "onnxruntime", Reason: fmt.Sprintf(
		"ONNX Runtime's shared library %s was not found; looked in %s", libraryNames(runtime.GOOS)[0], given)}
}

func resolved(path string) (string, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// inFolder gives the library in a folder, the newest of several; "" is none. The
// folder may hold wildcards.
func inFolder(folder string) string {
	for _, name := range libraryNames(runtime.GOOS) {
		found, _ := filepath.Glob(filepath.Join(folder, name)) // the pattern is good
		if len(found) > 0 {
			return slices.MaxFunc(found, byVersion)
		}
	}
	return ""
}

// byVersion orders file names by the numbers in them.
func byVersion(a, b string) int {
	if d := slices.Compare(numbers(filepath.Base(a)), numbers(filepath.Base(b))); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func numbers(s string) []int {
	var out []int
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		n, _ := strconv.Atoi(part) // digits alone
		out = append(out, n)
	}
	return out
}

// usualPlaces are folders, some with wildcards: the model's, the program's, those
// of the system, and those where pip puts Python's package of the same name.
func usualPlaces(model string) []string {
	places := []string{model, filepath.Join(model, "lib")}
	if program, err := os.Executable(); err == nil {
		folder := filepath.Dir(program)
		places = append(places, folder, filepath.Join(folder, "..", "lib"))
	}
	switch runtime.GOOS {
	case "windows":
		return places
	case "darwin":
		places = append(places, "/opt/homebrew/lib", "/usr/local/lib")
	default:
		triplet := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH] + "-linux-gnu"
		places = append(places, "/usr/local/lib", "/usr/lib", "/usr/lib64", "/usr/lib/"+triplet, "/opt/onnxruntime/lib")
	}
	pip := filepath.Join("lib", "python3*", "*-packages", "onnxruntime", "capi")
	places = append(places, filepath.Join("/usr/local", pip), filepath.Join("/usr", pip))
	if home, err := os.UserHomeDir(); err == nil {
		places = append(places, filepath.Join(home, ".local", pip), filepath.Join(home, ".pyenv", "versions", "*", pip))
	}
	return places
}
