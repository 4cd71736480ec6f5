package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
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
		return r.unreached(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return r.brokeOff(err)
	}
	if resp.StatusCode != http.StatusOK {
		return r.refusal(resp.StatusCode, got)
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(got, into); err != nil {
		return r.foreign(err)
	}
	return nil
}

// foreign is the error of an answer that a Duijie would not give.
func (r *remote) foreign(cause error) error {
	return &match.Error{Kind: match.Unavailable, Record: r.base.String(), Reason: "its answer is not one of Duijie", Err: cause}
}

// streamTimeout bounds a stream: a server gives up one that stands still before that.
const streamTimeout = 10 * time.Minute

// stream sends lines of JSON and gives the result of each line of the answer to take, until
// take fails. A line with an error ends it, in the server's words.
func (r *remote) stream(ctx context.Context, path string, body []byte, take func(result []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, streamTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	untimed := *r.client
	untimed.Timeout = 0
	resp, err := untimed.Do(req)
	if err != nil {
		return r.unreached(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		got, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
		return cmp.Or(err, r.refusal(resp.StatusCode, got))
	}
	for lines := json.NewDecoder(resp.Body); ; {
		var line struct{ Result, Error json.RawMessage }
		switch err := lines.Decode(&line); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return r.brokeOff(err)
		case line.Error != nil:
			return r.refusal(resp.StatusCode, line.Error)
		}
		if err := take(line.Result); err != nil {
			return err
		}
	}
}

func (r *remote) unreached(cause error) error {
	return &match.Error{Kind: match.Unavailable, Record: r.base.String(), Reason: "the server cannot be reached", Err: cause}
}

func (r *remote) brokeOff(cause error) error {
	return &match.Error{Kind: match.Unavailable, Record: r.base.String(), Reason: "its answer broke off", Err: cause}
}

// ownHost is the address of a server that this process is itself.
const ownHost = "in-process"

// refusal is what a server says of a call that it did not carry out, in both languages.
type refusal struct {
	match.LocalText
	code int // of HTTP
}

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
	out := refusal{match.LocalText{ZH: told.Message, EN: told.Message}, code}
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
