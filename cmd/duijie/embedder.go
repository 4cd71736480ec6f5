package main

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/onnx"
	"github.com/duijie/duijie/internal/embed/openai"
	"github.com/duijie/duijie/internal/embed/passage"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// embedFlags choose the embedding model.
type embedFlags struct {
	Embedder    string `help:"static (built in), onnx (a sentence-transformer folder) or openai (any compatible endpoint); by default the live model of the data folder, in a new one static. 向量模型；默认沿用数据目录当前的模型。" enum:",static,onnx,openai" default:""`
	StaticModel string `help:"File of a static model of your own (duijie model distill makes them), instead of the built-in one. 自制静态模型文件。" type:"path" placeholder:"FILE"`

	teacherFlags `embed:""`
}

// teacherFlags choose an embedder that is not static, and say how it is run.
type teacherFlags struct {
	OnnxModel      string        `help:"Folder with tokenizer.json and model.onnx, or the graph's file in it. ONNX 模型目录。" env:"DUIJIE_ONNX_MODEL" placeholder:"DIR"`
	Onnxruntime    string        `help:"ONNX Runtime's shared library; else the usual places are searched. ONNX Runtime 动态库。" env:"DUIJIE_ONNXRUNTIME" placeholder:"FILE"`
	OnnxPooling    string        `help:"cls, mean or last, where the folder does not tell or tells wrong. 池化方式。" placeholder:"WAY"`
	OnnxThreads    int           `help:"Texts that run at once; 0 is one for each processor. 并行线程数。" placeholder:"N"`
	OpenaiURL      string        `help:"Endpoint up to /embeddings, such as http://host:8000/v1." placeholder:"URL"`
	OpenaiModel    string        `help:"Model to ask the endpoint for." placeholder:"NAME"`
	OpenaiKeyFile  string        `help:"File with the endpoint's key; else DUIJIE_OPENAI_KEY is read." type:"path" placeholder:"FILE"`
	OpenaiTimeout  time.Duration `help:"Time for one request." default:"60s"`
	OpenaiDim      int           `help:"Dimensions of the model's vectors. With them the program starts while the endpoint is down. 向量维数。" placeholder:"N"`
	OpenaiBatch    int           `help:"Most texts in one request." default:"64"`
	OpenaiChars    int           `help:"Most characters in one request." default:"100000"`
	OpenaiText     int           `help:"Characters of one text that the model reads; longer ones are split and pooled." default:"6000"`
	OpenaiParallel int           `help:"Requests on their way at once." default:"4"`
	EmbedCache     int64         `help:"Megabytes on disk for vectors of the onnx or openai embedder, so that no text is embedded twice; 0 is none. 向量缓存（MB）。" default:"4096"`
	QueryPrefix    string        `help:"Text put before each demand, where the model wants one." placeholder:"TEXT"`
	DocumentPrefix string        `help:"Text put before each patent, where the model wants one." placeholder:"TEXT"`
}

// chosen tells whether the flags choose a model; other flags say how one is run.
func (f embedFlags) chosen() bool { return f.Embedder != "" || f.StaticModel != "" }

// kind is static, onnx or openai.
func (f embedFlags) kind() string { return cmp.Or(f.Embedder, "static") }

// open returns the chosen embedder, nil for the built-in one.
func (f embedFlags) open(ctx context.Context) (embed.Embedder, error) {
	if f.StaticModel != "" && f.kind() != "static" {
		return nil, match.Invalidf("--static-model", "is given, but the embedder is "+f.Embedder)
	}
	switch f.Embedder {
	case "onnx":
		return ofAnyLength(f.openOnnx(""))
	case "openai":
		return ofAnyLength(f.openOpenai(ctx))
	}
	if f.OpenaiURL != "" || f.OpenaiModel != "" {
		return nil, match.Invalidf("--embedder", "is static, but --openai-url or --openai-model is given; use --embedder openai")
	}
	if f.StaticModel != "" {
		return static.OpenFile(f.StaticModel)
	}
	return nil, nil
}

