package main

import (
	"context"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// statusStore is a store that counts its records by their states.
type statusStore interface {
	store.Store
	States(ctx context.Context, kind match.Kind, follower string) (sqlite.States, error)
}

// records opens what is there for reading, beside a process that writes.
func (c *statusCmd) records(ctx context.Context) (statusStore, error) {
	if c.Store == "" {
		return sqlite.OpenReadOnly(ctx, c.Data, sqlite.Options{})
	}
	s, err := instance.OpenRecords(ctx, instance.Config{Data: c.Data, Store: c.Store, Index: c.Index, ReadOnly: true})
	return servedStates{s}, err
}

// servedStates counts by means of the contract alone. Records that were withdrawn after
// they had failed count as failed until the follower has seen it.
type servedStates struct{ store.Store }

func (s servedStates) States(ctx context.Context, kind match.Kind, follower string) (n sqlite.States, err error) {
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return n, err
	}
	for _, tenant := range tenants {
		some, err := s.Count(ctx, tenant, kind)
		if err != nil {
			return n, err
		}
		n.Stored += some
	}
	if n.Pending, err = s.pending(ctx, kind, follower); err != nil {
		return n, err
	}
	stages, err := s.CountFailures(ctx, follower)
	for stage, count := range stages {
		if stage == match.EmbedPending {
			n.EmbedPending += count
		} else {
			n.Failed += count
		}
	}
	n.Searchable = n.Stored - n.Pending - n.EmbedPending - n.Failed
	return n, err
}

// pending counts the live records that were written after what the follower has secured.
func (s servedStates) pending(ctx context.Context, kind match.Kind, follower string) (n int, err error) {
	at, err := s.Watermark(ctx, follower)
	for err == nil {
		var page []match.Record
		if page, err = s.Changes(ctx, kind, at, 1000); len(page) == 0 {
			break
		}
		for i := range page {
			if !page[i].Withdrawn {
				n++
			}
		}
		at = page[len(page)-1].Seq
	}
	return n, err
}
