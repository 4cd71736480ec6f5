package main

import (
	"os"
	"path/filepath"
	"testing"
)

// pairs is a dataset of one judged pair.
func pairs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"queries.jsonl":  `{"_id":"q","title":"电池","text":"电池材料"}` + "\n",
		"corpus.jsonl":   `{"_id":"d","title":"电池正极","text":""}` + "\n",
		"qrels/test.tsv": "query-id\tcorpus-id\tscore\nq\td\t4\n",
	} {
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

func TestAnOnnxModelThatIsMissingIsNamed(t *testing.T) {
	bin, set := built(t), pairs(t)
	t.Setenv("DUIJIE_ONNX_MODEL", "")
	none := filepath.Join(t.TempDir(), "none")
	fails(t, exitFailed, []string{"onnx embedder", none}, bin, "evaluate", "--dataset", set, "--model", "onnx="+none, "--lang", "en")
	fails(t, exitUsage, []string{"--onnx-model", "DUIJIE_ONNX_MODEL"}, bin, "evaluate", "--dataset", set, "--model", "onnx")
	fails(t, exitUsage, []string{"--onnx-model"}, bin, "import", "--data", t.TempDir(), "--embedder", "onnx", "--kind", "patents", writeRows(t, 0, 1))
}

func TestRecordsAreEmbeddedByTheModelOfTheEnvironment(t *testing.T) {
	if os.Getenv("DUIJIE_ONNX_MODEL") == "" {
		t.Skip("DUIJIE_ONNX_MODEL names no model folder")
	}
	bin, data := built(t), t.TempDir()
	fails(t, 0, nil, bin, "evaluate", "--dataset", pairs(t), "--model", "onnx", "--samples", "10")
	fails(t, 0, nil, bin, "import", "--data", data, "--embedder", "onnx", "--kind", "patents", writeRows(t, 0, 3))
	fails(t, 0, []string{"onnx/"}, bin, "status", "--json", "--data", data, "--embedder", "onnx")
	fails(t, 0, []string{"CN000000001A"}, bin, "match", "--data", data, "--embedder", "onnx", "--text", "电池隔膜的陶瓷涂层 "+mark(1))
}
