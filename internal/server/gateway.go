package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/api/openapi"
	"github.com/duijie/duijie/internal/match"
)

// handler answers HTTP: the API through the gateway, its description, an index, and the
// console.
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
		switch path := r.URL.Path; {
		case path == "/":
			s.index(w, r, append(index, '\n'))
		case path == "/openapi.json":
			document(w, r, openapi.Document)
		case s.config.Console != nil && (path == "/console" || strings.HasPrefix(path, "/console/")):
			s.config.Console.ServeHTTP(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeError(w, http.StatusForbidden, codes.PermissionDenied, match.LocalText{EN: "requests from other sites are refused", ZH: "拒绝来自其他网站的请求"})
	}))
	return s.outermost(guard.Handler(limitBody(route))), nil
}

// index tells programs what there is, and leads browsers to the console.
func (s *Server) index(w http.ResponseWriter, r *http.Request, text []byte) {
	w.Header().Set("Vary", "Accept")
	if s.config.Console != nil && r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Redirect(w, r, "/console/", http.StatusFound)
		return
	}
	document(w, r, text)
}

func (s *Server) gateway() (*runtime.ServeMux, error) {
	strictQueries()
	var mux *runtime.ServeMux
	mux = runtime.NewServeMux(
		runtime.WithMiddlewares(spellPath(&mux)),
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
