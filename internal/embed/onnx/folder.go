package onnx

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// folder is what a model's files say.
type folder struct {
	dir       string
	name      string
	graph     string // path
	tokeniser string // path
	pooling   Pooling
	limit     int // tokens; 0 where no file tells
	query     string
	document  string
}

// readFolder finds the files of a model. Errors are of kind NotFound or Invalid
// and name the file.
func readFolder(path string) (folder, error) {
	f := folder{dir: path}
	info, err := os.Stat(path)
	if err != nil {
		return f, &match.Error{Kind: match.NotFound, Record: path, Reason: "is not there", Err: errors.Unwrap(err)}
	}
	if !info.IsDir() {
		f.graph, f.dir = path, filepath.Dir(path)
		if filepath.Base(f.dir) == "onnx" {
			f.dir = filepath.Dir(f.dir)
		}
	} else if f.graph, err = findGraph(path); err != nil {
		return f, err
	}
	if f.tokeniser, err = findTokeniser(f.dir); err != nil {
		return f, err
	}
	full, err := filepath.Abs(f.dir)
	if err != nil {
		return f, err
	}
	f.name = filepath.Base(full)
	for _, read := range []func() error{f.readModules, f.readPooling, f.readLimit, f.readPrompts} {
		if err := read(); err != nil {
			return f, err
		}
	}
	return f, nil
}

// findGraph takes model.onnx, else the only graph there is.
func findGraph(dir string) (string, error) {
	for _, sub := range []string{".", "onnx"} {
		path := filepath.Join(dir, sub, "model.onnx")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		found, err := filepath.Glob(filepath.Join(escaped(dir), sub, "*.onnx"))
		if err != nil {
			return "", err
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return "", match.About(dir, match.Invalidf("graph", fmt.Sprintf("is one of several files; give the path of one: %s", strings.Join(found, ", "))))
		}
	}
	return "", &match.Error{Kind: match.NotFound, Record: dir, Field: "graph", Reason: "has neither model.onnx nor onnx/model.onnx, nor another file that ends in .onnx"}
}

func findTokeniser(dir string) (string, error) {
	for _, sub := range []string{".", "onnx"} {
		path := filepath.Join(dir, sub, "tokenizer.json")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	found, err := filepath.Glob(filepath.Join(escaped(dir), "*tokenizer.json"))
	if err != nil {
		return "", err
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return "", &match.Error{Kind: match.NotFound, Record: dir, Field: "tokeniser", Reason: "has no tokenizer.json"}
}

// escaped takes the meaning from what would be wildcards in a folder's name.
func escaped(dir string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(dir)
}

// read decodes a file of the folder, and says whether there is one.
func (f *folder) read(name string, to any) (bool, error) {
	raw, err := os.ReadFile(filepath.Join(f.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		return false, &match.Error{Kind: match.Invalid, Record: filepath.Join(f.dir, name), Reason: "cannot be read", Err: err}
	}
	return true, nil
}

// readModules refuses models with steps that are not done here.
func (f *folder) readModules() error {
	var modules []struct {
		Type string `json:"type"`
	}
	if _, err := f.read("modules.json", &modules); err != nil {
		return err
	}
	for _, m := range modules {
		kind := m.Type[strings.LastIndexByte(m.Type, '.')+1:]
		if !slices.Contains([]string{"Transformer", "Pooling", "Normalize"}, kind) {
			return match.About(filepath.Join(f.dir, "modules.json"), match.Invalidf("type", fmt.Sprintf("%q is not implemented", m.Type)))
		}
	}
	return nil
}

// readLimit takes the first of the files that tells.
func (f *folder) readLimit() error {
	var sentence struct {
		Max int `json:"max_seq_length"`
	}
	if _, err := f.read("sentence_bert_config.json", &sentence); err != nil {
		return err
	}
	var tokeniser struct {
		Max float64 `json:"model_max_length"` // 1e30 where nothing is set
	}
	if _, err := f.read("tokenizer_config.json", &tokeniser); err != nil {
		return err
	}
	var config struct {
		Type string `json:"model_type"`
		Max  int    `json:"max_position_embeddings"`
		Pad  int    `json:"pad_token_id"`
	}
	if _, err := f.read("config.json", &config); err != nil {
		return err
	}
	if strings.Contains(config.Type, "roberta") && config.Max > 0 {
		config.Max -= config.Pad + 1 // places are counted from there
	}
	switch {
	case sentence.Max > 0:
		f.limit = sentence.Max
	case tokeniser.Max >= 1 && tokeniser.Max <= maxTokens:
		f.limit = int(tokeniser.Max)
	}
	if config.Max > 0 && (f.limit == 0 || f.limit > config.Max) {
		f.limit = config.Max
	}
	return nil
}

// readPrompts takes the prefixes that the model was trained with.
func (f *folder) readPrompts() error {
	var config struct {
		Prompts map[string]string `json:"prompts"`
	}
	if _, err := f.read("config_sentence_transformers.json", &config); err != nil {
		return err
	}
	f.query = config.Prompts["query"]
	f.document = config.Prompts["document"]
	if f.document == "" {
		f.document = config.Prompts["passage"]
	}
	return nil
}
