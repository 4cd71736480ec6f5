package catalog

import (
	"context"

	"github.com/duijie/duijie/internal/lexical"
)

const (
	// keepEvery is the number of changes after which words are flushed when no more come;
	// fewer are read again from the store if the program is killed.
	keepEvery = 512
	// keepBusy is the number while changes keep coming: to read them again takes a
	// second, and files that are as large as the index on disk makes them need not be
	// merged soon.
	keepBusy = 32_000
	// keepMost is the number at which a flush that is under way is waited for.
	keepMost = 4 * keepBusy
)

// keeping is a flush of words that is under way.
type keeping struct {
	mark int64
	done chan error // takes one
}

// applyWords brings the words up to date. Changes that they have are left out, unless
// all are to be made again.
func (f *follower) applyWords(ctx context.Context, changes []change, again bool) error {
	if f.words == nil { // another catalog has them
		return nil
	}
	docs := make([]lexical.Doc, 0, len(changes))
	var gone []string
	for _, r := range changes {
		switch {
		case r.Seq <= f.worded && !again:
		case r.Withdrawn:
			gone = append(gone, r.Key())
		default:
			docs = append(docs, lexical.Doc{Key: r.Key(), Text: r.Texts().Full(), Payload: r.payload})
		}
	}
	if len(gone) > 0 {
		if err := f.words.Delete(ctx, gone); err != nil {
			return err
		}
	}
	if len(docs) > 0 {
		if err := f.words.Upsert(ctx, docs); err != nil {
			return err
		}
	}
	f.worded = max(f.worded, changes[len(changes)-1].Seq)
	return nil
}

// keepWords flushes the words if at least the given number of changes is not on disk,
// which is so after a flush in the background that failed. None is under way after it.
func (f *follower) keepWords(ctx context.Context, least int64) error {
	if f.words == nil {
		return nil
	}
	if err := f.kept(); err != nil {
		f.log.Warn("a flush of words failed and is tried again", "error", err)
	}
	if f.worded-f.wordsKept < least {
		return nil
	}
	if err := f.words.Flush(ctx, f.worded); err != nil {
		return err
	}
	f.wordsKept = f.worded
	return nil
}

// keepBehind flushes the words in the background, while other changes are followed, if
// keepBusy changes are not on disk. Its error is that of a flush before.
func (f *follower) keepBehind(ctx context.Context) error {
	if f.words == nil || f.shared != nil {
		return nil
	}
	if k := f.keeping; k != nil && len(k.done) == 0 && f.worded-f.wordsKept < keepMost {
		return nil
	}
	if err := f.kept(); err != nil || f.worded-f.wordsKept < keepBusy {
		return err
	}
	k := &keeping{f.worded, make(chan error, 1)}
	go func() { k.done <- f.words.Flush(context.WithoutCancel(ctx), k.mark) }()
	f.keeping = k
	return nil
}

// kept waits for the flush that is under way, and tells how it ended.
func (f *follower) kept() error {
	k := f.keeping
	if k == nil {
		return nil
	}
	f.keeping = nil
	err := <-k.done
	if err == nil {
		f.wordsKept = k.mark
	}
	return err
}

// recall starts from the words that survived, whose mark says how many changes they
// have. Where that is more than there are, they are those of another store.
func (f *follower) recall(last int64) {
	if f.words == nil {
		f.worded, f.wordsKept = last, last
		return
	}
	mark := f.words.Mark()
	if mark > last {
		f.log.Warn("the words are ahead of the writes; all will be read again", "mark", mark, "last", last)
		mark = 0
	}
	f.worded, f.wordsKept = mark, mark
}

// readWords reads the words of all changes, since their number is not that of the
// records.
func (f *follower) readWords(ctx context.Context, total int) error {
	n, err := f.words.Count(ctx)
	if err != nil || n == total {
		return err
	}
	f.log.Warn("words are missing or too many; all are read again", "have", n, "expected", total)
	for at := int64(0); ; {
		changes, err := f.pages.next(ctx, at)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			break
		}
		if err := f.applyWords(ctx, changes, true); err != nil {
			return err
		}
		at = changes[len(changes)-1].Seq
	}
	if n, err = f.words.Count(ctx); err == nil && n != total {
		f.log.Error("there are words of records that are not stored; duijie doctor --repair makes all words again", "have", n, "expected", total)
	}
	return err
}

// total counts the records of all tenants that are not withdrawn; ok is false where
// another process wrote meanwhile, or wrote what is not read yet.
func (f *follower) total(ctx context.Context, read int64) (n int, ok bool, err error) {
	before, err := f.store.LastSeq(ctx, f.kind)
	if err != nil {
		return 0, false, err
	}
	tenants, err := f.store.Tenants(ctx)
	if err != nil {
		return 0, false, err
	}
	for _, tenant := range tenants {
		some, err := f.store.Count(ctx, tenant, f.kind)
		if err != nil {
			return 0, false, err
		}
		n += some
	}
	after, err := f.store.LastSeq(ctx, f.kind)
	return n, before == after && after <= read, err
}
