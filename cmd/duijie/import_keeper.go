package main

import (
	"context"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// recordKeeper is where an import puts records: a data folder, or a server.
type recordKeeper interface {
	// write writes a batch, with an outcome for each item; see store.Records.Put.
	write(ctx context.Context, b store.Batch) ([]store.Outcome, error)
	// stored gives the newest revision of each ref, in their order, withdrawn ones too;
	// nil for none.
	stored(ctx context.Context, refs []match.Ref) ([]*match.Record, error)
	// await returns when what was written is searchable, or noted as failed.
	await(ctx context.Context) error
}

// folderRecords keeps records in a data folder.
type folderRecords struct {
	catalog *catalog.Catalog
	store   store.Store
}

func (f folderRecords) write(ctx context.Context, b store.Batch) ([]store.Outcome, error) {
	return f.catalog.Write(ctx, b)
}

func (f folderRecords) stored(ctx context.Context, refs []match.Ref) ([]*match.Record, error) {
	return f.store.Get(ctx, refs)
}

func (f folderRecords) await(ctx context.Context) error { return f.catalog.Await(ctx) }

// newest is the number of the newest write.
func (f folderRecords) newest(ctx context.Context) (int64, error) {
	patents, err := f.store.LastSeq(ctx, match.PatentKind)
	if err != nil {
		return 0, err
	}
	demands, err := f.store.LastSeq(ctx, match.DemandKind)
	return max(patents, demands), err
}
