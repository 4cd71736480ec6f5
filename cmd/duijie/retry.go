package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

type retryCmd struct {
	dataFlags
	langFlag
}

// Run tries failed records again: here, or where the folder is open in a running
// serve, there, which finds them due.
func (c *retryCmd) Run(ctx context.Context) error {
	if err := c.holdsData(); err != nil {
		return err
	}
	in, err := c.openAsIs(ctx)
	if errors.Is(err, sqlite.ErrLocked) && c.Store == "" {
		return c.elsewhere(ctx)
	}
	if err != nil {
		return err
	}
	tried, left, err := in.Catalog.RetryNow(ctx)
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	for _, f := range left {
		fmt.Fprintf(os.Stderr, "%s: %s\n", f.Ref, f.Reason)
	}
	c.done(tried, left)
	if len(left) > 0 {
		return exitError{exitFailed}
	}
	return nil
}

func (c *retryCmd) done(tried int, left []store.Failure) {
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("重试 %d 条，仍失败 %d 条。\n", tried, len(left)),
		fmt.Sprintf("%s tried again, %d of them failed again.\n", match.Counted(tried, "record"), len(left)))
}

func (c *retryCmd) elsewhere(ctx context.Context) error {
	n, err := sqlite.MakeDue(ctx, c.Data, time.Now())
	if err != nil {
		return err
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("数据目录已被运行中的 Duijie 打开，由它立即重试 %d 条。\n", n),
		fmt.Sprintf("The folder is open in a running Duijie, which tries %s again now.\n", match.Counted(n, "record")))
	return nil
}
