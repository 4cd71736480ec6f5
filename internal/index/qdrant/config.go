package qdrant

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/duijie/duijie/internal/match"
)

// Config says where the server is. Only Addrs is needed.
type Config struct {
	// Addrs are the host:port of the gRPC API of a server, such as "localhost:6334", or
	// of several nodes of one cluster: calls go to them by turns, and from one that does
	// not answer to the next.
	Addrs []string
	// APIKey is sent with each call if it is not empty. Without TLS it can be read
	// on the way, of which the client warns in the default slog.
	APIKey string
	TLS    bool
	// CAFile holds certificates (PEM) of authorities that are trusted with TLS in place
	// of the system's.
	CAFile string
	// Prefix begins the names of collections; "" is "duijie". Two installations
	// with different prefixes can share a server.
	Prefix string
	// Timeout is for one call to the server with its retries; 0 is 10 s.
	Timeout time.Duration
	// Ef is how many points a search of the server's graph (HNSW) keeps in view, at most
	// MaxEf: more find more, and take longer. 0 is 2048, which demands need for 0.98 of the 50
	// nearest of 1,350,000 patents (decision 0012); the server's own choice finds 0.85.
	Ef int
	// Settings are those of new collections. Where an existing one has others, Open
	// goes on with it, and Differences says so.
	Settings Settings
}

const (
	defaultPrefix  = "duijie"
	defaultTimeout = 10 * time.Second
	defaultEf      = 2048
)

// MaxEf is the largest Config.Ef.
const MaxEf = 1 << 16

var prefixForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Validate reports the first thing that is wrong with c, of kind match.Invalid.
func (c Config) Validate() error {
	if len(c.Addrs) == 0 {
		return match.Invalidf("addr", "is missing")
	}
	for i, addr := range c.Addrs {
		if _, _, err := split(addr); err != nil {
			return err
		}
		if slices.Contains(c.Addrs[:i], addr) {
			return match.Invalidf("addr", fmt.Sprintf("%q is there twice", addr))
		}
	}
	if c.Prefix != "" && !prefixForm.MatchString(c.Prefix) {
		return match.Invalidf("prefix", fmt.Sprintf("%q is not made of 1 to 64 letters, digits, '_' and '-'", c.Prefix))
	}
	if c.Timeout < 0 {
		return match.Invalidf("timeout", "is negative")
	}
	if c.Ef < 0 || c.Ef > MaxEf {
		return match.Invalidf("ef", "%d is not in %d to %d", c.Ef, 1, MaxEf)
	}
	if c.CAFile != "" && !c.TLS {
		return match.Invalidf("ca", "is for TLS, which is off")
	}
	return c.Settings.Validate()
}

func split(addr string) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(addr)
	if err == nil {
		port, err = strconv.Atoi(digits)
	}
	if err != nil || host == "" || port < 1 || port > 65535 {
		return "", 0, match.Invalidf("addr", fmt.Sprintf("%q is not host:port", addr))
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
	if c.Ef == 0 {
		c.Ef = defaultEf
	}
	return c
}

// address names the server in messages.
func (c Config) address() string { return strings.Join(c.Addrs, ",") }

// connect checks c and makes the clients, which connect when they are first used. Its
// errors are of kind match.Invalid.
func (c Config) connect() (*nodes, error) {
	trusted, err := c.trusted()
	if err != nil {
		return nil, match.About("qdrant "+c.address(), err)
	}
	out := &nodes{}
	for _, addr := range c.Addrs {
		client, err := c.client(addr, trusted)
		if err != nil {
			return nil, match.About("qdrant "+addr, err)
		}
		out.list = append(out.list, &node{addr: addr, client: client})
	}
	return out, nil
}

// trusted is the TLS configuration; nil is the client's own.
func (c Config) trusted() (*tls.Config, error) {
	if c.CAFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, match.Invalidf("ca", err.Error())
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, match.Invalidf("ca", c.CAFile+" has no certificate in PEM")
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}

func (c Config) client(addr string, trusted *tls.Config) (*qdrant.Client, error) {
	host, port, err := split(addr)
	if err != nil {
		return nil, err
	}
	reconnect := backoff.DefaultConfig
	// A server that is back is found within a call's retries, by each of the client's
	// connections, not after a minute.
	reconnect.BaseDelay, reconnect.MaxDelay = 50*time.Millisecond, 300*time.Millisecond
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // IPv6, whose brackets the client forgets
	}
	return qdrant.NewClient(&qdrant.Config{
		Host: host, Port: port, APIKey: c.APIKey, UseTLS: c.TLS, TLSConfig: trusted,
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
