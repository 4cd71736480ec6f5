package onnx

import (
	"fmt"
	"log/slog"
	"runtime"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Pooling says how the vectors of a text's tokens become one.
type Pooling string

const (
	// FolderPooling is what the folder's 1_Pooling/config.json says; CLS where it
	// has none.
	FolderPooling Pooling = ""
	// CLS takes the first token's vector.
	CLS Pooling = "cls"
	// Mean takes the mean over all tokens, special ones included.
	Mean Pooling = "mean"
	// Last takes the last token's vector.
	Last Pooling = "last"
)

// Config says which model to run and how. Dir is required; the zero value of
// every other field is its default.
type Config struct {
	// Dir is a folder with tokenizer.json and model.onnx or onnx/model.onnx, or
	// the graph's file in such a folder, where it has several.
	Dir string
	// Library is ONNX Runtime's shared library, or the folder that holds it; empty
	// looks in the usual places.
	Library string
	// Threads is the number of texts that run at once, each on one thread; the
	// number of processors by default.
	Threads int
	// QueryPrefix and DocumentPrefix are put before each text of their role; empty
	// takes the folder's own prompts.
	QueryPrefix    string
	DocumentPrefix string
	// MaxTokens is the number of tokens to which a text is cut, special ones
	// included; 0 is the model's own limit.
	MaxTokens int
	// Pooling replaces the folder's.
	Pooling Pooling
	// Log is told once when a text was cut off; nil is slog.Default.
	Log *slog.Logger
}

const (
	maxThreads = 1024
	maxTokens  = 1 << 20
)

// Validate checks every field and names the first bad one.
func (c Config) Validate() error {
	switch {
	case c.Dir == "":
		return match.Invalidf("dir", "is empty")
	case strings.ContainsRune(c.Dir, 0):
		return match.Invalidf("dir", "contains a NUL character")
	case strings.ContainsRune(c.Library, 0):
		return match.Invalidf("library", "contains a NUL character")
	case c.Threads < 0 || c.Threads > maxThreads:
		return match.Invalidf("threads", fmt.Sprintf("%d is not in 0 to %d", c.Threads, maxThreads))
	case c.MaxTokens < 0 || c.MaxTokens > maxTokens:
		return match.Invalidf("max_tokens", fmt.Sprintf("%d is not in 0 to %d", c.MaxTokens, maxTokens))
	}
	switch c.Pooling {
	case FolderPooling, CLS, Mean, Last:
		return nil
	}
	return match.Invalidf("pooling", fmt.Sprintf("%q is not cls, mean or last", c.Pooling))
}

func (c Config) withDefaults() Config {
	if c.Threads == 0 {
		c.Threads = runtime.GOMAXPROCS(0)
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}
