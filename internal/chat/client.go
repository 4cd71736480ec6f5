package chat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	goopenai "github.com/sashabaranov/go-openai"

	"github.com/duijie/duijie/internal/endpoint"
	"github.com/duijie/duijie/internal/match"
)

// MaxReply is the size of the longest reply that is read, in bytes.
const MaxReply = 1 << 20

// Client asks one endpoint. It is safe for concurrent use.
type Client struct {
	config  Config
	breaker *endpoint.Breaker
}

// New checks the configuration; it sends nothing.
func New(c Config) (*Client, error) {
	if err := c.Validate(); err != nil {
		return nil, match.About("chat endpoint", err)
	}
	c = c.withDefaults()
	return &Client{c, endpoint.NewBreaker(c.BreakAfter, c.BreakFor)}, nil
}

// Answer is what came back.
type Answer struct {
	Text string
	// Tokens is what it cost, prompt and answer together; 0 where the endpoint does
	// not say.
	Tokens int
}

// Ask sends instructions and data as two messages and returns the answer to them. It
// tries once.
func (c *Client) Ask(ctx context.Context, instructions, data string) (Answer, error) {
	if err := c.breaker.Enter(); err != nil {
		return Answer{}, err
	}
	a, err := c.send(ctx, instructions, data)
	switch {
	case err == nil:
		c.breaker.Leave(endpoint.Alive)
	case ctx.Err() != nil:
		c.breaker.Leave(endpoint.Abandoned)
	default:
		c.breaker.Leave(endpoint.Failed)
	}
	return a, err
}

func (c *Client) send(ctx context.Context, instructions, data string) (Answer, error) {
	within, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	config := goopenai.DefaultConfig(c.config.Key)
	config.BaseURL, config.HTTPClient = c.config.BaseURL, limited{c.config.HTTPClient}
	seed := 1
	response, err := goopenai.NewClientWithConfig(config).CreateChatCompletion(within, goopenai.ChatCompletionRequest{
		Model:       c.config.Model,
		Temperature: 0,
		Seed:        &seed,
		//lint:ignore SA1019 max_tokens is what the servers that people run themselves know; not all know its successor
		MaxTokens: c.config.MaxTokens,
		Messages: []goopenai.ChatCompletionMessage{
			{Role: goopenai.ChatMessageRoleSystem, Content: instructions},
			{Role: goopenai.ChatMessageRoleUser, Content: data},
		},
	})
	switch {
	case ctx.Err() != nil:
		return Answer{}, ctx.Err()
	case err != nil && within.Err() != nil:
		return Answer{}, endpoint.Unavailable("no answer within %v", c.config.Timeout)
	case err != nil:
		return Answer{}, c.classify(err)
	case len(response.Choices) == 0:
		return Answer{}, endpoint.Unavailable("the reply has no answer")
	}
	return Answer{Text: response.Choices[0].Message.Content, Tokens: response.Usage.TotalTokens}, nil
}

// classify turns an error of go-openai into one with a kind, without the key.
func (c *Client) classify(err error) error {
	var own *match.Error
	if errors.As(err, &own) {
		return own
	}
	status, message := 0, err.Error()
	var api *goopenai.APIError
	var request *goopenai.RequestError
	switch {
	case errors.As(err, &api):
		status, message = api.HTTPStatusCode, api.Message
	case errors.As(err, &request):
		status, message = request.HTTPStatusCode, string(request.Body)
	}
	reason := endpoint.Told(status, message, c.config.Key)
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &match.Error{Kind: match.Denied, Reason: reason}
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500 || status == 0:
		return endpoint.Unavailable("%s", reason)
	}
	return &match.Error{Kind: match.Invalid, Reason: reason}
}

// limited reads whole replies of at most MaxReply bytes and refuses redirects.
type limited struct{ client *http.Client }

func (l limited) Do(request *http.Request) (*http.Response, error) {
	response, err := l.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxReply+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the reply is cut off: %w", err)
	case len(body) > MaxReply:
		return nil, endpoint.Unavailable("the reply is longer than %d bytes", MaxReply)
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return nil, match.Invalidf("base_url", "answers with a redirect (status %d), which is not followed", response.StatusCode)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}
