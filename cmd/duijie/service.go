package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"

	"github.com/duijie/duijie/internal/judge"
	"github.com/duijie/duijie/internal/server"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// serviceFlags say whose API a command calls: that of a running server, or one that this
// process has for as long as the command takes.
type serviceFlags struct {
	dataFlags
	langFlag
	Server string `help:"Ask a running server, such as http://localhost:7601, instead of the folder. 使用正在运行的服务。" placeholder:"URL"`
}

// with calls do with the API.
func (f *serviceFlags) with(ctx context.Context, do func(*remote) error) error {
	return f.judging(ctx, nil, do)
}

// judging is with, where this process has j to judge pairs with.
func (f *serviceFlags) judging(ctx context.Context, j *judge.Judge, do func(*remote) error) (err error) {
	if f.Server != "" {
		r, err := newRemote(f.Server)
		if err != nil {
			return err
		}
		return do(r)
	}
	if err := f.holdsData(); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler) // the command says itself what it did, or what failed
	if f.LogLevel != "" {
		log = f.logger()
	}
	in, err := f.openLogging(ctx, log)
	if errors.Is(err, sqlite.ErrLocked) {
		return folderInUse(err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	s, err := server.New(server.Config{
		Catalog: in.Catalog, Engine: in.Engine, Store: in.Store, Log: log, Version: version(), Models: server.LiveModels(in.Engine),
		Rankers: in.Registry, Live: in.Engine, Alone: f.Store == "", Judge: j,
	})
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	client, ended := s.InProcess(serving)
	defer func() {
		stop()
		<-ended
	}()
	return do(&remote{base: &url.URL{Scheme: "http", Host: ownHost}, client: client})
}
