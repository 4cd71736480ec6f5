package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/replay"
)

// replayCmd gives an answer again.
type replayCmd struct {
	eventFlags
	Request string `help:"Id of the request, as the answer told it. 请求编号。" required:"" placeholder:"ID"`
	Tenant  string `help:"Tenant. 租户。" default:"default"`
	JSON    bool   `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *replayCmd) Run(ctx context.Context) error {
	got, err := c.replay(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, got)
	}
	c.print(got)
	return nil
}

func (c *replayCmd) replay(ctx context.Context) (*pb.ReplayResponse, error) {
	if c.Server != "" {
		r, err := newRemote(c.Server)
		if err != nil {
			return nil, err
		}
		var got pb.ReplayResponse
		err = r.call(ctx, "GET", "/v1/answers/"+url.PathEscape(c.Request), url.Values{"tenant": {c.Tenant}}, nil, &got)
		return &got, err
	}
	s, err := openStoreAlone(ctx, c.dataFlags, true)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	kept, err := s.Answers(ctx, c.Tenant, []string{c.Request})
	if err != nil {
		return nil, err
	}
	if kept[0] == nil {
		return nil, &match.Error{Kind: match.NotFound, Record: "request " + c.Request, Reason: "its answer is not kept, or not any more"}
	}
	return replay.Restore(ctx, s, kept[0])
}

// print shows the answer, and what has changed since.
func (c *replayCmd) print(r *pb.ReplayResponse) {
	a, v := r.GetAnswer(), r.GetAnswer().GetVersions()
	query := a.GetQuery()
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("请求 %s，%s 作答，排序模型 %s，向量模型 %s\n", a.GetRequestId(), r.GetAnswerTime().AsTime().Local().Format(time.DateTime), v.GetRanker(), v.GetEmbedder()),
		fmt.Sprintf("request %s, answered %s, ranker %s, embedder %s\n", a.GetRequestId(), r.GetAnswerTime().AsTime().Local().Format(time.DateTime), v.GetRanker(), v.GetEmbedder()))
	if query.GetId() != "" {
		say(os.Stdout, c.langFlag, fmt.Sprintf("查询：%s（第 %d 版）\n", query.GetId(), query.GetRevision()), fmt.Sprintf("for %s (revision %d)\n", query.GetId(), query.GetRevision()))
	}
	for _, h := range a.GetHits() {
		id, title, revision := h.GetPatent().GetNumber(), h.GetPatent().GetTitle(), h.GetPatent().GetInfo().GetRevision()
		if d := h.GetDemand(); d != nil {
			id, title, revision = d.GetId(), d.GetTitle(), d.GetInfo().GetRevision()
		}
		fmt.Printf("%3d  %.3f  %s  %s (%d)\n", h.GetRank(), h.GetScore().GetValue(), pad(id, 15), title, revision)
	}
	for _, w := range r.GetWithheld() {
		say(os.Stdout, c.langFlag, "未再显示："+w.GetZh()+"\n", "withheld: "+w.GetEn()+"\n")
	}
	if len(r.GetChanges()) == 0 {
		say(os.Stdout, c.langFlag, "此后各记录均无变化。\n", "No record has changed since.\n")
	}
	for _, ch := range r.GetChanges() {
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("此后有变化：%s 第 %d → %d 版：%s%s\n", ch.GetId(), ch.GetRevisionThen(), ch.GetRevisionNow(), strings.Join(ch.GetFields(), "、"), map[bool]string{true: "（已下架）"}[ch.GetWithdrawn()]),
			fmt.Sprintf("changed since: %s, revision %d → %d: %s%s\n", ch.GetId(), ch.GetRevisionThen(), ch.GetRevisionNow(), strings.Join(ch.GetFields(), ", "), map[bool]string{true: " (withdrawn)"}[ch.GetWithdrawn()]))
	}
}
