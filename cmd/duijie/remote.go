package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/duijie/duijie/internal/match"
)

// remote is a running server, reached over HTTP.
type remote struct {
	base   *url.URL
	client *http.Client
}

// newRemote is for the value of --server.
func newRemote(base string) (*remote, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, match.Invalidf("--server", "%q is not an address such as http://localhost:7601", base)
	}
	return &remote{u, &http.Client{Timeout: time.Minute}}, nil
}

// maxReply bounds what is read of an answer: a page of labels has at most 2 MB.
const maxReply = 16 << 20

// call sends body, where there is one, and reads the answer. What the server
// refuses is an error in its words.
func (r *remote) call(ctx context.Context, method, path string, query url.Values, body, into proto.Message) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = protojson.Marshal(body); err != nil {
			return err
		}
	}
	at := *r.base.JoinPath(path)
	at.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(text))
	if err != nil {
		return err
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return &match.Error{Kind: match.Unavailable, Record: r.base.String(), Reason: "the server cannot be reached", Err: err}
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return &match.Error{Kind: match.Unavailable, Record: r.base.String(), Reason: "its answer broke off", Err: err}
	}
	if resp.StatusCode != http.StatusOK {
		return r.refusal(resp.StatusCode, got)
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(got, into); err != nil {
		return &match.Error{Kind: match.Unavailable, Record: r.base.String(), Reason: "its answer is not one of Duijie", Err: err}
	}
	return nil
}

// ownHost is the address of a server that this process is itself.
const ownHost = "in-process"

// refusal is what a server says of a call that it did not carry out, in both languages.
type refusal struct{ match.LocalText }

func (r refusal) Error() string              { return r.EN }
func (r refusal) Localised() match.LocalText { return r.LocalText }

func (r *remote) refusal(code int, body []byte) error {
	var told struct {
		Message string
		Details []struct{ Locale, Message string }
	}
	if json.Unmarshal(body, &told) != nil || told.Message == "" {
		return (&match.Error{Kind: match.Unavailable, Record: r.base.String()}).Because("it answered with %d %s", code, http.StatusText(code))
	}
	out := refusal{match.LocalText{ZH: told.Message, EN: told.Message}}
	for _, d := range told.Details {
		if d.Locale == "zh-CN" && d.Message != "" {
			out.ZH = d.Message
		}
	}
	if r.base.Host != ownHost {
		out.ZH, out.EN = r.base.String()+"："+out.ZH, r.base.String()+": "+out.EN
	}
	return out
}
