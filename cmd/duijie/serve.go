package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/server"
)

type serveCmd struct {
	dataFlags
	langFlag
	GRPC    string        `help:"Address for gRPC. gRPC 地址。" default:":7600" name:"grpc"`
	Listen  string        `help:"Address for HTTP/JSON. HTTP 地址。" default:":7601"`
	Metrics string        `help:"Address for metrics and health. 指标地址。" default:":7602"`
	Grace   time.Duration `help:"Time for calls to finish after a signal to stop. 停止时的宽限时间。" default:"20s"`
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
	s, err := server.New(server.Config{
		Catalog: in.Catalog, Engine: in.Engine, Store: in.Store, Log: log, Version: version(),
		Models: server.LiveModels(in.Engine), GracePeriod: c.Grace,
	})
	if err != nil {
		return err
	}
	l, err := c.listen()
	if err != nil {
		return err
	}
	say(w, lang,
		fmt.Sprintf("HTTP  http://%s\ngRPC  %s\n指标  http://%s/metrics\n", l.HTTP.Addr(), l.GRPC.Addr(), l.Metrics.Addr()),
		fmt.Sprintf("HTTP     http://%s\ngRPC     %s\nmetrics  http://%s/metrics\n", l.HTTP.Addr(), l.GRPC.Addr(), l.Metrics.Addr()))
	return s.Serve(ctx, l)
}

// listen opens all three addresses or none.
func (c *serveCmd) listen() (server.Listeners, error) {
	var l server.Listeners
	var opened []net.Listener
	for _, a := range []struct {
		address string
		to      *net.Listener
	}{{c.GRPC, &l.GRPC}, {c.Listen, &l.HTTP}, {c.Metrics, &l.Metrics}} {
		got, err := net.Listen("tcp", a.address)
		if err != nil {
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
