package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// serverRecords keeps records with a running server, through its streaming import.
type serverRecords struct{ *remote }

func newServerRecords(base string) (*serverRecords, error) {
	r, err := newRemote(base)
	return &serverRecords{r}, err
}

// Limits of one message of a stream. The service takes 500 records and 64 MiB.
const (
	streamedRecords = 500
	streamedBytes   = 16 << 20
)

// imported is pb.ImportPatentsResponse or pb.ImportDemandsResponse.
type imported interface {
	proto.Message
	GetSequence() int64
	GetResults() []*pb.WriteResult
}

// write sends a batch as one stream. A batch is of one kind, as a file is.
func (s *serverRecords) write(ctx context.Context, b store.Batch) ([]store.Outcome, error) {
	if len(b.Items) == 0 {
		return nil, nil
	}
	kind := b.Items[0].Record.Kind
	body, err := streamOf(kind, b)
	if err != nil {
		return nil, err
	}
	var out []store.Outcome
	err = s.stream(ctx, "/v1/"+string(kind)+"s:import", body, func(result []byte) error {
		m := imported(&pb.ImportPatentsResponse{})
		if kind == match.DemandKind {
			m = &pb.ImportDemandsResponse{}
		}
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(result, m); err != nil {
			return s.foreign(err)
		}
		for _, r := range m.GetResults() {
			if len(out) == len(b.Items) {
				return s.foreign(nil)
			}
			out = append(out, outcomeOf(b.Items[len(out)].Record.Ref, r))
		}
		return nil
	})
	if err == nil && len(out) < len(b.Items) {
		err = s.foreign(nil)
	}
	return out, err
}

// outcomeOf reads a result, whose fields are named as in a file: title, not patent.title.
func outcomeOf(ref match.Ref, r *pb.WriteResult) store.Outcome {
	out := wire.FromWriteResult(ref, r)
	if out.Err != nil {
		out.Err = match.Renamed(out.Err, func(field string) string { return strings.TrimPrefix(field, string(ref.Kind)+".") })
	}
	return out
}

// streamOf writes a batch as the lines of an import.
func streamOf(kind match.Kind, b store.Batch) ([]byte, error) {
	var out bytes.Buffer
	for from, n := 0, int64(1); from < len(b.Items); n++ {
		m, taken := messageOf(kind, b.Tenant, n, b.Items[from:])
		line, err := protojson.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("the records at %v: %w", b.Items[from].Record.Ref, err)
		}
		out.Write(append(line, '\n'))
		from += taken
	}
	return out.Bytes(), nil
}

// messageOf makes a message of the first items, and tells how many it took.
func messageOf(kind match.Kind, tenant string, sequence int64, items []store.Item) (m proto.Message, taken int) {
	patents, demands := &pb.ImportPatentsRequest{Sequence: sequence, Tenant: tenant}, &pb.ImportDemandsRequest{Sequence: sequence, Tenant: tenant}
	for size := 0; taken < min(len(items), streamedRecords) && size < streamedBytes; taken++ {
		r := &items[taken].Record
		if kind == match.DemandKind {
			demands.Demands = append(demands.Demands, wire.ToDemand(r, "", ""))
			size += proto.Size(demands.Demands[taken])
			continue
		}
		patents.Patents = append(patents.Patents, wire.ToPatent(r, "", ""))
		size += proto.Size(patents.Patents[taken])
	}
	if kind == match.DemandKind {
		return demands, taken
	}
	return patents, taken
}

func (s *serverRecords) stored(ctx context.Context, refs []match.Ref) ([]*match.Record, error) {
	out := make([]*match.Record, len(refs))
	for i, ref := range refs {
		r, err := s.get(ctx, ref)
		var refused refusal
		if errors.As(err, &refused) && refused.code == http.StatusNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}

func (s *serverRecords) get(ctx context.Context, ref match.Ref) (*match.Record, error) {
	query, path := url.Values{"tenant": {ref.Tenant}}, "/v1/"+string(ref.Kind)+"s/"+url.PathEscape(ref.ID)
	if ref.Kind == match.DemandKind {
		var got pb.GetDemandResponse
		if err := s.call(ctx, "GET", path, query, nil, &got); err != nil {
			return nil, err
		}
		r, err := wire.FromDemand(got.GetDemand(), ref.Tenant)
		return &r, err
	}
	var got pb.GetPatentResponse
	if err := s.call(ctx, "GET", path, query, nil, &got); err != nil {
		return nil, err
	}
	r, err := wire.FromPatent(got.GetPatent(), ref.Tenant)
	return &r, err
}

// How often the server is asked how far it is, and how long it may stand still.
const (
	askEvery   = 200 * time.Millisecond
	standstill = 2 * time.Minute
)

// await asks until the server has followed all writes, those of others included.
func (s *serverRecords) await(ctx context.Context) error {
	last, since := int64(-1), time.Now()
	for {
		pending, err := s.pending(ctx)
		if err != nil || pending == 0 {
			return err
		}
		if last < 0 || pending < last {
			last, since = pending, time.Now()
		}
		if time.Since(since) > standstill {
			return (&match.Error{Kind: match.Unavailable, Record: s.base.String()}).Because("everything is written, but %d writes have not become searchable for %v", pending, standstill)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(askEvery):
		}
	}
}

func (s *serverRecords) pending(ctx context.Context) (n int64, err error) {
	var got pb.GetCatalogResponse
	if err := s.call(ctx, "GET", "/v1/catalog", nil, nil, &got); err != nil {
		return 0, err
	}
	for _, c := range got.GetCounts() {
		n += c.GetPending()
	}
	return n, nil
}
