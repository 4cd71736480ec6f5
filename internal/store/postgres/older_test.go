package postgres

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
)

// filling gives each version the rows that its tables can have.
var filling = []string{
	`INSERT INTO record VALUES (1, 'default', 'patent', 'CN1', 1, 1, false, '\x00', 1000000);
		INSERT INTO revision VALUES (1, 1, 1, 1000000, 'public', false, '{"number":"CN1","title":"电池"}');
		INSERT INTO tally VALUES ('default', 'patent', 1);
		INSERT INTO label (tenant, demand, patent, rater, source, level, at, reason, demand_revision, patent_revision)
			VALUES ('default', 'D1', 'CN1', 'a', 'expert', 4, 5000000, '合适', 1, 2);
		INSERT INTO watermark VALUES ('vectors/patents/m', 3);
		UPDATE ledger SET seq = 1`,
	`INSERT INTO event VALUES (1, 'default', 'e1', 'r1', 'D1', 'CN1', 1, 'demand', 'contact', '', 4, '好', 8000000, 'shown');
		INSERT INTO rating VALUES ('default', 'D1', 'CN1', 'demand', 4, 8000000, 1);
		INSERT INTO rated VALUES ('default', 'patent', 'CN1', 4, 1)`,
	`INSERT INTO setting_change VALUES (1, 'alias/national', 'tuned/a/1', '', 'promote', '李四', '好', '', 9000000);
		INSERT INTO setting VALUES ('alias/national', 'tuned/a/1', 1)`,
}

func TestEveryOlderSchemaIsBroughtForwardWithAllThatIsInIt(t *testing.T) {
	fresh := postgrestest.URL(t)
	mustClose(t, open(t, fresh))
	want := schemaOf(t, fresh)
	if len(filling) != newestSchema {
		t.Fatalf("there are rows for %d versions of %d", len(filling), newestSchema)
	}
	for version := 1; version <= newestSchema; version++ {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			url := postgrestest.URL(t)
			older(t, url, version)
			s := open(t, url)
			defer mustClose(t, s)
			if d := cmp.Diff(want, schemaOf(t, url)); d != "" {
				t.Errorf("the schema is not that of a new database (-new +old):\n%s", d)
			}
			wantFilling(t, s, version)
			if o := put(t, s, patent("CN1", "新电池")); o[0].Revision != 2 || o[0].Seq != 2 {
				t.Errorf("the next revision is %+v", o[0])
			}
		})
	}
}

// older makes a database of an older version, with rows.
func older(t *testing.T, url string, version int) {
	t.Helper()
	names, err := stepsOf(migrations)
	if err != nil {
		t.Fatal(err)
	}
	first := fstest.MapFS{}
	for _, name := range names[:version] {
		script, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		first[name] = &fstest.MapFile{Data: script}
	}
	c := connect(t, url)
	defer c.Close(context.Background())
	if err := migrate(t.Context(), c, first); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PgConn().Exec(t.Context(), strings.Join(filling[:version], ";\n")).ReadAll(); err != nil {
		t.Fatal(err)
	}
}

// schemaOf describes every column and index.
func schemaOf(t *testing.T, url string) []string {
	t.Helper()
	c := connect(t, url)
	defer c.Close(context.Background())
	rows, err := c.Query(t.Context(), `
		SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(collation_name, '')
			FROM information_schema.columns WHERE table_schema = current_schema()
		UNION ALL SELECT regexp_replace(indexdef, current_schema() || '\.', '') FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantFilling(t *testing.T, s *Store, version int) {
	t.Helper()
	ctx := t.Context()
	got, err := s.Get(ctx, []match.Ref{patent("CN1", "").Ref})
	if err != nil || got[0] == nil || got[0].Patent.Title != "电池" {
		t.Errorf("the patent is %+v, %v", got[0], err)
	}
	labels, err := s.ListLabels(ctx, store.LabelQuery{Tenant: match.DefaultTenant, Limit: 10})
	if err != nil || len(labels) != 1 || labels[0].Reason != "合适" || labels[0].Weight != 0 {
		t.Errorf("the labels are %+v, %v", labels, err)
	}
	if seq, err := s.Watermark(ctx, "vectors/patents/m"); err != nil || seq != 3 {
		t.Errorf("the watermark is %d, %v", seq, err)
	}
	events, err := s.ListEvents(ctx, store.EventQuery{Tenant: match.DefaultTenant, Limit: 10})
	if want := version >= 2; err != nil || (len(events) == 1 && events[0].Note == "好") != want {
		t.Errorf("the events are %+v, %v", events, err)
	}
	settings, _, err := s.Settings(ctx)
	if want := version >= 3; err != nil || (len(settings) == 1 && settings[0].Value == "tuned/a/1") != want {
		t.Errorf("the settings are %+v, %v", settings, err)
	}
	ratings, err := s.Ratings(ctx, []match.Ref{patent("CN1", "").Ref})
	if want := version >= 2; err != nil || (ratings[0] != nil && *ratings[0] == match.Rating{Mean: 4, Count: 1}) != want {
		t.Errorf("the ratings are %+v, %v", ratings, err)
	}
}
