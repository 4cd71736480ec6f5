package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server"
	"github.com/duijie/duijie/internal/store/sqlite"
)

type reembedCmd struct {
	dataFlags
	langFlag
	Server     string   `help:"Ask a running server, such as http://localhost:7601, instead of opening the folder. 使用正在运行的服务。" placeholder:"URL"`
	Pause      bool     `help:"Pause the building of the next model, also in a running serve. 暂停。" xor:"what"`
	Resume     bool     `help:"Go on with it. 继续。" xor:"what"`
	Rate       *float64 `help:"Build with at most so many texts a second; 0 is no limit. A record has two or three. 限速（条文本/秒）。" xor:"what" placeholder:"N"`
	Rollback   bool     `help:"Go back to the former model, whose vectors are kept, or give up the one that is being built. It is not built again before --again, whatever the flags of serve are. 回退到上一模型，或放弃正在建立的模型；在 --again 之前不再建立。" xor:"what"`
	Again      bool     `help:"Build the model that was rolled back, or the one that the flags choose; with --server, by the server's flags. 回退之后重新建立。" xor:"what"`
	DropOld    bool     `help:"Delete the vectors of models that are neither live, nor being built, nor the former one; with a Qdrant index there. 删除旧模型的向量，保留上一模型。" xor:"what"`
	DropFormer bool     `help:"As --drop-old, and delete the former model's too: no rollback can go back to it. 连同上一模型的向量一并删除，此后不能回退。" xor:"what"`
	JSON       bool     `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

// Help is what --help says besides.
func (reembedCmd) Help() string {
	return `Alone this tells the state. With --embedder or --static-model, and without --server, it
builds the vectors of the model that they choose and makes it the live one; where a serve has the folder open, that builds them, and this tells how
far it is. The live model answers until the next one is complete; then they change places
in one step. The old vectors are kept for --rollback until they are dropped.

单独使用只显示状态。带 --embedder 或 --static-model（不带 --server）时，为所选的模型建立向量，完成后一次切换；若目录已被 serve 打开，则由 serve 建立，此处只显示进度。
旧模型在此期间照常应答，其向量保留到删除为止，可用 --rollback 回退。

  live A ──flags want B──► A answers, B is built ──complete──► live B, former A
    ▲                        │ --rollback                         │ --rollback
    │                        ▼                                    ▼
    │                      live A, B rolled back ◄──complete── B answers, A catches up
    └── flags want B: nothing is built before --again, which builds B`
}

// reembedder changes the models: of the folder, or of a running server.
type reembedder interface {
	state(ctx context.Context) (instance.Models, instance.Pace, error)
	pace(ctx context.Context, change func(*instance.Pace)) (instance.Pace, error)
	// rollback and again return when it is done.
	rollback(ctx context.Context, progress func(instance.Models)) error
	again(ctx context.Context, progress func(instance.Models)) error
}

func (c *reembedCmd) Run(ctx context.Context) error {
	if c.Server == "" {
		if err := c.holdsData(); err != nil {
			return err
		}
	}
	if c.DropOld || c.DropFormer {
		return c.drop(ctx)
	}
	r, err := c.where()
	if err != nil {
		return err
	}
	progress := func(m instance.Models) { c.print(os.Stderr, m) }
	switch {
	case c.Pause, c.Resume, c.Rate != nil:
		return c.setPace(ctx, r)
	case c.Rollback:
		err = r.rollback(ctx, progress)
	case c.Again:
		err = r.again(ctx, progress)
	case c.Server == "" && c.Embed.chosen():
		err = c.build(ctx, progress)
	}
	if err != nil {
		return err
	}
	m, p, err := r.state(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, server.ToReembedding(m, p))
	}
	c.print(os.Stdout, m)
	c.printPace(os.Stdout, p)
	return nil
}

func (c *reembedCmd) where() (reembedder, error) {
	if c.Server == "" {
		return folderModels{c.dataFlags}, nil
	}
	r, err := newRemote(c.Server)
	return serverModels{r}, err
}

// build builds the model of the flags, unless a serve has the folder open.
func (c *reembedCmd) build(ctx context.Context, progress func(instance.Models)) error {
	in, err := c.open(ctx)
	if errors.Is(err, sqlite.ErrLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(in.Settled(ctx, progress), in.Close())
}

func (c *reembedCmd) setPace(ctx context.Context, r reembedder) error {
	if c.Rate != nil && !(*c.Rate >= 0) {
		return match.Invalidf("--rate", "is not a number from 0 on")
	}
	p, err := r.pace(ctx, func(p *instance.Pace) {
		if c.Rate != nil {
			p.Texts = *c.Rate
		} else {
			p.Paused = c.Pause
		}
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, p)
	}
	c.printPace(os.Stdout, p)
	return nil
}

func (c *reembedCmd) printPace(w io.Writer, p instance.Pace) {
	state := match.LocalText{ZH: "未暂停", EN: "not paused"}
	if p.Paused {
		state = match.LocalText{ZH: "暂停", EN: "paused"}
	}
	limit := match.LocalText{ZH: "不限速", EN: "no limit"}
	if p.Texts > 0 {
		limit = match.LocalText{ZH: fmt.Sprintf("每秒最多 %g 条文本", p.Texts), EN: fmt.Sprintf("at most %g texts a second", p.Texts)}
	}
	say(w, c.langFlag, fmt.Sprintf("重建向量：%s，%s。\n", state.ZH, limit.ZH), fmt.Sprintf("Re-embedding: %s, %s.\n", state.EN, limit.EN))
}

func (c *reembedCmd) drop(ctx context.Context) error {
	if c.Server != "" {
		return match.Invalidf("--server", "vectors are dropped in the folder, or with --index; leave --server out")
	}
	n, err := instance.DropOld(ctx, instance.Config{Data: c.Data, Index: c.Index, QdrantKey: c.QdrantKey}, c.DropFormer)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, map[string]int{"dropped": n})
	}
	say(os.Stdout, c.langFlag, fmt.Sprintf("已删除 %d 个旧模型的向量。\n", n), fmt.Sprintf("Deleted the vectors of %s.\n", match.Counted(n, "old model")))
	return nil
}

func (c *reembedCmd) print(w io.Writer, m instance.Models) {
	if m.Next != "" {
		c.printNext(w, m)
		return
	}
	say(w, c.langFlag, fmt.Sprintf("当前模型：%s\n", m.Live), fmt.Sprintf("live model: %s\n", m.Live))
	if m.Previous != "" {
		say(w, c.langFlag, fmt.Sprintf("上一模型：%s（--rollback 可切回，直至 --drop-former）\n", m.Previous),
			fmt.Sprintf("former model: %s (--rollback goes back to it, until --drop-former)\n", m.Previous))
	}
	if m.RolledBack != "" {
		say(w, c.langFlag, fmt.Sprintf("已回退：%s（--again 之前不再建立）\n", m.RolledBack),
			fmt.Sprintf("rolled back: %s (not built again before --again)\n", m.RolledBack))
	}
}

func (c *reembedCmd) printNext(w io.Writer, m instance.Models) {
	share := 0.0
	if m.Total > 0 {
		share = 100 * float64(m.Done) / float64(m.Total)
	}
	say(w, c.langFlag,
		fmt.Sprintf("%s 正在应答；%s 已建 %.1f%%，等待 %d，拒绝 %d %s", m.Live, m.Next, share, m.Waiting, m.Refused, m.Problem),
		fmt.Sprintf("%s answers; %s is %.1f %% done, %d wait for the embedder, %d are refused %s", m.Live, m.Next, share, m.Waiting, m.Refused, m.Problem))
	if m.End != nil {
		end := m.End.Local().Format(time.DateTime)
		say(w, c.langFlag, fmt.Sprintf("，每秒 %.1f 次写入，预计 %s 完成", m.Rate, end), fmt.Sprintf(", %.1f writes a second, complete at about %s", m.Rate, end))
	}
	fmt.Fprintln(w)
}
