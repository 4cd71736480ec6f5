package sqlite

import (
	"crypto/sha256"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var update = flag.Bool("update", false, "write the dumps of schema versions that have none")

// A dump of a database of each schema version is kept in testdata. It is written
// once, while that version is the newest, and never again: it is what the folders
// of users look like.
func dumpName(version int) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%d.sql", version))
}

// filling gives each version the rows that its tables can have.
func filling() []string {
	battery, changed, demand := `{"number":"CN1","title":"电池"}`, `{"number":"CN1","title":"新电池"}`, `{"id":"D1","title":"需要电池"}`
	hash := func(body string) string { return fmt.Sprintf("x'%x'", sha256.Sum256([]byte("public\x00"+body))) }
	return []string{
		fmt.Sprintf(`INSERT INTO record VALUES (1, 'default', 'patent', 'CN1', 3, 2, 0, %s, 1000000), (2, 'default', 'demand', 'D1', 4, 2, 1, %s, 2000000);
			INSERT INTO revision (seq, rid, number, updated_at, visibility, withdrawn, body) VALUES (1, 1, 1, 1000000, 'public', 0, '%s'), (2, 2, 1, 2000000, 'public', 0, '%s'), (3, 1, 2, 3000000, 'public', 0, '%s'), (4, 2, 2, 4000000, 'public', 1, '%s');
			INSERT INTO tally VALUES ('default', 'patent', 1), ('default', 'demand', 0)`, hash(changed), hash(demand), battery, demand, changed, demand),
		`INSERT INTO idempotency VALUES ('default', 'key', 1000000, x'00', '[]')`,
		`INSERT INTO label (tenant, demand, patent, rater, source, level, at, reason, demand_revision, patent_revision) VALUES ('default', 'D1', 'CN1', 'a', 'expert', 4, 5000000, '合适', 1, 2)`,
		`INSERT INTO watermark VALUES ('vectors/patents/m', 3);
			INSERT INTO failure VALUES ('default', 'patent', 'CN1', 'vectors/patents/m', 3, 'accepted', 'down', 2, 6000000)`,
		``, // indexes alone
		`INSERT INTO label VALUES ('default', 'D1', 'CN1', 'events', 'event', 3, 5000000, '', 0, 0, 0.5, 0.25);
			INSERT INTO answer (number, tenant, request, at, body) VALUES (7, 'default', 'r1', 7000000, x'AB562A4A2D2C4D2D2E89CF4C51B2522A3254D2512A49CD4BCC2B01F25252D3124B734A946A01');
			INSERT INTO event VALUES (1, 'default', 'e1', 'r1', 'D1', 'CN1', 1, 'demand', 'contact', '', 4, '好', 8000000, 'shown');
			INSERT INTO rating VALUES ('default', 'D1', 'CN1', 'demand', 4, 8000000, 1);
			INSERT INTO rated VALUES ('default', 'patent', 'CN1', 4, 1)`,
		`INSERT INTO model VALUES ('tuned/a/1', 9000000, 3, x'039058C6F2C0CB492C533B0A4D14EF77CC0F78ABCCCED5287D84A1A2011CFB81', '{}');
			INSERT INTO model_part VALUES ('tuned/a/1', 0, x'010203');
			INSERT INTO setting_change VALUES (1, 'alias/national', 'tuned/a/1', '', 'promote', '李四', '好', '', 9000000);
			INSERT INTO setting VALUES ('alias/national', 'tuned/a/1', 1);
			INSERT INTO dataset VALUES ('d', 9000000, x'039058C6F2C0CB492C533B0A4D14EF77CC0F78ABCCCED5287D84A1A2011CFB81', '{}', x'010203');
			INSERT INTO operation VALUES ('o', 'p', 1, 9000000, 9000000, x'');
			INSERT INTO shadow VALUES (1, 'p', 'r1', 9000000, '{}')`,
		fmt.Sprintf(`UPDATE revision SET body = '', packed = x'%x' WHERE seq = 3`, packed(changed)),
	}
}

func versions(t *testing.T) int {
	t.Helper()
	names, err := filepath.Glob("migration/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestEveryOlderSchemaIsBroughtForwardWithAllThatIsInIt(t *testing.T) {
	fresh := t.TempDir()
	mustClose(t, open(t, fresh))
	want := schemaOf(t, fresh)
	for version := 1; version <= versions(t); version++ {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			dir := t.TempDir()
			load(t, dir, version)
			s := open(t, dir)
			if d := cmp.Diff(want, schemaOf(t, dir)); d != "" {
				t.Errorf("the schema is not that of a new file (-new +old):\n%s", d)
			}
			wantFilling(t, s, version)
			put(t, s, patent("CN2", "隔膜"))
			put(t, s, patent("CN1", "更新的电池"))
			if got := get(t, s, "CN1"); got.Revision != 3 || got.Seq != 6 {
				t.Errorf("the next revision is %+v", got)
			}
			if err := s.Check(t.Context(), func(d Damage) { t.Errorf("damage: %+v", d) }); err != nil {
				t.Error(err)
			}
			mustClose(t, s)
		})
	}
}

// load makes a database of an older version from its dump.
func load(t *testing.T, dir string, version int) {
	t.Helper()
	dump, err := os.ReadFile(dumpName(version))
	if os.IsNotExist(err) && *update && version == versions(t) {
		dump, err = writeDump(t, version), nil
	}
	if err != nil {
		t.Fatalf("no dump of this version: run the test with -update before adding another migration: %v", err)
	}
	db, err := connect(filepath.Join(dir, FileName), 1, writerSettings)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(string(dump)); err != nil {
		t.Fatal(err)
	}
}

