package main

import (
	"context"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// labelKeeper is where labels are: a data folder, or a server.
type labelKeeper interface {
	// wantsRaters tells whether put refuses labels without a rater.
	wantsRaters() bool
	// put writes valid labels. It counts those that name records that are not there,
	// and names the records.
	put(ctx context.Context, labels []match.Label) (n int, missing []match.Ref, err error)
	// list gives each label that q asks for to take, in order, until take fails. The
	// limit of q is the size of a page.
	list(ctx context.Context, q store.LabelQuery, take func(match.Label) error) error
	// withdraw takes labels away and counts them; see store.Labels.
	withdraw(ctx context.Context, labels []match.Label) (int, error)
	Close() error
}

// labelPage is how many labels are asked for, or sent, at once.
const labelPage = 500

// folderLabels keeps labels in a data folder.
type folderLabels struct{ store.Store }

func (f folderLabels) wantsRaters() bool { return false }

func (f folderLabels) put(ctx context.Context, labels []match.Label) (int, []match.Ref, error) {
	if err := f.PutLabels(ctx, labels); err != nil {
		return 0, nil, err
	}
	return store.Unknown(ctx, f, labels)
}

func (f folderLabels) list(ctx context.Context, q store.LabelQuery, take func(match.Label) error) error {
	return eachLabel(ctx, f, q, take)
}

func (f folderLabels) withdraw(ctx context.Context, labels []match.Label) (int, error) {
	return f.WithdrawLabels(ctx, labels)
}

// eachLabel follows the pages of q.
func eachLabel(ctx context.Context, s store.Labels, q store.LabelQuery, take func(match.Label) error) error {
	for {
		page, err := s.ListLabels(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			if err := take(page[i]); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		q.After = &page[len(page)-1]
	}
}
