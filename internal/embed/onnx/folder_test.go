package onnx

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folderOf makes a folder with files, by their names.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheGraphIsFoundWhereExportersPutIt(t *testing.T) {
	for _, c := range []struct {
		files map[string]string
		open  string
		graph string
	}{
		{map[string]string{"model.onnx": "", "tokenizer.json": ""}, "", "model.onnx"},
		{map[string]string{"onnx/model.onnx": "", "onnx/model_quantized.onnx": "", "tokenizer.json": ""}, "", "onnx/model.onnx"},
		{map[string]string{"onnx/model_int8.onnx": "", "tokenizer.json": ""}, "", "onnx/model_int8.onnx"},
		{map[string]string{"bge-q.onnx": "", "bge-q-tokenizer.json": ""}, "", "bge-q.onnx"},
		{map[string]string{"onnx/model.onnx": "", "onnx/model_int8.onnx": "", "tokenizer.json": ""}, "onnx/model_int8.onnx", "onnx/model_int8.onnx"},
		{map[string]string{"a.onnx": "", "b.onnx": "", "tokenizer.json": ""}, "b.onnx", "b.onnx"},
	} {
		dir := folderOf(t, c.files)
		f, err := readFolder(filepath.Join(dir, c.open))
		if err != nil {
			t.Errorf("%v: %v", c.files, err)
			continue
		}
		if want := filepath.Join(dir, c.graph); f.graph != want || f.name != filepath.Base(dir) || filepath.Dir(f.tokeniser) != dir {
			t.Errorf("%v: graph %s, want %s; name %s, tokeniser %s", c.files, f.graph, want, f.name, f.tokeniser)
		}
	}
}

func TestTheLimitIsThatOfTheFirstFileThatTells(t *testing.T) {
	for _, c := range []struct {
		files map[string]string
		limit int
	}{
		{nil, 0},
		{map[string]string{"sentence_bert_config.json": `{"max_seq_length":256}`, "tokenizer_config.json": `{"model_max_length":512}`}, 256},
		{map[string]string{"tokenizer_config.json": `{"model_max_length":8192}`}, 8192},
		{map[string]string{"tokenizer_config.json": `{"model_max_length":1000000000000000019884624838656}`, "config.json": `{"max_position_embeddings":512}`}, 512},
		{map[string]string{"config.json": `{"model_type":"xlm-roberta","max_position_embeddings":514,"pad_token_id":1}`}, 512},
		{map[string]string{"sentence_bert_config.json": `{"max_seq_length":null}`, "config.json": `{"max_position_embeddings":128}`}, 128},
		{map[string]string{"sentence_bert_config.json": `{"max_seq_length":1024}`, "config.json": `{"max_position_embeddings":512}`}, 512},
	} {
		f := folder{dir: folderOf(t, c.files)}
		if err := f.readLimit(); err != nil || f.limit != c.limit {
			t.Errorf("%v: limit %d, want %d (error %v)", c.files, f.limit, c.limit, err)
		}
	}
}

func TestTheNewestLibraryOfAFolderIsTaken(t *testing.T) {
	names := libraryNames("linux")
	dir := folderOf(t, map[string]string{"libonnxruntime.so.1.9.0": "", "libonnxruntime.so.1.32.0": "", "libonnxruntime_providers_shared.so": ""})
	var found []string
	for _, name := range names {
		more, err := filepath.Glob(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, more...)
	}
	var newest string
	for _, path := range found {
		if newest == "" || byVersion(path, newest) > 0 {
			newest = path
		}
	}
	if diff := cmp.Diff("libonnxruntime.so.1.32.0", filepath.Base(newest)); diff != "" {
		t.Error(diff)
	}
}

func TestPoolingTakesTheRowsItIsNamedFor(t *testing.T) {
	s := states{numbers: []float32{6, 0, 0, -8}, rows: 2, dim: 2}
	for p, want := range map[Pooling][]float32{CLS: {1, 0}, Last: {0, -1}, Mean: {0.6, -0.8}} {
		got := make([]float32, 2)
		if err := p.pool(got, s); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p, diff)
		}
	}
	if err := CLS.pool(make([]float32, 2), states{numbers: []float32{0, 0}, rows: 1, dim: 2}); err == nil {
		t.Error("a vector of length 0 was taken")
	}
	if err := CLS.pool(make([]float32, 3), s); err == nil {
		t.Error("a vector of another length was taken")
	}
}
