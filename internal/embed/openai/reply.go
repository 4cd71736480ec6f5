package openai

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	goopenai "github.com/sashabaranov/go-openai"

	"github.com/duijie/duijie/internal/endpoint"
	"github.com/duijie/duijie/internal/match"
)

// maxReply is far above the largest reply: 2,048 texts of 4,096 numbers.
const maxReply = 512 << 20

// doer sends one request for go-openai, and sees what that does not show: when
// to come back, and numbers that are none.
type doer struct {
	client     *http.Client
	status     int // 0 where there was no reply
	retryAfter time.Duration
}

func (d *doer) Do(request *http.Request) (*http.Response, error) {
	response, err := d.client.Do(request)
	if err != nil {
		return nil, err
	}
	d.status = response.StatusCode
	d.retryAfter = retryAfter(response.Header, time.Now())
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the reply is cut off: %w", err)
	case len(body) > maxReply:
		return nil, fmt.Errorf("the reply is longer than %d bytes", maxReply)
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return nil, match.Invalidf("base_url", "answers with a redirect (status %d), which is not followed", response.StatusCode)
	case response.StatusCode < 400 && hasBadNumber(body):
		return nil, refused("the model gave numbers that are null or not finite")
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// hasBadNumber finds null, NaN and Infinity as elements of an array. Go's decoder
// would read null as 0 and a whole batch with a NaN as no JSON.
func hasBadNumber(body []byte) bool {
	for _, word := range []string{"null", "NaN", "nan", "Infinity", "inf"} {
		rest := body
		for {
			at := bytes.Index(rest, []byte(word))
			if at < 0 {
				break
			}
			before := bytes.TrimRight(rest[:at], " \t\r\n-")
			if len(before) > 0 && (before[len(before)-1] == '[' || before[len(before)-1] == ',') {
				return true
			}
			rest = rest[at+len(word):]
		}
	}
	return false
}

// retryAfter reads the header in both of its forms, seconds and a date, and
// OpenAI's own in milliseconds (RFC 9110, 10.2.3).
func retryAfter(header http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(header.Get("Retry-After-Ms"), 64); err == nil {
		return duration(ms / 1000)
	}
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		return duration(seconds)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(longestRest, max(0, at.Sub(now)))
	}
	return 0
}

// longestRest is the longest time for which an endpoint is believed.
const longestRest = time.Hour

// duration keeps absurd numbers of seconds within longestRest.
func duration(seconds float64) time.Duration {
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, longestRest.Seconds()) * float64(time.Second))
}

// arrange puts the vectors of a reply in the order of the n inputs, checks them
// and scales them to length 1. With dim 0 the first vector sets the dimensions.
func arrange(data []goopenai.Embedding, n, dim int) ([][]float32, error) {
	out := make([][]float32, n)
	for _, item := range data {
		if item.Index < 0 || item.Index >= n || out[item.Index] != nil {
			return nil, endpoint.Unavailable("the reply has index %d twice or beyond its %d texts", item.Index, n)
		}
		if dim == 0 {
			dim = len(item.Embedding)
		}
		if len(item.Embedding) != dim || dim == 0 {
			reason := fmt.Sprintf("the model gives %d dimensions, not %d", len(item.Embedding), dim)
			return nil, &match.Error{Kind: match.Invalid, Field: "dim", Reason: reason}
		}
		if !normalise(item.Embedding) {
			return nil, refused("the model gave a vector without length")
		}
		out[item.Index] = item.Embedding
	}
	if len(data) != n {
		return nil, endpoint.Unavailable("the reply has %d vectors for %d texts", len(data), n)
	}
	return out, nil
}

// normalise scales v to Euclidean length 1 and tells whether it could.
func normalise(v []float32) bool {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	length := math.Sqrt(sum)
	if !(length > 0) || math.IsInf(length, 0) {
		return false
	}
	for i, x := range v {
		v[i] = float32(float64(x) / length)
	}
	return true
}
