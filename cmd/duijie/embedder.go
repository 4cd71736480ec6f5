package main

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/openai"
	"github.com/duijie/duijie/internal/match"
)

// embedFlags choose the embedding model.
type embedFlags struct {
	Embedder       string        `help:"static (built in) or openai (any compatible endpoint). 向量模型。" enum:"static,openai" default:"static"`
	OpenaiURL      string        `help:"Endpoint up to /embeddings, such as http://host:8000/v1." placeholder:"URL"`
	OpenaiModel    string        `help:"Model to ask the endpoint for." placeholder:"NAME"`
	OpenaiKeyFile  string        `help:"File with the endpoint's key; else DUIJIE_OPENAI_KEY is read." type:"path" placeholder:"FILE"`
	OpenaiTimeout  time.Duration `help:"Time for one request." default:"60s"`
	QueryPrefix    string        `help:"Text put before each demand, where the model wants one." placeholder:"TEXT"`
	DocumentPrefix string        `help:"Text put before each patent, where the model wants one." placeholder:"TEXT"`
}

// open returns the chosen embedder, nil for the built-in one.
func (f embedFlags) open(ctx context.Context) (embed.Embedder, error) {
	if f.Embedder == "static" {
		if f.OpenaiURL != "" || f.OpenaiModel != "" {
			return nil, match.Invalidf("--embedder", "is static, but --openai-url or --openai-model is given; use --embedder openai")
		}
		return nil, nil
	}
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
		QueryPrefix: f.QueryPrefix, DocumentPrefix: f.DocumentPrefix,
	})
}
