package qdrant

import (
	"fmt"
	"math"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/duijie/duijie/internal/match"
)

// Config says where the server is. Only Addr is needed.
type Config struct {
	// Addr is the host:port of the server's gRPC API, such as "localhost:6334".
	Addr string
	// APIKey is sent with each call if it is not empty. Without TLS it can be read
	// on the way, of which the client warns in the default slog.
	APIKey string
	TLS    bool
	// Prefix begins the names of collections; "" is "duijie". Two installations
	// with different prefixes can share a server.
	Prefix string
	// Timeout is for one call to the server with its retries; 0 is 10 s.
	Timeout time.Duration
}

const (
	defaultPrefix  = "duijie"
	defaultTimeout = 10 * time.Second
)

var prefixForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Validate reports the first thing that is wrong with c, of kind match.Invalid.
func (c Config) Validate() error {
	if _, _, err := c.split(); err != nil {
		return err
	}
	if c.Prefix != "" && !prefixForm.MatchString(c.Prefix) {
		return match.Invalidf("prefix", fmt.Sprintf("%q is not made of 1 to 64 letters, digits, '_' and '-'", c.Prefix))
	}
	if c.Timeout < 0 {
		return match.Invalidf("timeout", "is negative")
	}
	return nil
}

func (c Config) split() (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(c.Addr)
	if err == nil {
		port, err = strconv.Atoi(digits)
	}
	if err != nil || host == "" || port < 1 || port > 65535 {
		return "", 0, match.Invalidf("addr", fmt.Sprintf("%q is not host:port", c.Addr))
	}
	return host, port, nil
}

func (c Config) withDefaults() Config {
	if c.Prefix == "" {
		c.Prefix = defaultPrefix
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	return c
}

// client connects when it is first used.
func (c Config) client() (*qdrant.Client, error) {
	host, port, err := c.split()
	if err != nil {
		return nil, err
	}
	reconnect := backoff.DefaultConfig
	// A server that is back is found within a call's retries, not after a minute.
	reconnect.BaseDelay, reconnect.MaxDelay = 50*time.Millisecond, 2*time.Second
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // IPv6, whose brackets the client forgets
	}
	return qdrant.NewClient(&qdrant.Config{
		Host: host, Port: port, APIKey: c.APIKey, UseTLS: c.TLS,
		// The check calls the server and logs. What Open needs of the server's
		// version it checks itself.
		SkipCompatibilityCheck: true,
		GrpcOptions: []grpc.DialOption{
			grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: 5 * time.Second}),
			// The default of 4 MB is 4,000 vectors of 256 dimensions.
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)),
		},
	})
}
