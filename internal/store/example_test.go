package store_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// A batch is written in one transaction. A refused item does not stop the others.
func Example() {
	dir, err := os.MkdirTemp("", "duijie")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	var s store.Store
	if s, err = sqlite.Open(ctx, dir, sqlite.Options{}); err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	battery := match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN112345678A", Title: "一种锂离子电池"})
	nameless := match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN112345679A"})
	outcomes, err := s.Put(ctx, store.Batch{
		Tenant: match.DefaultTenant,
		Items:  []store.Item{{Record: battery}, {Record: nameless}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range outcomes {
		fmt.Println(o.Ref, o.Change, o.Revision, o.Err)
	}

	records, err := s.Get(ctx, []match.Ref{battery.Ref, nameless.Ref})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(records[0].Patent.Title, records[1] == nil)
	// Output:
	// patent CN112345678A created 1 <nil>
	// patent CN112345679A refused 0 patent CN112345679A: title: is empty
	// 一种锂离子电池 true
}
