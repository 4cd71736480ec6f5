package doctor

import (
	"context"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// words reads every byte of the words of a kind and, where they are up to date, counts
// them.
func (x *examination) words(ctx context.Context, s store.Store, kind match.Kind) error {
	have, mark, err := instance.VerifyWords(ctx, x.Config, kind)
	detail := err
	switch match.KindOf(err) {
	case match.Corrupt, match.Stale:
	default:
		if err != nil {
			return err
		}
		if detail, err = x.miscounted(ctx, s, kind, have, mark); err != nil || detail == nil {
			return err
		}
	}
	x.work.needed, x.work.words = true, append(x.work.words, kind)
	x.report.add(newFinding(DamagedWords, Problem, instance.WordDir(x.Data, kind), detail))
	return nil
}

// miscounted tells what is wrong with the number of words; nil for nothing.
func (x *examination) miscounted(ctx context.Context, s store.Store, kind match.Kind, have int, mark int64) (found, err error) {
	last, err := s.LastSeq(ctx, kind)
	if err != nil || mark < last { // the next start reads the rest
		return nil, err
	}
	if mark > last {
		return match.Corruptf("has the words of %d writes, of which there are %d", mark, last), nil
	}
	tenants, err := s.Tenants(ctx)
	want := 0
	for _, tenant := range tenants {
		n, failed := s.Count(ctx, tenant, kind)
		if failed != nil {
			return nil, failed
		}
		want += n
	}
	if err != nil || have == want {
		return nil, err
	}
	return match.Corruptf("has the words of %d records, of which there are %d", have, want), nil
}
