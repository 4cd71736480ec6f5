package main

import (
	"os"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/judge"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rerank"
	"github.com/duijie/duijie/internal/review"
	"github.com/duijie/duijie/internal/wording"
)

// chatFlags name a chat model, which is optional.
type chatFlags struct {
	LLMURL     string        `help:"Chat endpoint, OpenAI-compatible, that puts explanations into sentences, and judges pairs for label judge; off by default. It is sent spans of explanations, and titles and texts of the pairs it judges, nothing confidential. 大模型接口，用于润色匹配理由、预判等级（label judge），默认关闭。" name:"llm-url" env:"DUIJIE_LLM_URL" placeholder:"URL"`
	LLMModel   string        `help:"Its model. 模型名称。" name:"llm-model" env:"DUIJIE_LLM_MODEL" placeholder:"NAME"`
	LLMKeyFile string        `help:"File with its API key; or set DUIJIE_LLM_KEY. 密钥文件。" name:"llm-key-file" type:"path" placeholder:"FILE"`
	LLMTimeout time.Duration `help:"Time for one answer of it. 单次请求时限。" name:"llm-timeout" default:"20s"`
	LLMPrice   float64       `help:"Price of a million tokens, to count what re-ranking and reviews cost. 每百万 token 的价格，用于统计重排与复核费用。" name:"llm-price" placeholder:"PRICE"`
}

// rerankFlags say how a chat model re-ranks.
type rerankFlags struct {
	RerankWeight  float64       `help:"What the model's first place counts for, in logits; 0 is 2. 重排权重。" default:"0" placeholder:"W"`
	RerankTimeout time.Duration `help:"Time for one order of it; after that hits stay as they are. 重排时限。" default:"10s"`
}

// reviewFlag has a chat model review explanations.
type reviewFlag struct {
	Review bool `help:"Have the model read the patent against each element of an explanation, and give a verdict of its own beside the built-in one, for the first 10; serve does so for requests that ask for it. Titles, texts and claims are sent, nothing confidential. 由大模型对照专利原文逐项复核匹配理由（前 10 条；服务模式下仅对提出要求的请求），默认关闭。"`
}

// check is for a command that explains, or not.
func (f reviewFlag) check(explain bool) error {
	if f.Review && !explain {
		return match.Invalidf("--review", "is of explanations: ask for them too")
	}
	return nil
}

// llmFlags say what a chat model does for answers.
type llmFlags struct {
	chatFlags
	Rerank bool `help:"Have the model re-rank the first 20 hits; serve does so for requests that ask for it. Titles and texts are sent, nothing confidential. 由大模型对前 20 条结果重排（服务模式下仅对提出要求的请求），默认关闭。"`
	rerankFlags
	reviewFlag
}

// attached is what a chat model was made for; nil where it was not.
type attached struct {
	wording *wording.Writer
	rerank  *rerank.Ranker
	review  *review.Reviewer
}

// attach makes an instance's explanations be worded and reviewed, and its hits re-ranked, where
// a model is named.
func (f llmFlags) attach(in *instance.Instance) (out attached, err error) {
	client, err := f.client(f.Rerank || f.Review)
	if err != nil || client == nil {
		return out, err
	}
	out.wording = &wording.Writer{Asker: client}
	in.Engine.Wording = out.wording
	if f.Rerank {
		if out.rerank, err = f.reranker(client, f.rerankFlags); err != nil {
			return out, err
		}
		in.Engine.Reranker = out.rerank
	}
	if f.Review {
		out.review = f.reviewer(client)
		in.Engine.Reviewer = out.review
	}
	return out, nil
}

func (f chatFlags) reranker(client *chat.Client, how rerankFlags) (*rerank.Ranker, error) {
	return rerank.New(rerank.Config{Asker: client, Timeout: how.RerankTimeout, Weight: how.RerankWeight, Price: f.LLMPrice})
}

func (f chatFlags) reviewer(client *chat.Client) *review.Reviewer {
	return &review.Reviewer{Asker: client, Model: f.LLMModel, Price: f.LLMPrice}
}

// client is nil where no model is named and none is needed.
func (f chatFlags) client(needed bool) (*chat.Client, error) {
	if f.LLMURL == "" {
		if needed || f.LLMModel != "" || f.LLMKeyFile != "" {
			return nil, match.Invalidf("--llm-url", "is needed with --llm-model, --llm-key-file, --rerank and --review")
		}
		return nil, nil
	}
	key := os.Getenv("DUIJIE_LLM_KEY")
	if f.LLMKeyFile != "" {
		raw, err := os.ReadFile(f.LLMKeyFile)
		if err != nil {
			return nil, &match.Error{Kind: match.Invalid, Field: "--llm-key-file", Reason: "cannot be read", Err: err}
		}
		key = strings.TrimSpace(string(raw))
	}
	return chat.New(chat.Config{BaseURL: f.LLMURL, Model: f.LLMModel, Key: key, Timeout: f.LLMTimeout})
}

// judge proposes labels; nil where no model is named.
func (f chatFlags) judge() (*judge.Judge, error) {
	client, err := f.client(false)
	if client == nil || err != nil {
		return nil, err
	}
	j := &judge.Judge{Asker: client, Model: f.LLMModel}
	return j, match.About("--llm-model", j.Validate())
}
