package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// importPath is an import over HTTP: lines of JSON in both directions.
type importPath struct {
	path, method      string
	request, response proto.Message // empty ones
}

var importPaths = []importPath{
	{"/v1/patents:import", pb.PatentService_ImportPatents_FullMethodName, &pb.ImportPatentsRequest{}, &pb.ImportPatentsResponse{}},
	{"/v1/demands:import", pb.DemandService_ImportDemands_FullMethodName, &pb.ImportDemandsRequest{}, &pb.ImportDemandsResponse{}},
}

func isImport(r *http.Request) bool {
	return slices.ContainsFunc(importPaths, func(p importPath) bool { return p.path == r.URL.Path })
}

// importHandler reads and writes at the same time. A line that cannot be read ends the
// stream after those before it have been acknowledged.
func (s *Server) importHandler(mux *runtime.ServeMux, p importPath) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
		_, m := runtime.MarshalerForRequest(mux, r)
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		ctx, err := runtime.AnnotateContext(ctx, mux, r, p.method, runtime.WithHTTPPathPattern(p.path))
		if err != nil {
			runtime.HTTPError(ctx, mux, m, w, r, err)
			return
		}
		out, err := s.duplex(w)
		if err != nil {
			runtime.HTTPError(ctx, mux, m, w, r, err)
			return
		}
		stream, err := s.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, p.method)
		if err != nil {
			runtime.HTTPError(ctx, mux, m, out, r, err)
			return
		}
		sent := p.send(stream, newLines(r.Body))
		header, err := stream.Header()
		if err == nil {
			ctx = runtime.NewServerMetadataContext(ctx, runtime.ServerMetadata{HeaderMD: header})
			runtime.ForwardResponseStream(ctx, mux, m, out, r, p.receiver(stream, sent))
		} else {
			runtime.HTTPError(ctx, mux, m, out, r, err)
		}
		cancel()
		out.finish(m)
		out.stopReading(sent)
	}
}

// send passes lines on until the body or the stream ends. What it returns gives the
// error of a body that has no proper end, and is closed when nobody reads any more.
func (p importPath) send(stream grpc.ClientStream, in *lines) <-chan error {
	out := make(chan error, 1)
	go func() {
		defer close(out)
		for {
			m := p.request.ProtoReflect().New().Interface()
			err := in.next(m)
			if err == nil {
				err = stream.SendMsg(m)
			} else if !errors.Is(err, io.EOF) {
				out <- err
			}
			if err != nil { // where it is of SendMsg, the stream itself tells why
				break
			}
		}
		_ = stream.CloseSend()
		in.discard()
	}()
	return out
}

// receiver gives the acknowledgements, and in the end what was wrong with the body.
func (p importPath) receiver(stream grpc.ClientStream, sent <-chan error) func() (proto.Message, error) {
	return func() (proto.Message, error) {
		m := p.response.ProtoReflect().New().Interface()
		err := stream.RecvMsg(m)
		if !errors.Is(err, io.EOF) {
			return m, err
		}
		if err := <-sent; err != nil {
			return nil, detailed(status.Error(codes.InvalidArgument, err.Error()))
		}
		return nil, io.EOF
	}
}

// duplexWriter writes while the body is read. Each write has the time that an
// acknowledgement has; reading has none, as the call ends when no message comes.
type duplexWriter struct {
	http.ResponseWriter
	rc      *http.ResponseController
	timeout time.Duration
	wrote   bool
}

func (s *Server) duplex(w http.ResponseWriter) (*duplexWriter, error) {
	out := &duplexWriter{ResponseWriter: w, rc: http.NewResponseController(w), timeout: s.config.StreamTimeout}
	if err := errors.Join(out.rc.EnableFullDuplex(), out.rc.SetReadDeadline(time.Time{})); err != nil {
		return nil, fmt.Errorf("reading and writing at the same time: %w", err)
	}
	// What is left of a body must not be taken for the next request.
	w.Header().Set("Connection", "close")
	return out, nil
}

func (d *duplexWriter) WriteHeader(code int) {
	d.wrote = true
	d.ResponseWriter.WriteHeader(code)
}

func (d *duplexWriter) Write(b []byte) (int, error) {
	d.wrote = true
	if err := d.rc.SetWriteDeadline(time.Now().Add(d.timeout)); err != nil {
		return 0, err
	}
	return d.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (d *duplexWriter) Unwrap() http.ResponseWriter { return d.ResponseWriter }

// finish answers a stream without messages, and sends what is left of the others.
func (d *duplexWriter) finish(m runtime.Marshaler) {
	if !d.wrote {
		d.Header().Set("Content-Type", m.ContentType(nil))
		d.WriteHeader(http.StatusOK)
	}
	_ = d.rc.SetWriteDeadline(time.Now().Add(d.timeout))
	_ = d.rc.Flush()
}

// stopReading lets go of a body that nobody wants the rest of, and waits for its
// reader: a handler must not return before it. For a moment the rest is still taken,
// as a client that is cut off while it sends may never see the answer.
func (d *duplexWriter) stopReading(sent <-chan error) {
	_ = d.rc.SetReadDeadline(time.Now().Add(bodyLinger))
	for range sent { //nolint:revive // until it is closed
	}
}

const bodyLinger = 500 * time.Millisecond
