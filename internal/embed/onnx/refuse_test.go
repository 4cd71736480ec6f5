package onnx_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/embed/onnx"
	"github.com/duijie/duijie/internal/match"
)

func TestAMissingLibraryIsNamedWithThePlacesThatWereLookedAt(t *testing.T) {
	dir := small(t, "tokens", nil)
	empty := t.TempDir()
	for _, library := range []string{filepath.Join(empty, "libonnxruntime.so.9"), empty} {
		_, err := onnx.Open(onnx.Config{Dir: dir, Library: library})
		if match.KindOf(err) != match.NotFound || !strings.Contains(err.Error(), library) || !strings.Contains(err.Error(), "onnxruntime.") {
			t.Errorf("library %s: %v", library, err)
		}
	}
}

func TestAWrongLibraryIsRefused(t *testing.T) {
	dir := small(t, "tokens", nil)
	text := filepath.Join(t.TempDir(), "libonnxruntime.so")
	write(t, text, "this is no library")
	libraries := []string{text}
	found, _ := filepath.Glob("/lib/*/libm.so.6") // a library, but another one
	libraries = append(libraries, found...)
	for _, library := range libraries {
		_, err := onnx.Open(onnx.Config{Dir: dir, Library: library})
		name := filepath.Base(library)
		if match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), name[:4]) || !strings.Contains(err.Error(), runtime.GOARCH) {
			t.Errorf("library %s: %v", library, err)
		}
	}
}

func TestABrokenGraphIsNamed(t *testing.T) {
	dir := small(t, "tokens", nil)
	openIn(t, dir) // or skip
	for _, content := range []string{"", "no graph"} {
		write(t, filepath.Join(dir, "model.onnx"), content)
		_, err := onnx.Open(onnx.Config{Dir: dir, Library: os.Getenv("DUIJIE_ONNXRUNTIME")})
		if match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), filepath.Join(dir, "model.onnx")) {
			t.Errorf("graph %q: %v", content, err)
		}
	}
}

func TestAFolderThatIsNoModelIsRefused(t *testing.T) {
	for _, c := range []struct {
		files map[string]string
		gone  []string
		kind  match.ErrorKind
		names string
	}{
		{gone: []string{"model.onnx"}, kind: match.NotFound, names: "model.onnx"},
		{gone: []string{"tokenizer.json"}, kind: match.NotFound, names: "tokenizer.json"},
		{files: map[string]string{"a.onnx": "", "b.onnx": ""}, gone: []string{"model.onnx"}, kind: match.Invalid, names: "b.onnx"},
		{files: map[string]string{"tokenizer.json": "{}"}, kind: match.Invalid, names: "tokenizer.json"},
		{files: map[string]string{"modules.json": `[{"type":"sentence_transformers.models.Dense"}]`}, kind: match.Invalid, names: "Dense"},
		{files: map[string]string{"modules.json": `nothing`}, kind: match.Invalid, names: "modules.json"},
		{files: map[string]string{"1_Pooling/config.json": `{"pooling_mode_max_tokens":true}`}, kind: match.Invalid, names: "max"},
		{files: map[string]string{"1_Pooling/config.json": `{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":true}`}, kind: match.Invalid, names: "1_Pooling"},
		{files: map[string]string{"1_Pooling/config.json": `{"pooling_mode_mean_tokens":true,"include_prompt":false}`}, kind: match.Invalid, names: "include_prompt"},
		{files: map[string]string{"sentence_bert_config.json": `{"max_seq_length":2}`}, kind: match.Invalid, names: "max_tokens"},
	} {
		dir := small(t, "tokens", c.files)
		for _, name := range c.gone {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := onnx.Open(onnx.Config{Dir: dir})
		if match.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%v without %v: %v", c.files, c.gone, err)
		}
	}
}

func TestABadSettingIsRefused(t *testing.T) {
	dir := small(t, "tokens", nil)
	for field, config := range map[string]onnx.Config{
		"dir":        {},
		"threads":    {Dir: dir, Threads: -1},
		"max_tokens": {Dir: dir, MaxTokens: 513},
		"pooling":    {Dir: dir, Pooling: "max"},
		"library":    {Dir: dir, Library: "a\x00b"},
		"is not":     {Dir: filepath.Join(dir, "none")},
	} {
		if _, err := onnx.Open(config); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
