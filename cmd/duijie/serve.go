package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/duijie/duijie/internal/archive"
	"github.com/duijie/duijie/internal/console"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/server"
)

type serveCmd struct {
	dataFlags
	langFlag
	llmFlags
	GRPC    string        `help:"Address for gRPC. gRPC 地址。" default:":7600" name:"grpc"`
	Listen  string        `help:"Address for HTTP/JSON; without a host on all interfaces, 127.0.0.1:7601 is this machine alone. HTTP 地址；不写主机则监听所有接口，127.0.0.1:7601 只限本机。" default:":7601"`
	Metrics string        `help:"Address for metrics and health. 指标地址。" default:":7602"`
	Grace   time.Duration `help:"Time for calls to finish after a signal to stop. 停止时的宽限时间。" default:"20s"`
	Console bool          `help:"Serve the web console at /console/ of the HTTP address. 在 HTTP 地址的 /console/ 提供网页控制台。" default:"true" negatable:""`

	AnswersAge time.Duration `help:"How long answers are kept, to be replayed and for events to be compared with. 匹配结果保存多久，以便重现与核对事件。" default:"2160h"`
	AnswersMax int64         `help:"How many answers are kept at most; 0 keeps none. 最多保存多少次匹配结果；0 表示不保存。" default:"1000000"`
	KeepTexts  bool          `help:"Keep texts that were asked with, too; otherwise their hash alone is kept, and no explanation that quotes them. 同时保存直接输入的查询文字（默认只保存其哈希）。"`
}

func (c *serveCmd) Run(ctx context.Context) error {
	in, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	return c.serve(ctx, in, c.logger(), os.Stderr, c.langFlag)
}

// serve answers until ctx ends, and says on w where.
func (c *serveCmd) serve(ctx context.Context, in *instance.Instance, log *slog.Logger, w io.Writer, lang langFlag) error {
	llm, err := c.attach(in)
	if err != nil {
		return err
	}
	proposing, err := c.judge()
	if err != nil {
		return err
	}
	var kept *archive.Archive
	if c.AnswersMax > 0 {
		kept = archive.Open(archive.Config{Store: in.Store, Log: log, Age: c.AnswersAge, Most: c.AnswersMax})
		defer kept.Close()
	}
	shadows := pilot.NewShadows(in.Store, log)
	defer shadows.Close()
	in.Router.Shadows = shadows
	var pages http.Handler
	if c.Console {
		pages = console.Handler()
	}
	s, err := server.New(server.Config{
		Catalog: in.Catalog, Engine: in.Engine, Store: in.Store, Log: log, Version: version(), Console: pages,
		Models: server.LiveModels(in.Engine), GracePeriod: c.Grace, Cache: in.Cache,
		Building: in.Building, Reembed: in, Archive: kept, KeepTexts: c.KeepTexts,
		Rankers: in.Registry, Shadows: shadows, Live: in.Engine, Alone: c.Store == "", Wording: llm.wording, Rerank: llm.rerank, Review: llm.review, Judge: proposing,
	})
	if err != nil {
		return err
	}
	l, err := c.listen()
	if err != nil {
		return err
	}
	zh, en := fmt.Sprintf("HTTP    http://%s\n", l.HTTP.Addr()), fmt.Sprintf("HTTP     http://%s\n", l.HTTP.Addr())
	if c.Console {
		zh += fmt.Sprintf("控制台  http://%s%s\n", l.HTTP.Addr(), console.Path)
		en += fmt.Sprintf("console  http://%s%s\n", l.HTTP.Addr(), console.Path)
	}
	say(w, lang,
		zh+fmt.Sprintf("gRPC    %s\n指标    http://%s/metrics\n", l.GRPC.Addr(), l.Metrics.Addr()),
		en+fmt.Sprintf("gRPC     %s\nmetrics  http://%s/metrics\n", l.GRPC.Addr(), l.Metrics.Addr()))
	return s.Serve(ctx, l)
}

// unheard names the flag of an address that cannot be had.
func unheard(flag string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return &match.Error{Kind: match.Unavailable, Field: flag, Reason: "is in use by another program; name another address"}
	}
	if bad := (*net.AddrError)(nil); errors.As(err, &bad) {
		return match.Invalidf(flag, "is not an address such as :7601 or 127.0.0.1:7601")
	}
	return &match.Error{Kind: match.Unavailable, Field: flag, Err: err}
}

// listen opens all three addresses or none.
func (c *serveCmd) listen() (server.Listeners, error) {
	var l server.Listeners
	var opened []net.Listener
	for _, a := range []struct {
		flag, address string
		to            *net.Listener
	}{{"--grpc", c.GRPC, &l.GRPC}, {"--listen", c.Listen, &l.HTTP}, {"--metrics", c.Metrics, &l.Metrics}} {
		got, err := net.Listen("tcp", a.address)
		if err != nil {
			err = unheard(a.flag+" "+a.address, err)
			for _, o := range opened {
				err = errors.Join(err, o.Close())
			}
			return l, err
		}
		*a.to = got
		opened = append(opened, got)
	}
	return l, nil
}
