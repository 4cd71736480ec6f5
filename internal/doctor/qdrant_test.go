package doctor_test

import (
	"context"
	"crypto/rand"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/doctor"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

func TestVectorsOfNothingOnAServerAreNamedAndRemoved(t *testing.T) {
	addr := qdranttest.Addr(t)
	prefix := "doctor-" + strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() { dropCollections(t, addr, prefix) })
	c := instance.Config{Data: t.TempDir(), Index: "qdrant://" + addr + "?prefix=" + prefix}
	in, err := instance.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	_, err = in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent(1)}, {Record: patent(2)}}})
	if err == nil {
		err = in.Catalog.Await(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	orphan(t, c, "default/CN999")

	look := func(o doctor.Options) *doctor.Report {
		t.Helper()
		report, err := doctor.Run(t.Context(), c, o)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	wantFinding(t, look(doctor.Options{}), doctor.OrphanVector, "patent CN999", false)
	wantFinding(t, look(doctor.Options{Repair: true}), doctor.OrphanVector, "patent CN999", true)
	if again := look(doctor.Options{}); !again.Sound || again.Vectors != 2 {
		t.Errorf("%+v", again)
	}
}

func orphan(t *testing.T, c instance.Config, key string) {
	t.Helper()
	e, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	ix, err := instance.OpenVectors(t.Context(), c, instance.VectorSpec(match.PatentKind, e))
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if err := ix.Upsert(t.Context(), []index.Point{point(key, 256)}); err != nil {
		t.Fatal(err)
	}
}

func dropCollections(t *testing.T, addr, prefix string) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	client, err := qdrant.NewClient(&qdrant.Config{Host: host, Port: number, SkipCompatibilityCheck: true})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	names, err := client.ListCollections(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			if err := client.DeleteCollection(context.Background(), name); err != nil {
				t.Error(err)
			}
		}
	}
}
