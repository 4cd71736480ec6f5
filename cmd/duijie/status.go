package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

type statusCmd struct {
	dataFlags
	langFlag
	Unsearchable bool `help:"List the records that are not searchable, and why. 列出尚不可检索的记录及原因。"`
	Limit        int  `help:"Longest list. 最多列出多少条。" default:"1000"`
	JSON         bool `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

// statusReport is what status prints; see the catalog for the states.
type statusReport struct {
	Embedder     string                   `json:"embedder"`
	Models       instance.Models          `json:"models"`
	Kinds        map[string]sqlite.States `json:"kinds"`
	Unsearchable []unsearchable           `json:"unsearchable,omitempty"`
}

type unsearchable struct {
	Record   string      `json:"record"`
	Tenant   string      `json:"tenant"`
	State    match.State `json:"state"`
	Reason   string      `json:"reason"`
	Attempts int         `json:"attempts,omitempty"`
	RetryAt  *time.Time  `json:"retry_at,omitempty"`
}

// Run reads what is on disk, beside a process that may have the folder open.
func (c *statusCmd) Run(ctx context.Context) error {
	model, err := c.model(ctx)
	if err != nil {
		return err
	}
	s, err := c.records(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	report, err := c.read(ctx, s, model)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, report)
	}
	c.print(os.Stdout, report)
	return nil
}

// model is the identity of the model that is live; in a folder that does not say, that
// of the flags.
func (c *statusCmd) model(ctx context.Context) (string, error) {
	m, err := instance.ReadModels(c.Data)
	if err != nil || m.Live != "" {
		return m.Live, err
	}
	e, err := c.Embed.open(ctx)
	if err == nil && e == nil {
		e, err = static.Builtin()
	}
	if err != nil {
		return "", err
	}
	return e.Identity(), nil
}

func (c *statusCmd) read(ctx context.Context, s statusStore, model string) (*statusReport, error) {
	report := &statusReport{Embedder: model, Kinds: map[string]sqlite.States{}}
	var err error
	if report.Models, err = instance.ReadModels(c.Data); err != nil {
		return nil, err
	}
	for _, kind := range instance.Kinds {
		follower := catalog.FollowerName(kind, model)
		states, err := s.States(ctx, kind, follower)
		if err != nil {
			return nil, err
		}
		report.Kinds[string(kind)+"s"] = states
		if !c.Unsearchable {
			continue
		}
		if err := c.list(ctx, s, kind, follower, report); err != nil {
			return nil, err
		}
	}
	return report, nil
}

// list adds the failed records of a kind, and then those that wait.
func (c *statusCmd) list(ctx context.Context, s store.Store, kind match.Kind, follower string, report *statusReport) error {
	mark, err := s.Watermark(ctx, follower)
	if err != nil {
		return err
	}
	failures, err := s.Failures(ctx, follower, c.Limit)
	if err != nil {
		return err
	}
	for _, f := range failures {
		u := unsearchable{Record: f.Ref.String(), Tenant: f.Ref.Tenant, State: stateOf(f), Reason: f.Reason, Attempts: f.Attempts}
		if !f.RetryAt.IsZero() {
			u.RetryAt = &f.RetryAt
		}
		report.Unsearchable = append(report.Unsearchable, u)
	}
	waiting, err := s.Changes(ctx, kind, mark, c.Limit)
	for i := range waiting {
		if !waiting[i].Withdrawn {
			report.Unsearchable = append(report.Unsearchable, unsearchable{Record: waiting[i].Ref.String(), Tenant: waiting[i].Tenant,
				State: match.Accepted, Reason: c.pick(match.LocalText{ZH: "等待建立向量", EN: "waits for its vectors"})})
		}
	}
	return err
}

func stateOf(f store.Failure) match.State {
	if f.Stage == match.EmbedPending {
		return match.EmbedPending
	}
	return match.Failed
}

func (c *statusCmd) print(w io.Writer, r *statusReport) {
	if r.Models.Next != "" {
		(&reembedCmd{langFlag: c.langFlag}).print(w, r.Models)
	}
	for _, kind := range instance.Kinds {
		n := r.Kinds[string(kind)+"s"]
		name := match.LocalText{ZH: "专利", EN: "patents"}
		if kind == match.DemandKind {
			name = match.LocalText{ZH: "需求", EN: "demands"}
		}
		say(w, c.langFlag,
			fmt.Sprintf("%s：入库 %d，可检索 %d，等待 %d，待向量化 %d，失败 %d\n", name.ZH, n.Stored, n.Searchable, n.Pending, n.EmbedPending, n.Failed),
			fmt.Sprintf("%s: %d stored, %d searchable, %d pending, %d waiting for the embedder, %d failed\n", name.EN, n.Stored, n.Searchable, n.Pending, n.EmbedPending, n.Failed))
	}
	for _, u := range r.Unsearchable {
		fmt.Fprintf(w, "%s\t%s\t%s", c.pick(match.Named(u.Record)), u.State, c.pick(match.Localised(errors.New(u.Reason))))
		if u.RetryAt != nil {
			say(w, c.langFlag, fmt.Sprintf("\t已试 %d 次，%s 再试", u.Attempts, u.RetryAt.Local().Format(time.TimeOnly)),
				fmt.Sprintf("\ttried %s, next at %s", match.Counted(u.Attempts, "time"), u.RetryAt.Local().Format(time.TimeOnly)))
		}
		fmt.Fprintln(w)
	}
}
