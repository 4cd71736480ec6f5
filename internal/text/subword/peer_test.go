package subword_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/text/subword"
)

// peer gives the ids that Hugging Face's tokenizers finds, or skips.
func peer(t *testing.T, path string, texts []string) [][]int32 {
	t.Helper()
	if err := exec.Command("python3", "-c", "import tokenizers").Run(); err != nil {
		t.Skip("python3 with tokenizers is not here")
	}
	var in bytes.Buffer
	write := json.NewEncoder(&in)
	for _, text := range texts {
		if err := write.Encode(text); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("python3", filepath.Join("testdata", "ids.py"), path)
	c.Stdin, c.Stderr = &in, os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := make([][]int32, 0, len(texts))
	for lines := json.NewDecoder(bytes.NewReader(out)); lines.More(); {
		var ids []int32
		if err := lines.Decode(&ids); err != nil {
			t.Fatal(err)
		}
		all = append(all, ids)
	}
	return all
}

// compare checks one tokeniser on texts.
func compare(t *testing.T, path string, texts []string) {
	t.Helper()
	tok, err := subword.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for i, want := range peer(t, path, texts) {
		if got := tok.Encode(texts[i], 0).IDs; !slices.Equal(got, want) {
			if wrong++; wrong <= 5 {
				t.Errorf("%q: %v, want %v", texts[i], got, want)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%s: %d of %d texts differ", filepath.Base(path), wrong, len(texts))
	}
}

// paths are the tokenisers in testdata, and that of DUIJIE_ONNX_MODEL.
func paths() []string {
	var all []string
	for _, name := range names {
		all = append(all, filepath.Join("testdata", name+".json"))
	}
	if dir := os.Getenv("DUIJIE_ONNX_MODEL"); dir != "" {
		found, _ := filepath.Glob(filepath.Join(dir, "*tokenizer.json"))
		all = append(all, found...)
	}
	return all
}

func TestIDsEqualThoseOfHuggingFaceOnRandomText(t *testing.T) {
	texts := randomTexts(5000)
	for _, path := range paths() {
		t.Run(filepath.Base(path), func(t *testing.T) { compare(t, path, texts) })
	}
}

// stretches are code points that random texts are made of.
var stretches = [][2]rune{
	{0x20, 0x7E}, {0x20, 0x7E}, {0x00, 0x24F}, {0x4E00, 0x9FFF}, {0x4E00, 0x9FFF}, {0x300, 0x36F}, {0x370, 0x1FFF}, {0x2000, 0x33FF},
	{0xAC00, 0xD7A3}, {0xF900, 0xFFFD}, {0x1F300, 0x1F6FF}, {0x10000, 0x10FFFF},
}

var fragments = []string{" ", "  ", "\n", "\r\n", "\t", "\u3000", "\u00a0", "\u200d", "'s", "'LL", "[CLS]", "<s>", "<mask>", "电池", "▁", "##", "e\u0301", "か\u3099", "123"}

func randomTexts(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		for range 1 + r.IntN(10) {
			if r.IntN(4) == 0 {
				b.WriteString(fragments[r.IntN(len(fragments))])
				continue
			}
			s := stretches[r.IntN(len(stretches))]
			for range 1 + r.IntN(5) {
				b.WriteRune(s[0] + r.Int32N(s[1]-s[0]+1)) // a surrogate becomes U+FFFD
			}
		}
		texts[i] = b.String()
	}
	return texts
}

func TestIDsEqualThoseOfHuggingFaceOnRealText(t *testing.T) {
	data := os.Getenv("DUIJIE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	files, _ := filepath.Glob(filepath.Join(data, "*", "*.jsonl"))
	if len(files) == 0 {
		t.Skip("DUIJIE_DATA has no texts")
	}
	var texts []string
	for _, file := range files {
		texts = append(texts, values(t, file)...)
	}
	for _, path := range paths() {
		t.Run(filepath.Base(path), func(t *testing.T) { compare(t, path, texts) })
	}
}

// values are all values of a file of JSON objects that are text.
func values(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var record map[string]any
		if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
			t.Fatal(err)
		}
		for _, v := range record {
			if s, ok := v.(string); ok && s != "" {
				all = append(all, s)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
