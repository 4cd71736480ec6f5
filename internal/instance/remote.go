package instance

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/match"
)

// servedIndex is where an index on a server is, and what of it.
type servedIndex struct {
	qdrant.Config
	words string // wordsLocal, wordsServed, or "" for the default
}

// The values of the words parameter.
const (
	wordsLocal  = "local"
	wordsServed = "qdrant"
)

// openRemote opens a collection on the server that c.Index names; see parseRemote.
func openRemote(ctx context.Context, c Config, spec index.Spec) (index.Index, error) {
	at, err := c.remote()
	if err != nil {
		return nil, err
	}
	ix, err := qdrant.Open(ctx, at.Config, spec)
	if err != nil {
		return nil, err
	}
	report(c.Log, ix.Differences())
	return ix, nil
}

// report says of settings that are not as they are configured.
func report(log *slog.Logger, all []qdrant.Difference) {
	if log == nil {
		return
	}
	for _, d := range all {
		log.Warn("a collection has other settings than are configured; the process that writes it changes them",
			"collection", d.Collection, "setting", d.Setting, "have", d.Have, "want", d.Want)
	}
}

// remote is the server that c.Index names, with the key.
func (c Config) remote() (servedIndex, error) {
	at, err := parseRemote(c.Index)
	at.APIKey = c.QdrantKey
	return at, err
}

// parseRemote takes apart
//
//	qdrant://host[:6334][,host[:6334]…][?name=value[&name=value]…]
//
// with several nodes of one cluster, and these names:
//
//	prefix             begins the names of collections; duijie
//	tls                true or false
//	ca                 a file with certificates that are trusted in place of the system's
//	timeout            of a call with its retries, such as 30s; 10s
//	ef                 how many points a search keeps in view: more find more, slower; 2048
//	shards, replicas, write_consistency
//	                   of new collections; as the server has it
//	quantize           int8 or none; int8
//	on_disk            true or false, whether float32 vectors and postings are on disk; true
//	words              local or qdrant, where the index of words is
func parseRemote(raw string) (servedIndex, error) {
	rest, ok := strings.CutPrefix(raw, "qdrant://")
	hosts, query, _ := strings.Cut(rest, "?")
	if !ok || hosts == "" || strings.ContainsAny(hosts, "/@#") {
		return servedIndex{}, match.Invalidf("--index", "%q is not of the form qdrant://host:6334", raw)
	}
	out := servedIndex{}
	for _, host := range strings.Split(hosts, ",") {
		addr, err := addrOf(host)
		if err != nil {
			return servedIndex{}, match.Invalidf("--index", "%q in %q is not host:port", host, raw)
		}
		out.Addrs = append(out.Addrs, addr)
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return servedIndex{}, match.Invalidf("--index", "%q: %v", raw, err)
	}
	for name, list := range values {
		if err := out.set(name, list[len(list)-1]); err != nil {
			return servedIndex{}, match.Invalidf("--index", "%s=%s in %q: %v", name, list[len(list)-1], raw, err)
		}
	}
	if err := out.Config.Validate(); err != nil {
		said := match.Localised(err)
		return servedIndex{}, (&match.Error{Kind: match.Invalid, Field: "--index"}).Because("%s", match.LocalText{
			ZH: fmt.Sprintf("%q：%s", raw, said.ZH), EN: fmt.Sprintf("%q: %s", raw, said.EN)})
	}
	return out, nil
}

// addrOf adds the port that Qdrant has by default.
func addrOf(host string) (string, error) {
	u, err := url.Parse("qdrant://" + host)
	if err != nil || u.Hostname() == "" {
		return "", fmt.Errorf("no host")
	}
	port := u.Port()
	if port == "" {
		port = "6334"
	}
	return net.JoinHostPort(u.Hostname(), port), nil
}

func (s *servedIndex) set(name, value string) (err error) {
	switch name {
	case "prefix":
		s.Prefix = value
	case "tls":
		s.TLS, err = truth(value)
	case "ca":
		s.CAFile = value
	case "timeout":
		s.Timeout, err = time.ParseDuration(value)
	case "ef":
		s.Ef, err = positive(value)
	case "shards":
		s.Settings.Shards, err = positive(value)
	case "replicas":
		s.Settings.Replicas, err = positive(value)
	case "write_consistency":
		s.Settings.WriteConsistency, err = positive(value)
	case "quantize":
		s.Settings.Quantize = value
	case "on_disk":
		var b bool
		b, err = truth(value)
		s.Settings.OnDisk = &b
	case "words":
		s.words = value
		if value != wordsLocal && value != wordsServed {
			err = fmt.Errorf("is %s or %s", wordsLocal, wordsServed)
		}
	default:
		err = fmt.Errorf("is not known; there are prefix, tls, ca, timeout, ef, shards, replicas, write_consistency, quantize, on_disk and words")
	}
	return err
}

func truth(value string) (bool, error) {
	if value != "true" && value != "false" {
		return false, fmt.Errorf("is true or false")
	}
	return value == "true", nil
}

func positive(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("is a number from 1 on")
	}
	return n, nil
}
