package instance

import (
	"context"
	"fmt"
	"net"
	"net/url"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/match"
)

// openRemote opens a collection on the server that c.Index names:
//
//	qdrant://host[:6334][?tls=true][&prefix=duijie]
func openRemote(ctx context.Context, c Config, spec index.Spec) (index.Index, error) {
	at, err := parseRemote(c.Index)
	if err != nil {
		return nil, err
	}
	at.APIKey = c.QdrantKey
	return qdrant.Open(ctx, at, spec)
}

func parseRemote(raw string) (qdrant.Config, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "qdrant" || u.Hostname() == "" || u.Path != "" || u.User != nil {
		return qdrant.Config{}, match.Invalidf("index", fmt.Sprintf("%q is not of the form qdrant://host:6334", raw))
	}
	port := u.Port()
	if port == "" {
		port = "6334"
	}
	out := qdrant.Config{Addr: net.JoinHostPort(u.Hostname(), port)}
	for name, values := range u.Query() {
		switch {
		case name == "prefix":
			out.Prefix = values[0]
		case name == "tls" && (values[0] == "true" || values[0] == "false"):
			out.TLS = values[0] == "true"
		default:
			return qdrant.Config{}, match.Invalidf("index", fmt.Sprintf("%s=%s in %q is not known; there are tls=true and prefix=NAME", name, values[0], raw))
		}
	}
	return out, nil
}