// way says how open opens the embedder.
func (f embedFlags) way() instance.Way {
	w := instance.Way{Kind: f.kind()}
	switch w.Kind {
	case "onnx":
		w.Path, w.Pooling = absolute(f.OnnxModel), f.OnnxPooling
	case "openai":
		w.URL, w.Model, w.Chars, w.KeyFile = f.OpenaiURL, f.OpenaiModel, f.OpenaiText, f.OpenaiKeyFile
	default:
		w.Path = absolute(f.StaticModel)
		return w
	}
	w.QueryPrefix, w.DocumentPrefix = f.QueryPrefix, f.DocumentPrefix
	return w
}

// reopen opens an embedder by the way that another start noted. How it is run (threads,
// size of requests) is for the flags of this start to say.
func (f embedFlags) reopen(ctx context.Context, w instance.Way) (embed.Embedder, error) {
	f.Embedder, f.StaticModel = w.Kind, w.Path
	f.QueryPrefix, f.DocumentPrefix = w.QueryPrefix, w.DocumentPrefix
	switch w.Kind {
	case "onnx":
		f.OnnxModel, f.OnnxPooling, f.StaticModel = w.Path, w.Pooling, ""
	case "openai":
		f.OpenaiURL, f.OpenaiModel, f.OpenaiText, f.OpenaiKeyFile, f.OpenaiDim = w.URL, w.Model, w.Chars, w.KeyFile, w.Dim
	default:
		f.OpenaiURL, f.OpenaiModel = "", ""
		if w.Path == "" {
			return nil, &match.Error{Kind: match.NotFound, Reason: "it was built into another version of this program"}
		}
	}
	return f.open(ctx)
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil && path != "" {
		return full
	}
	return path
}

// ofAnyLength makes an embedder take texts that are longer than its model reads.
func ofAnyLength(e embed.Embedder, err error) (embed.Embedder, error) {
	if err != nil {
		return nil, err
	}
	return passage.Over(e), nil
}

// cacheBytes is the size of the cache of embedded texts; a live model that is not
// static has one, too.
func (f embedFlags) cacheBytes() int64 {
	if f.chosen() && f.kind() == "static" {
		return 0
	}
	return f.EmbedCache << 20
}

// openOnnx opens the model in dir, or the one that the flags name.
func (f teacherFlags) openOnnx(dir string) (embed.Embedder, error) {
	if dir == "" {
		dir = f.OnnxModel
	}
	if dir == "" {
		return nil, match.Invalidf("--onnx-model", "is needed with the onnx embedder: the model's folder; or set DUIJIE_ONNX_MODEL")
	}
	return onnx.Open(onnx.Config{
		Dir: dir, Library: f.Onnxruntime, Threads: f.OnnxThreads, Pooling: onnx.Pooling(f.OnnxPooling),
		QueryPrefix: f.QueryPrefix, DocumentPrefix: f.DocumentPrefix,
	})
}

func (f teacherFlags) openOpenai(ctx context.Context) (embed.Embedder, error) {
	key := os.Getenv("DUIJIE_OPENAI_KEY")
	if f.OpenaiKeyFile != "" {
		raw, err := os.ReadFile(f.OpenaiKeyFile)
		if err != nil {
			return nil, &match.Error{Kind: match.Invalid, Field: "--openai-key-file", Reason: "cannot be read", Err: err}
		}
		key = strings.TrimSpace(string(raw))
	}
	return openai.New(ctx, openai.Config{
		BaseURL: f.OpenaiURL, Model: f.OpenaiModel, Key: key, Timeout: f.OpenaiTimeout,
		Dim: f.OpenaiDim, BatchSize: f.OpenaiBatch, BatchChars: f.OpenaiChars, TextChars: f.OpenaiText, Concurrency: f.OpenaiParallel,
		QueryPrefix: f.QueryPrefix, DocumentPrefix: f.DocumentPrefix,
	})
}