func writeDump(t *testing.T, version int) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := migrated(t, dir, steps(t, version), strings.Join(filling()[:version], ";\n")); err != nil {
		t.Fatal(err)
	}
	dump := fmt.Sprintf("%s\nPRAGMA user_version = %d;\n", strings.Join(append(schemaOf(t, dir), rowsOf(t, dir)...), "\n"), version)
	if err := os.WriteFile(dumpName(version), []byte(dump), 0o644); err != nil {
		t.Fatal(err)
	}
	return []byte(dump)
}

func schemaOf(t *testing.T, dir string) (out []string) {
	t.Helper()
	db, err := connect(filepath.Join(dir, FileName), 1, readOnlySettings)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = eachRow(t.Context(), db, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name`, func(rows *sql.Rows) error {
		var s string
		err := rows.Scan(&s)
		out = append(out, s+";")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// rowsOf gives every row as an INSERT.
func rowsOf(t *testing.T, dir string) (out []string) {
	t.Helper()
	db, err := connect(filepath.Join(dir, FileName), 1, readOnlySettings)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables := map[string]string{}
	var order []string
	err = eachRow(t.Context(), db, `SELECT m.name, group_concat('quote(' || p.name || ')', '||'', ''||' ORDER BY p.cid)
		FROM sqlite_schema AS m, pragma_table_info(m.name) AS p WHERE m.type = 'table' GROUP BY m.name
		ORDER BY m.name = 'revision', m.name`, func(rows *sql.Rows) error { // what is referred to comes first
		var name, columns string
		err := rows.Scan(&name, &columns)
		tables[name], order = columns, append(order, name)
		return err
	})
	for _, name := range order {
		if err == nil {
			err = eachRow(t.Context(), db, "SELECT "+tables[name]+" FROM "+name, func(rows *sql.Rows) error {
				var values string
				err := rows.Scan(&values)
				out = append(out, fmt.Sprintf("INSERT INTO %s VALUES (%s);", name, values))
				return err
			})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wantFilling checks what filling put in, as far as the version went.
func wantFilling(t *testing.T, s *Store, version int) {
	t.Helper()
	ctx := t.Context()
	if r := get(t, s, "CN1"); r.Patent.Title != "新电池" || r.Revision != 2 || r.Seq != 3 || r.UpdatedAt.Unix() != 3 {
		t.Errorf("the patent is %+v", r)
	}
	if old, err := s.Revision(ctx, patent("CN1", "").Ref, 1); err != nil || old.Patent.Title != "电池" {
		t.Errorf("its first revision is %+v, %v", old, err)
	}
	list, err := s.List(ctx, store.ListQuery{Tenant: match.DefaultTenant, Kind: match.DemandKind, Limit: 10, Withdrawn: true})
	if err != nil || len(list) != 1 || !list[0].Withdrawn {
		t.Errorf("the demands are %+v, %v", list, err)
	}
	if n, err := s.Count(ctx, match.DefaultTenant, match.PatentKind); n != 1 || err != nil {
		t.Errorf("%d patents, %v", n, err)
	}
	labels, err := s.ListLabels(ctx, store.LabelQuery{Tenant: match.DefaultTenant, Limit: 10})
	if want := version >= 3; err != nil || (len(labels) >= 1 && labels[0].Reason == "合适") != want {
		t.Errorf("the labels are %+v, %v", labels, err)
	}
	seq, err := s.Watermark(ctx, "vectors/patents/m")
	if want := version >= 4; err != nil || (seq == 3) != want {
		t.Errorf("the watermark is %d, %v", seq, err)
	}
	if want := version >= 6; (len(labels) == 2 && labels[1].Relevance == 0.5 && labels[1].Weight == 0.25) != want {
		t.Errorf("the labels are %+v", labels)
	}
	answers, err := s.Answers(ctx, match.DefaultTenant, []string{"r1"})
	if want := version >= 6; err != nil || (answers[0] != nil && answers[0].RequestID == "r1") != want {
		t.Errorf("the answers are %+v, %v", answers, err)
	}
	events, err := s.ListEvents(ctx, store.EventQuery{Tenant: match.DefaultTenant, Limit: 10})
	if want := version >= 6; err != nil || (len(events) == 1 && events[0].Note == "好") != want {
		t.Errorf("the events are %+v, %v", events, err)
	}
	ratings, err := s.Ratings(ctx, []match.Ref{patent("CN1", "").Ref})
	if want := version >= 6; err != nil || (ratings[0] != nil && *ratings[0] == match.Rating{Mean: 4, Count: 1}) != want {
		t.Errorf("the ratings are %+v, %v", ratings, err)
	}
	settings, _, err := s.Settings(ctx)
	if want := version >= 7; err != nil || (len(settings) == 1 && settings[0].Value == "tuned/a/1") != want {
		t.Errorf("the settings are %+v, %v", settings, err)
	}
	if want := version >= 7; want {
		if file, err := s.ModelFile(ctx, "tuned/a/1"); err != nil || len(file) != 3 {
			t.Errorf("the model's file is %v, %v", file, err)
		}
	}
	failures, err := s.Failures(ctx, "", 10)
	if want := version >= 4; err != nil || (len(failures) == 1 && failures[0].Reason == "down") != want {
		t.Errorf("the failures are %+v, %v", failures, err)
	}
}
