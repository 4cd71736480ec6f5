package server

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/api/openapi"
)

// handler answers HTTP: the API through the gateway, its description, and an index.
// What a browser sends on behalf of another site is refused.
func (s *Server) handler() (http.Handler, error) {
	api, err := s.gateway()
	if err != nil {
		return nil, err
	}
	index, err := json.Marshal(map[string]string{
		"name": "duijie", "version": s.config.Version, "openapi": "/openapi.json", "api": "/v1",
	})
	if err != nil {
		return nil, err
	}
	// http.ServeMux would redirect ids with encoded slashes.
	route := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			document(w, r, append(index, '\n'))
		case "/openapi.json":
			document(w, r, openapi.Document)
		default:
			api.ServeHTTP(w, r)
		}
	})
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeError(w, http.StatusForbidden, status.New(codes.PermissionDenied, "requests from other sites are refused"))
	}))
	return s.outermost(guard.Handler(limitBody(route))), nil
}

func (s *Server) gateway() (*runtime.ServeMux, error) {
	strictQueries()
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, newCodec()),
		// With the slashes left for last, %2F is part of an id.
		runtime.WithUnescapingMode(runtime.UnescapingModeAllExceptSlash),
		runtime.WithIncomingHeaderMatcher(only(idHeader, idKey)),
		runtime.WithOutgoingHeaderMatcher(only(idKey, idHeader)),
		runtime.WithOutgoingTrailerMatcher(only("", "")),
		runtime.WithMetadata(func(context.Context, *http.Request) metadata.MD { return metadata.Pairs(viaKey, "http") }),
		runtime.WithErrorHandler(callError),
		runtime.WithRoutingErrorHandler(routingError),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithWriteContentLength(),
	)
	for _, register := range []func(context.Context, *runtime.ServeMux, *grpc.ClientConn) error{
		pb.RegisterPatentServiceHandler, pb.RegisterDemandServiceHandler, pb.RegisterMatchServiceHandler,
		pb.RegisterLabelServiceHandler, pb.RegisterModelServiceHandler, pb.RegisterCatalogServiceHandler,
		pb.RegisterOperationServiceHandler, pb.RegisterEventServiceHandler, pb.RegisterPilotServiceHandler, pb.RegisterReplayServiceHandler,
	} {
		if err := register(context.Background(), mux, s.conn); err != nil {
			return nil, err
		}
	}
	// These come before what was registered for the same paths above, which takes a
	// line that it cannot read for the end of the stream.
	for _, p := range importPaths {
		if err := mux.HandlePath(http.MethodPost, p.path, s.importHandler(mux, p)); err != nil {
			return nil, err
		}
	}
	return mux, nil
}

// only lets one header pass, under another name.
func only(name, as string) runtime.HeaderMatcherFunc {
	return func(key string) (string, bool) { return as, name != "" && key == name }
}

// document sends JSON that does not depend on the request.
func document(w http.ResponseWriter, r *http.Request, text []byte) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		notAllowed(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(text)
}
